"""A story's vocabulary: what people do, in the words of the regulation; after each act the flow takes its run.

No engine: the flow function is called as it is, its steps are carried out as plain transactions.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pytest import MonkeyPatch  # noqa: PT013 - one name of it
from sqlmodel import Session, col, select

from casework.applications import attach, begin, save
from casework.calls import by_code
from casework.cases import policy_for
from casework.committees import assemble
from casework.decisions import Conclusion, decide, withdraw
from casework.demonstration import CALL, HOME
from casework.inspections import ITEMS, Seen, Visit, inspect
from casework.publicity import NewPublicity, publicise
from casework.recommending.scans import attach_scan
from casework.recommending.sheets import Answer, Sheet, is_in_full
from casework.reviews import Opinion, review
from casework.submissions import submit
from casework.visits.signing import Signing
from core.clock import today
from core.db import reading, transaction
from flows.accreditation import accreditation
from flows.deadlines import deadlines
from models.application import Application, Call
from models.case import Assignment, Case
from models.organisation import Organisation
from regulation.checks import ACCEPTING, NO, RECOMMENDING, YES, CheckItem
from regulation.form.definition import ATTACHMENTS
from regulation.form.example import example
from regulation.outcomes import Outcome
from regulation.policy import policy_of
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf


@dataclass
class Story:
    """One case and what people do to it."""

    application_id: UUID
    case_id: UUID | None = None
    state: str = ""
    applicant: str = cast.APPLICANT
    away: bool = False

    @contextmanager
    def engine_away(self) -> Iterator[None]:
        """Let people go on working while no run is taken."""
        self.away = True
        yield
        self.away = False

    def turn(self) -> str:
        """Let the flow take its run, unless the engine is away; return the state it ended in."""
        assert self.case_id
        if self.away:
            return self.state
        with reading() as session:
            reference = session.get_one(Case, self.case_id).reference
        self.state = str(accreditation.fn(str(self.case_id), reference).name)
        return self.state

    def under(self, **rules: float) -> None:
        """Let other rules hold in the story's call, before anything was filed in it."""
        with transaction() as session:
            call = session.get_one(Call, session.get_one(Application, self.application_id).call_id)
            call.policy = replace(policy_of(call.policy), **rules).snapshot()  # type: ignore[arg-type]

    def submits(self) -> str:
        with transaction() as session:
            case = submit(session, self.application_id, by=cast.person(self.applicant, session))
        self.case_id = case.id
        return self.turn()

    def corrects(self, **content: object) -> str:
        with transaction() as session:
            save(session, self.application_id, content, None, by=cast.person(self.applicant, session))
        return self.submits()

    def recommends(self, outcome: Outcome = Outcome.APPROVED) -> str:
        """The body signs: where the office checks the form afterwards, with its check list and the signed scan."""
        with reading() as session:
            in_full = is_in_full(policy_for(session, session.get_one(Case, self.case_id)))
        if in_full and outcome is Outcome.APPROVED:
            with transaction() as session:
                by = cast.person(cast.RECOMMENDER, session)
                attach_scan(session, self.duty(Duty.RECOMMEND).id, ("推荐意见.pdf", a_pdf()), by=by)
        sheet = answered(RECOMMENDING, outcome) if in_full else None
        return self.decides(cast.RECOMMENDER, Duty.RECOMMEND, outcome, sheet)

    def accepts(self, outcome: Outcome = Outcome.APPROVED) -> str:
        return self.decides(cast.OFFICE, Duty.CHECK_FORM, outcome, answered(ACCEPTING, outcome))

    def assembles_panel(self) -> str:
        return self.assembles(Duty.ASSEMBLE_PANEL, [cast.CHAIR, *cast.EXPERTS], cast.CHAIR)

    def assembles_team(self) -> str:
        return self.assembles(Duty.ASSEMBLE_TEAM, cast.INSPECTORS, cast.INSPECTORS[0])

    def assembles(self, duty: Duty, members: Sequence[str], leader: str) -> str:
        with transaction() as session:
            people = [cast.person(email, session).id for email in members]
            chief = cast.person(leader, session).id
            assemble(session, self.duty(duty).id, people, chief, by=cast.person(cast.OFFICE, session))
        return self.turn()

    def review(self, scores: Sequence[int] = (90, 85, 88)) -> str:
        for email, score in zip([cast.CHAIR, *cast.EXPERTS], scores, strict=True):
            self.reviews(email, score)
        return self.state

    def reviews(self, email: str, score: int) -> str:
        advice = "pass" if score >= 80 else "fail"
        with transaction() as session:
            person = cast.person(email, session)
            review(session, self.duty(Duty.REVIEW, email).id, Opinion(score, advice, "材料齐全，条件具备。"), by=person)
        return self.turn()

    def concludes(self, outcome: Outcome = Outcome.APPROVED) -> str:
        return self.decides(cast.CHAIR, Duty.CONCLUDE, outcome)

    def inspect(self, outcome: Outcome = Outcome.APPROVED) -> str:
        with transaction() as session:
            person = cast.person(cast.INSPECTORS[0], session)
            findings = [Seen(item, "如申报表所述", "与申报一致", matches=True) for item in ITEMS]
            visit = Visit(today(), "听取汇报，查阅材料，实地察看教室与实训场所。", findings, signing=signed(session))
            inspect(session, self.duty(Duty.INSPECT, cast.INSPECTORS[0]).id, visit, conclusion(outcome), by=person)
        return self.turn()

    def certifies(self, outcome: Outcome = Outcome.APPROVED) -> str:
        return self.decides(cast.DECIDER, Duty.CERTIFY, outcome)

    def publicises(self, first_on: date | None = None) -> str:
        duty = self.duty(Duty.PUBLICISE).id
        with transaction() as session:
            new = NewPublicity("拟认定名单公示", first_on or today(), [duty])
            publicise(session, new, by=cast.person(cast.OFFICE, session))
        return self.turn()

    def time_passes(self) -> str:
        """Let the flow of deadlines look at every duty and period, and the case take its turn."""
        with MonkeyPatch.context() as without_engine:
            without_engine.setattr("flows.deadlines.ring", bool)
            assert deadlines.fn().name == "Up to date"
        return self.turn()

    def reconsiders(self, outcome: Outcome = Outcome.APPROVED) -> str:
        return self.decides(cast.DECIDER, Duty.RECONSIDER, outcome)

    def withdraws(self) -> str:
        assert self.case_id
        with transaction() as session:
            withdraw(session, self.case_id, "单位计划调整", by=cast.person(self.applicant, session))
        return self.turn()

    def says_yes(self) -> str:
        """Let whoever has the turn act, favourably."""
        acts = {
            "recommend": self.recommends, "check-form": self.accepts, "assemble-panel": self.assembles_panel,
            "review": self.review, "conclude": self.concludes, "assemble-team": self.assembles_team,
            "inspect": self.inspect, "certify": self.certifies, "publicise": self.publicises,
        }  # fmt: skip
        return acts[self.open_duty()]()

    def goes_on_to_publication(self) -> str:
        """Everybody who has still to say something says yes."""
        while self.open_duty():
            self.says_yes()
        return self.state

    def open_duty(self) -> str:
        """Return what the case waits for, by name of the duty."""
        with reading() as session:
            still_open = select(Assignment.duty).where(Assignment.case_id == self.case_id)
            return str(session.exec(still_open.where(col(Assignment.ended_at).is_(None))).first() or "")

    def decides(self, email: str, duty: Duty, outcome: Outcome, sheet: Sheet | None = None) -> str:
        with transaction() as session:
            person = cast.person(email, session)
            decide(session, self.duty(duty).id, replace(conclusion(outcome), sheet=sheet), by=person)
        return self.turn()

    def duty(self, duty: Duty, of: str = "") -> Assignment:
        """Return the newest assignment of a duty in this case, of anybody or of one person."""
        with reading() as session:
            found = select(Assignment).where(Assignment.case_id == self.case_id, Assignment.duty == duty)
            if of:
                found = found.where(Assignment.user_id == cast.person(of, session).id)
            return session.exec(found.order_by(col(Assignment.assigned_at).desc())).first() or nothing(duty)


def signed(session: Session) -> Signing:
    """The whole team and the institution's representative have signed on paper."""
    team = [cast.person(email, session).id for email in cast.INSPECTORS]
    return Signing("示例代表", team, ("签名页.pdf", a_pdf()))


def nothing(duty: Duty) -> Assignment:
    message = f"nobody has the duty {duty}"
    raise AssertionError(message)


def conclusion(outcome: Outcome) -> Conclusion:
    """Return a conclusion with the reasons its outcome needs."""
    if outcome is Outcome.APPROVED:
        return Conclusion(outcome, "符合规定条件。")
    corrections = ["补充近三年培训名册。", "更正专职师资人数。"] if outcome is Outcome.RETURNED else []
    return Conclusion(outcome, "材料与规定条件不符。", corrections)


def answered(asked: Sequence[CheckItem], outcome: Outcome = Outcome.APPROVED) -> Sheet:
    """Return a check list with every point answered, the last one badly where the outcome is unfavourable."""
    answers = [Answer(item.key, YES) for item in asked]
    if outcome is not Outcome.APPROVED:
        answers[-1] = Answer(asked[-1].key, NO, "缺少近三年培训名册。")
    return Sheet(answers, handled_by="刘经办示例", signed_by="高局长示例")


def an_application(session: Session, email: str = cast.APPLICANT) -> UUID:
    """Fill in a complete application in the demonstration's call; return its id."""
    applicant = cast.person(email, session)
    bureau = session.exec(select(Organisation).where(Organisation.name == HOME)).one()
    application = begin(session, by_code(session, CALL), bureau.id, by=applicant)
    content = example(applicant.organisation_name, credit_code=str(application.content["credit_code"]))
    save(session, application.id, content, None, by=applicant)
    for field in ATTACHMENTS:
        attach(session, application.id, field.key, (f"{field.key}.pdf", a_pdf()), by=applicant)
    return application.id
