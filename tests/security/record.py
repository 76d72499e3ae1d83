"""The record that the tests of this folder come to: our case, a foreign one, a certificate, a letter; made once."""

from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from casework import policy_rulings
from casework.api_tokens import end_api_token, new_api_token
from casework.applications import attach, begin, save
from casework.calls import by_code
from casework.certificates import of_case
from casework.decisions import decide
from casework.demonstration import CALL, HOME, INSTITUTIONS
from casework.organisations import PROVINCE
from casework.policies import NewValue, propose_value
from casework.publication.announcements import NewAnnouncement, announce
from casework.publication.plaques import enter, record_made
from casework.recommending.scans import attach_scan
from casework.revocations import confirm, propose
from casework.visits.photos import add_photo
from core import catcher
from core.clock import now, today
from core.db import reading, transaction
from core.files import keep
from core.settings import settings
from models.application import Application, Document
from models.case import Assignment, Case, StageRound
from models.judgement import Decision
from models.message import Message, MessageState
from models.objection import Objection, ObjectionFile, ObjectorKind
from models.organisation import Organisation
from models.person import User
from models.publicity import Publicity, PublicityItem
from models.tables import METADATA
from regulation.form.definition import ATTACHMENTS, FORM
from regulation.form.example import example
from regulation.outcomes import Outcome
from regulation.provenance import Source
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.photos import a_photo
from tests.security.principals import CLOSED, EMAILS, NEIGHBOUR_BUREAU, Who, enter_the_others
from tests.stories.scoring import asks
from tests.stories.telling import Story, conclusion

COMES_AND_GOES = frozenset({"sign_ins", "api_tokens", "idempotency_keys", "counters"})
KIND = ATTACHMENTS[0].key
OBJECTOR_PHONE, OBJECTOR_EMAIL = "13800004321", "yiyiren@example.com"
LETTER = b"From: jidi@example.com\r\nTo: shenbao@example.com\r\nSubject: x\r\nMessage-ID: <1@example.com>\r\n\r\nx\r\n"


@dataclass
class Record:
    """What addresses and bodies may name."""

    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def named(self, case: str, at: str) -> dict[str, str]:
        """Return what every `{name}` stands for."""
        chosen = self.ids[case]
        person = self.names.get(f"{at} person") or self.names["expert"]
        number = self.names["certificate"] if at == "certificate" else "1"
        return self.names | chosen | {
            "number": number, "assignment_id": chosen.get(at, ""), "person_id": person, "user_id": person,
            "sha256": self.names["photo"] if at == "photo" else chosen["sha256"],
            "letter_id": self.names["caught"] if at == "caught" else self.names["message_id"],
        }  # fmt: skip


def filled(pattern: Any, names: dict[str, str]) -> Any:
    """Return a text, or what holds texts, with every `{name}` filled in."""
    if isinstance(pattern, str):
        for name, value in names.items():
            pattern = pattern.replace(f"{{{name}}}", value)
        return pattern
    if isinstance(pattern, list):
        return [filled(one, names) for one in pattern]
    if isinstance(pattern, dict):
        return {filled(key, names): filled(value, names) for key, value in pattern.items()}
    return pattern


def fingerprint() -> str:
    """Return a word for every row of every table, but for sign-ins and tokens, which come and go."""
    tables = [table.name for table in METADATA.sorted_tables if table.name not in COMES_AND_GOES]
    rows = " UNION ALL ".join(f"SELECT {name}::text AS row FROM {name}" for name in tables)  # noqa: S608 - our own
    whole = f"SELECT md5(string_agg(row, '|' ORDER BY row)) FROM ({rows}) AS all_rows"  # noqa: S608 - our own
    with reading() as session:
        return str(session.execute(text(whole)).scalar())


def prepare() -> Record:
    """Tell what has happened: ours waits for the last decision, the foreign one for its panel, a third has ended."""
    with transaction() as session:
        enter_the_others(session)
    ours = Story(begun(cast.APPLICANT, HOME, pages=1))
    ours.submits()
    brings_scan(ours, cast.RECOMMENDER, pages=1)
    question = partial(asks, ours, cast.EXPERTS[0], "请说明。")
    told = (ours.recommends, ours.assembles_panel, question, ours.review, ours.concludes,
            ours.assembles_team)  # fmt: skip
    for act in told:
        act()
    photo = photographed(ours)
    ours.inspect()
    foreign = foreign_case()
    record = Record({"own": of(ours), "foreign": of(foreign)})
    record.names = (
        photo | objected(ours) | certified() | people() | oddments() | {"our_reference": record.ids["own"]["reference"]}
    )
    return record


def begun(email: str, bureau: str, pages: int) -> UUID:
    """Fill in a complete application; its papers have so many pages, so that no two cases have the same files."""
    with transaction() as session:
        applicant = cast.person(email, session)
        application = begin(session, by_code(session, CALL), organisation(session, bureau).id, by=applicant)
        credit_code = str(application.content["credit_code"])
        save(session, application.id, example(applicant.organisation_name, credit_code=credit_code), None, by=applicant)
        for asked in ATTACHMENTS:
            attach(session, application.id, asked.key, (f"{asked.key}.pdf", a_pdf(pages)), by=applicant)
        return application.id


def foreign_case() -> Story:
    """Tell the case of another institution, which another area has recommended."""
    story = Story(begun(cast.OTHER_APPLICANT, NEIGHBOUR_BUREAU, pages=2), applicant=cast.OTHER_APPLICANT)
    story.submits()
    with transaction() as session:
        person = cast.person(EMAILS[Who.OTHER_RECOMMENDER], session)
        duty = session.exec(select(Assignment).where(Assignment.case_id == story.case_id)).one()
        attach_scan(session, duty.id, ("scan.pdf", a_pdf(2)), by=person)
        decide(session, duty.id, conclusion(Outcome.APPROVED), by=person)
    story.turn()
    return story


def brings_scan(story: Story, email: str, pages: int) -> None:
    """Attach the signed recommendation to the open duty; its bytes are those of the case's papers."""
    with transaction() as session:
        duty, clerk = story.duty(Duty.RECOMMEND).id, cast.person(email, session)
        attach_scan(session, duty, ("scan.pdf", a_pdf(pages)), by=clerk)


def photographed(story: Story) -> dict[str, str]:
    """Leave a photo of the visit."""
    with transaction() as session:
        inspector = cast.person(EMAILS[Who.INSPECTOR], session)
        duty = story.duty(Duty.INSPECT, EMAILS[Who.INSPECTOR]).id
        return {"photo": add_photo(session, duty, "", ("x.jpg", a_photo()), by=inspector).sha256}


def certified() -> dict[str, str]:
    """Tell a case to its end; its certificate is revoked afterwards."""
    email = INSTITUTIONS[2][3]
    story = Story(begun(email, HOME, pages=3), applicant=email)
    story.submits()
    story.goes_on_to_publication()
    with transaction() as session:
        certificate = of_case(session, story.case_id)  # type: ignore[arg-type]  # it was submitted
        assert certificate
        office, decider = (cast.person(email, session) for email in (cast.OFFICE, cast.DECIDER))
        new = NewAnnouncement("鄂人社函〔2026〕1号", "示例公布文件", today(), [certificate.number])
        call = by_code(session, CALL)
        announced = announce(session, call, new, by=office)
        plaque = enter(session, certificate.number, by=office)
        session.flush()
        record_made(session, plaque.id, today(), by=office)
        proposal = propose(session, certificate.number, "《行政许可法》第六十九条", "申报材料不实", by=office)
        confirm(session, proposal.id, by=decider)
        return {
            "certificate": certificate.number, "token": certificate.token, "number_or_token": certificate.number,
            "revocation_id": str(proposal.id), "announcement_id": str(announced.id), "plaque_id": str(plaque.id),
        }  # fmt: skip


def objected(story: Story) -> dict[str, str]:
    """Leave a list whose days are over, with an objection to our case that was taken up and answered."""
    with transaction() as session:
        case = session.get_one(Case, story.case_id)
        at = session.exec(select(StageRound).where(StageRound.case_id == case.id, StageRound.stage == case.stage)).one()
        office, applicant = (cast.person(email, session) for email in (cast.OFFICE, cast.APPLICANT))
        call_id = session.get_one(Application, case.application_id).call_id
        past = date(2026, 1, 5)
        public = Publicity(
            call_id=call_id, title="示例公示", first_on=past, last_on=past, days=1, published_by=office.id
        )  # fmt: skip
        session.add(public)
        session.flush()
        item = PublicityItem(publicity_id=public.id, case_id=case.id, stage_round_id=at.id)
        session.add(item)
        session.flush()
        objection = Objection(
            number="异议〔2026〕0001号", token="x" * 32, publicity_item_id=item.id, case_id=case.id,
            kind=ObjectorKind.PERSON, name="示例异议人", phone=OBJECTOR_PHONE,
            email=OBJECTOR_EMAIL, facts="事实", grounds="理由", due_on=past,
            accepted=True, examined_at=now(), examined_by=office.id, gist="要点", statement="说明", stated_at=now(),
            stated_by=applicant.id,
        )  # fmt: skip
        session.add(objection)
        session.flush()
        data = a_pdf(4)
        file = ObjectionFile(
            objection_id=objection.id, filename="x.pdf", media_type="application/pdf", size=len(data), sha256=keep(data)
        )
        session.add(file)
        session.flush()
        return {
            "publicity_id": str(public.id), "item_id": str(item.id), "objection_id": str(objection.id),
            "file_id": str(file.id), "link": objection.token,
        }  # fmt: skip


def of(story: Story) -> dict[str, str]:
    """Return what addresses of one case name: its duties by kind, an expert's and an inspector's being our own's."""
    with reading() as session:
        case = session.get_one(Case, story.case_id)
        ours = {cast.person(EMAILS[who], session).id for who in (Who.EXPERT, Who.INSPECTOR)}
        given = session.exec(select(Assignment).where(Assignment.case_id == case.id)).all()
        duties = {
            one.duty.value: str(one.id) for one in given if one.duty not in {"review", "inspect"} or one.user_id in ours
        }
        paper = session.exec(
            select(Document).where(Document.application_id == case.application_id, Document.kind == KIND)
        ).one()
        signed = select(Decision.id).where(Decision.case_id == case.id, Decision.stage == "local-review")
        decision_id = str(session.exec(signed).first() or "")
    return duties | {
        "decision_id": decision_id,
        "reference": case.reference, "application_id": str(case.application_id), "sha256": paper.sha256,
        "kind": KIND, "key": FORM[0].key, "rows": "teachers", "line": "1", "table": "teachers",
    }  # fmt: skip


def people() -> dict[str, str]:
    """Return ids of people and bodies."""
    with reading() as session:
        return {
            "chair": id_of(cast.CHAIR), "expert": id_of(cast.EXPERTS[0]), "other_expert": id_of(cast.OTHER_EXPERT),
            "applicant person": id_of(cast.APPLICANT), "closed person": id_of(CLOSED),
            "delegation_id": id_of(cast.CHAIR),
            "province": str(organisation(session, PROVINCE).id), "bureau": str(organisation(session, HOME).id),
        }  # fmt: skip


def id_of(email: str) -> str:
    """Return the id of somebody with an account."""
    with reading() as session:
        return str(session.exec(select(User.id).where(User.email == email)).one())


def oddments() -> dict[str, str]:
    """Leave a letter that was sent, one that was caught, a token that has ended."""
    with transaction() as session:
        message = session.exec(select(Message).order_by(col(Message.posted_at))).first()
        assert message
        message.state = MessageState.SENT
        applicant = cast.person(cast.APPLICANT, session)
        token, _ = new_api_token(session, "ended", by=applicant)
        end_api_token(session, token.id, by=applicant)
        names = {"message_id": str(message.id), "token_id": str(token.id), "code": CALL, "file": "kit.css"}
        names |= {"paper": "letter.pdf", "parameter": "panel_size", "change_id": changed(session)}
    catcher.keep(settings().home, "jidi@example.com", "shenbao@example.com", LETTER)
    return names | {"caught": catcher.caught(settings().home, 1)[0].id}


def changed(session: Session) -> str:
    """Leave a change of the policy that the department has confirmed; it holds from a day long to come."""
    new = NewValue("panel_size", 9, date(2090, 1, 1), Source.DECISION, "会议纪要第 9 号（示例）")
    change = propose_value(session, new, by=cast.person(cast.OFFICE, session))
    policy_rulings.confirm(session, "panel_size", change.id, by=cast.person(cast.DECIDER, session))
    return str(change.id)


def organisation(session: Session, name: str) -> Organisation:
    """Return a body by its name."""
    return session.exec(select(Organisation).where(Organisation.name == name)).one()
