"""A visit is arranged and recorded: what both sides do, and the letters it calls for."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from icalendar import Calendar
from sqlmodel import Session, col, select

from casework.inspections import ITEMS, Seen, Visit
from casework.letters import applicants_of
from casework.people import holders_of
from casework.visits import appointments
from casework.visits.lines import SeenLine
from casework.visits.signing import Signing, team_of
from core.clock import today
from core.db import reading, transaction
from models.case import Assignment, Case, StageRound
from models.journal import JournalEntry
from models.message import Message
from models.person import User
from models.visit import Appointment, VisitDay, VisitOffer
from regulation.roles import Role
from tests import cast

LEADER = cast.INSPECTORS[0]


def in_days(*days: int) -> list[date]:
    return [today() + timedelta(days=n) for n in days]


def offers(case_id: UUID, days: Iterable[date], by: str = LEADER, note: str = "上午九点到校。") -> VisitOffer:
    with transaction() as session:
        return appointments.offer(session, case_id, list(days), note, by=cast.person(by, session))


def accepts(case_id: UUID, day: date, by: str = cast.APPLICANT) -> Appointment:
    with transaction() as session:
        return appointments.accept(session, case_id, day, by=cast.person(by, session))


def declines(case_id: UUID, reasons: str, proposed: Iterable[date] = (), by: str = cast.APPLICANT) -> VisitOffer:
    with transaction() as session:
        return appointments.decline(session, case_id, reasons, list(proposed), by=cast.person(by, session))


def moves(case_id: UUID, day: date, reasons: str, by: str = LEADER) -> Appointment:
    with transaction() as session:
        return appointments.move(session, case_id, day, reasons, by=cast.person(by, session))


def cancels(case_id: UUID, reasons: str, by: str = LEADER) -> Appointment:
    with transaction() as session:
        return appointments.cancel(session, case_id, reasons, by=cast.person(by, session))


def entries(letter: str, to: str) -> list[tuple[str, int, str, date]]:
    """Return method, SEQUENCE, UID and day of the calendar entries in the letters of a kind to one person, in order."""
    with reading() as session:
        sent = select(Message).where(Message.letter == letter, Message.address == to)
        texts = [one.facts["attachments"][0]["text"] for one in session.exec(sent.order_by(col(Message.posted_at)))]
    found = [Calendar.from_ical(text) for text in texts]
    return [(str(c["METHOD"]), int(e["SEQUENCE"]), str(e["UID"]), e["DTSTART"].dt) for c in found for e in c.events]


def a_visit(*lines: SeenLine, signing: Signing | None = None) -> Visit:
    """Return a record in which every condition is met, with these lines."""
    findings = [Seen(item, "如申报表所述", "与申报一致", matches=True) for item in ITEMS]
    return Visit(today(), "听取汇报，查阅材料，实地察看。", findings, list(lines), signing or Signing("示例代表"))


def of_visits(session: Session, case: Case) -> Counter[tuple[str, str]]:
    """Offers go to the institution, a refusal of one to leader and office, each change of the day to both sides."""
    letters: Counter[tuple[str, str]] = Counter()
    rounds = select(StageRound).where(StageRound.case_id == case.id, StageRound.stage == "site-inspection")
    for at in session.exec(rounds):
        team, unit = team_of(session, at.id), applicants_of(session, case)
        for offer in session.exec(select(VisitOffer).where(VisitOffer.stage_round_id == at.id)):
            letters.update(("visit-offered", person.name) for person in unit)
            if offer.answered_at and not offer.chosen_on:
                told = {person.name for person in [*team[:1], *holders_of(session, Role.OFFICE)]}
                letters.update(("visit-declined", name) for name in told)
        lines = select(JournalEntry.act).where(JournalEntry.case_id == case.id, JournalEntry.round == at.round)
        for act in session.exec(lines.where(col(JournalEntry.act).in_(LETTER_OF))):
            letters.update((LETTER_OF[act], person.name) for person in [*team, *unit])
        letters.update((letter, name) for name in gone(session, at) for letter in ("visit-agreed", "visit-cancelled"))
    return letters


def gone(session: Session, at: StageRound) -> list[str]:
    """Return who was taken on the agreed day and gave the duty to another, who has it in the calendar instead."""
    found = select(User.name).join(VisitDay, col(VisitDay.user_id) == User.id)
    found = found.join(Assignment, col(Assignment.id) == VisitDay.assignment_id)
    return list(session.exec(found.where(Assignment.stage_round_id == at.id, col(Assignment.replaced_by).is_not(None))))


LETTER_OF = {"visit-accepted": "visit-agreed", "visit-moved": "visit-agreed", "visit-cancelled": "visit-cancelled"}
