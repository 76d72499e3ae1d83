"""The vocabulary of publicity, objections, meetings and revocations."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select
from time_machine import Traveller

from casework.calls import by_code
from casework.demonstration import CALL
from casework.meetings import Sitting
from casework.objections import filing, handling, statements
from casework.objections.filing import NewObjection, Upload
from casework.revocations import confirm, decline, propose
from core.clock import HUBEI
from core.db import reading, transaction
from models.certificate import Certificate
from models.message import Message
from models.objection import Objection
from models.publicity import PublicityItem
from tests import cast
from tests.factories import a_pdf
from tests.stories.telling import Story, an_application

FIRST, LAST, AFTER = "2026-09-28", "2026-10-09", "2026-10-10"
"""Five working days around the National Day, the first of them counted."""
BASIS = "《行政许可法》第六十九条"
SITTING = Sitting("leading-group", "领导小组2026年第3次会议", date(2026, 9, 14), "鄂继教纪要〔2026〕3号")
FACTS = "该单位2025年度培训名册中，有六十人并未参加培训，时间为2025年5月。"
PERSON = NewObjection(
    "person", "示例举报人", "13800000000", FACTS, "附培训签到表复印件，与名册不符。", email="yiyi@example.com"
)
UNIT = replace(
    PERSON, kind="unit", name="示例异议单位", contact="示例联系人", sealed=Upload("异议书.pdf", a_pdf())
)  # fmt: skip


def open_in_autumn() -> None:
    """Open the demonstration's call from September to the end of November."""
    with transaction() as session:
        call = by_code(session, CALL)
        call.opens_at, call.closes_at = datetime(2026, 9, 1, tzinfo=HUBEI), datetime(2026, 12, 1, tzinfo=HUBEI)


def dawns(clock: Traveller, day: str, hour: int = 9) -> None:
    """Let a day dawn in Hubei."""
    clock.move_to(datetime.combine(date.fromisoformat(day), datetime.min.time(), HUBEI).replace(hour=hour))


def on_the_list(story: Story, clock: Traveller) -> Story:
    """Certify the case of a call with five days of publicity, and publish the list."""
    story.under(publicity_days=5)
    dawns(clock, FIRST, 8)
    story.certifies()
    assert story.publicises(date.fromisoformat(FIRST)) == "Awaiting the end of publicity"
    return story


def another(clock: Traveller) -> Story:
    """Bring a second institution's case to certification."""
    del clock
    with transaction() as session:
        story = Story(an_application(session, cast.OTHER_APPLICANT), applicant=cast.OTHER_APPLICANT)
    story.submits()
    while story.open_duty() != "certify":
        story.says_yes()
    return story


def objects(story: Story, new: NewObjection = PERSON, address: str = "") -> UUID:
    """Object to a case on its list; return the objection's id."""
    with transaction() as session:
        item = session.exec(select(PublicityItem).where(PublicityItem.case_id == story.case_id)).one()
        return filing.object_to(session, item.id, new, address=address).id


def accepts(objection: UUID, gist: str = "反映2025年度培训人数不实。") -> None:
    with transaction() as session:
        handling.accept(session, objection, gist, by=cast.person(cast.OFFICE, session))


def refuses(objection: UUID, reasons: str = "所述事实与本次公示事项无关。") -> None:
    with transaction() as session:
        handling.refuse(session, objection, reasons, by=cast.person(cast.OFFICE, session))


def notes(objection: UUID, text: str = "已调阅签到表原件，与名册逐一核对。") -> None:
    with transaction() as session:
        handling.note(session, objection, text, by=cast.person(cast.OFFICE, session))


def concludes(objection: UUID, result: str, reasons: str = "经核查签到表与名册。") -> None:
    with transaction() as session:
        handling.conclude(session, objection, result, reasons, by=cast.person(cast.OFFICE, session))


def states(objection: UUID, text: str = "名册系录入错误，附更正说明。", by: str = cast.APPLICANT) -> None:
    with transaction() as session:
        statements.state(session, objection, text, by=cast.person(by, session))


def the_objection(objection: UUID) -> Objection:
    with reading() as session:
        return session.get_one(Objection, objection)


def the_certificate(story: Story) -> Certificate | None:
    with reading() as session:
        return session.exec(select(Certificate).where(Certificate.case_id == story.case_id)).first()


def letters(kind: str) -> list[str]:
    """Return to whom letters of a kind went, so far."""
    with reading() as session:
        found = select(Message.recipient).where(Message.letter == kind)
        return list(session.exec(found.order_by(col(Message.posted_at))))


def proposes(number: str, by: str = cast.OFFICE, reasons: str = "经查，申报材料不实。") -> UUID:
    with transaction() as session:
        return propose(session, number, BASIS, reasons, by=cast.person(by, session)).id


def confirms(proposal: UUID, by: str = cast.DECIDER) -> None:
    with transaction() as session:
        confirm(session, proposal, by=cast.person(by, session))


def declines(proposal: UUID, answer: str = "证据不足，请补充核实。") -> None:
    with transaction() as session:
        decline(session, proposal, answer, by=cast.person(cast.DECIDER, session))
