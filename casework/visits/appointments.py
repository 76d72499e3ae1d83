"""Agreeing on the day of a visit: days are offered, the institution picks one or proposes others; moved and called off.

The regulation fixes no days; the visit lies within the period of the team's duty, see `Policy.inspection_days`.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework import journal
from casework.people import Person
from casework.visits import telling
from casework.visits.arranging import (
    HOW_MANY,
    MOST,
    PAST,
    answering,
    appointment_of,
    arrangement_of,
    arranging,
    offer_faults,
    reason_faults,
    refuse,
    standing,
)
from casework.visits.days import release, release_team, take, take_one
from core.clock import now, today
from core.errors import Conflict, Fault, Invalid
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from models.person import User
from models.visit import Appointment, VisitDay, VisitOffer

ALREADY = marked("考察日期已经约定；需要改期或取消的，请使用改期、取消。")
NOT_OFFERED = marked("请从所提供的日期中选择一个。")
SAME = marked("新日期与原日期相同。")
ROUND_ENDED = marked("本环节已结束。")


def offer(session: Session, case_id: UUID, days: Sequence[date], note: str, *, by: Person) -> VisitOffer:
    """Offer days to the institution, in place of those it has not answered; the team's leader or the office does it.

    Raises `NotAssigned`, `StageClosed`, `Conflict` when a day is agreed, or `Invalid` with every fault at once.
    """
    case, at, by = arranging(session, case_id, by)
    there = arrangement_of(session, at)
    if there.agreed:
        raise Conflict(ALREADY)
    refuse(offer_faults(session, at, days, note))
    if there.open_offer:
        there.open_offer.withdrawn_at = now()
        session.flush()
    number = session.exec(select(func.count()).where(VisitOffer.stage_round_id == at.id)).one() + 1
    offered = sorted(day.isoformat() for day in days)
    made = VisitOffer(stage_round_id=at.id, number=number, days=offered, note=note.strip(), offered_by=by.id)
    session.add(made)
    session.flush()
    journal.note(session, "visit-offered", case=case, by=by, stage=at.stage, round=at.round, days=", ".join(offered))
    telling.tell_offer(session, case, made)
    return made


def accept(session: Session, case_id: UUID, day: date | None, *, by: Person) -> Appointment:
    """Pick one of the offered days, for the institution; the day is agreed with it.

    Raises `NotAssigned`, `Conflict` when a member is taken on that day by now, `Invalid` for another day.
    """
    case, at, waiting = answering(session, case_id, by)
    if day and day <= today():
        raise Invalid(faults=[Fault("day", PAST)])
    if not day or day.isoformat() not in waiting.days:
        raise Invalid(faults=[Fault("day", NOT_OFFERED)])
    waiting.answered_at, waiting.answered_by, waiting.chosen_on = now(), by.id, day
    return agree(session, case, at, day, waiting.note, by=by)


def decline(session: Session, case_id: UUID, reasons: str, proposed: Sequence[date], *, by: Person) -> VisitOffer:
    """Say that none of the offered days suits, why, and which would."""
    case, at, waiting = answering(session, case_id, by)
    faults = reason_faults(reasons)
    faults += [Fault("proposed", PAST)] if any(day <= today() for day in proposed) else []
    refuse(faults + ([Fault("proposed", HOW_MANY)] if len(proposed) > MOST else []))
    waiting.answered_at, waiting.answered_by, waiting.reasons = now(), by.id, reasons.strip()
    waiting.proposed = sorted({day.isoformat() for day in proposed})
    journal.note(session, "visit-declined", case=case, by=by, stage=at.stage, round=at.round, reasons=waiting.reasons)
    telling.tell_declined(session, case, at, waiting)
    return waiting


def agree(  # noqa: PLR0913 - what, where, when and who
    session: Session, case: Case, at: StageRound, day: date, note: str, *, by: Person
) -> Appointment:
    """Enter the agreed day, take the team's members on it, and tell everybody."""
    take(session, at, day)
    appointment = appointment_of(session, at) or Appointment(stage_round_id=at.id, agreed_on=day, sequence=-1)
    appointment.agreed_on, appointment.note, appointment.reasons = day, note, ""
    appointment.cancelled_at, appointment.changed_at = None, now()
    appointment.sequence += 1
    session.add(appointment)
    session.flush()
    journal.note(session, "visit-accepted", case=case, by=by, stage=at.stage, round=at.round, day=day.isoformat())
    telling.tell_agreed(session, case, at, appointment, None)
    return appointment


def move(session: Session, case_id: UUID, day: date | None, reasons: str, *, by: Person) -> Appointment:
    """Move the visit to another day that was agreed by word of mouth; the team's leader or the office does it."""
    case, at, by = arranging(session, case_id, by)
    appointment = standing(session, at)
    faults = reason_faults(reasons)
    if not day or day <= today():
        faults.append(Fault("day", PAST))
    elif day == appointment.agreed_on:
        faults.append(Fault("day", SAME))
    refuse(faults)
    before = appointment.agreed_on
    release_team(session, at)
    take(session, at, day)  # type: ignore[arg-type]  # checked above
    appointment.agreed_on, appointment.reasons, appointment.changed_at = day, reasons.strip(), now()  # type: ignore[assignment]
    appointment.sequence += 1
    days = {"day": appointment.agreed_on.isoformat(), "before": before.isoformat(), "reasons": appointment.reasons}
    journal.note(session, "visit-moved", case=case, by=by, stage=at.stage, round=at.round, **days)
    telling.tell_agreed(session, case, at, appointment, before)
    return appointment


def cancel(session: Session, case_id: UUID, reasons: str, *, by: Person) -> Appointment:
    """Call the agreed visit off; other days may be offered afterwards."""
    case, at, by = arranging(session, case_id, by)
    appointment = standing(session, at)
    refuse(reason_faults(reasons))
    call_off(session, case, at, appointment, reasons.strip(), by=by)
    return appointment


def call_off(  # noqa: PLR0913 - what, where, why and who
    session: Session, case: Case, at: StageRound, appointment: Appointment, reasons: str, *, by: Person | None
) -> None:
    """Call a visit off and tell both sides; `by` is None where the round's end does it."""
    release_team(session, at)
    appointment.cancelled_at = appointment.changed_at = now()
    appointment.reasons = reasons
    appointment.sequence += 1
    day = appointment.agreed_on.isoformat()
    journal.note(session, "visit-cancelled", case=case, by=by, stage=at.stage, round=at.round, day=day, reasons=reasons)
    telling.tell_cancelled(session, case, at, appointment)


def at_the_end_of(session: Session, case: Case, at: StageRound) -> None:
    """Let the team go when a round has ended; a visit that lies ahead is called off. Done again, it changes nothing."""
    appointment = appointment_of(session, at)
    if not appointment or appointment.cancelled_at:
        return
    if appointment.agreed_on > today():
        call_off(session, case, at, appointment, ROUND_ENDED, by=None)
    else:
        release_team(session, at)


def hand_over(session: Session, case: Case, former: Assignment, successor: Assignment) -> None:
    """Have a member's successor come on the agreed day; raises `Conflict` when the successor is taken on it."""
    held = select(VisitDay).where(VisitDay.assignment_id == former.id, col(VisitDay.released_at).is_(None))
    for one in session.exec(held).all():
        release(session, [former.id])
        at = session.get_one(StageRound, former.stage_round_id)
        take_one(session, at, successor, one.day)
        appointment = standing(session, at)
        telling.tell_one_agreed(session, case, appointment, session.get_one(User, successor.user_id))
        telling.tell_one_cancelled(session, case, appointment, session.get_one(User, former.user_id))
