"""Who may arrange a visit, where the arranging stands, and what speaks against a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from casework.access import sight_of
from casework.assignments import acting, is_for
from casework.cases import held, open_round
from casework.decisions import refuse_if_ended
from casework.experts.conflicts import refuse_conflicted
from casework.people import Person
from casework.visits.days import TAKEN, seats_in, taken
from core.clock import today
from core.errors import CaseClosed, Conflict, Fault, Invalid, NotAssigned, StageClosed
from core.i18n import gettext, marked
from models.case import Case, StageRound
from models.visit import Appointment, VisitOffer
from regulation.calendar import official
from regulation.roles import Role

FEWEST, MOST, LONGEST = 2, 5, 500
NO_TEAM = marked("考察组尚未安排或考察已结束，现在不能约定考察日期。")
HOW_MANY = marked("请提供 2 至 5 个不同的日期。")
PAST = marked("日期应在今天之后。")
TOO_LONG = marked("不超过 500 字。")
NO_OFFER = marked("没有待答复的日期，可能已经答复或已重新提供，请刷新页面。")
NO_REASON = marked("请说明理由。")
NOT_AGREED = marked("还没有约定考察日期。")
DAY_OFF = marked("{day} 不是工作日。")
LATE = marked("{day} 晚于考察期限 {due}。")
UNCERTAIN = marked("{day} 所在年度的节假日安排尚未公布，可能调整。")


@dataclass(frozen=True)
class Arrangement:
    """Where the arranging of a round's visit stands; `due_on` is the last day of the team's duty."""

    at: StageRound
    offers: list[VisitOffer]
    appointment: Appointment | None
    due_on: date

    @property
    def open_offer(self) -> VisitOffer | None:
        """The offer that waits for an answer."""
        return next((one for one in self.offers if not one.answered_at and not one.withdrawn_at), None)

    @property
    def agreed(self) -> Appointment | None:
        """The appointment that stands."""
        return self.appointment if self.appointment and not self.appointment.cancelled_at else None


def arranging(session: Session, case_id: UUID, by: Person) -> tuple[Case, StageRound, Person]:
    """Hold a case whose visit this person arranges: the team's leader or who stands in for one, or the office.

    The person is returned as who acts, in the leader's place where it is the leader's seat.
    """
    case, at = visited(session, case_id)
    seat = next((seat for seat in seats_in(session, at) if seat.leads and is_for(seat, by)), None)
    if not seat and not by.has(Role.OFFICE):
        raise NotAssigned
    if seat:
        refuse_conflicted(session, case, by.id)
    return case, at, acting(seat, by) if seat else by


def answering(session: Session, case_id: UUID, by: Person) -> tuple[Case, StageRound, VisitOffer]:
    """Hold a case whose institution answers, with the offer that waits for it."""
    case, at = visited(session, case_id)
    if not by.has(Role.APPLICANT) or not sight_of(session, by, case).owner:
        raise NotAssigned
    waiting = arrangement_of(session, at).open_offer
    if not waiting:
        raise Conflict(NO_OFFER)
    return case, at, waiting


def visited(session: Session, case_id: UUID) -> tuple[Case, StageRound]:
    """Hold a case that waits for its visit, with the round; the team must be named."""
    case = held(session, case_id)
    at = open_round(session, case.id)
    if case.closed_at:
        raise CaseClosed
    if not at or at.stage != "site-inspection" or not seats_in(session, at):
        raise StageClosed(NO_TEAM)
    refuse_if_ended(session, case, at)
    return case, at


def round_to_visit(session: Session, case_id: UUID) -> StageRound | None:
    """Return the newest round of a case that has a team, open or closed."""
    rounds = select(StageRound).where(StageRound.case_id == case_id, StageRound.stage == "site-inspection")
    at = session.exec(rounds.order_by(col(StageRound.round).desc())).first()
    return at if at and seats_in(session, at) else None


def arrangement_of(session: Session, at: StageRound) -> Arrangement:
    """Return where the arranging of a round's visit stands."""
    offers = select(VisitOffer).where(VisitOffer.stage_round_id == at.id).order_by(col(VisitOffer.number))
    due_on = max(seat.due_on for seat in seats_in(session, at))
    return Arrangement(at, list(session.exec(offers)), appointment_of(session, at), due_on)


def appointment_of(session: Session, at: StageRound) -> Appointment | None:
    """Return the appointment of a round, standing or called off."""
    return session.exec(select(Appointment).where(Appointment.stage_round_id == at.id)).first()


def standing(session: Session, at: StageRound) -> Appointment:
    """Return the appointment that stands; raises `Conflict` without one."""
    appointment = appointment_of(session, at)
    if not appointment or appointment.cancelled_at:
        raise Conflict(NOT_AGREED)
    return appointment


def offer_faults(session: Session, at: StageRound, days: Sequence[date], note: str) -> list[Fault]:
    """Return what is wrong with an offer: how many days, days gone by, days on which a member visits elsewhere."""
    faults = []
    if not FEWEST <= len(days) <= MOST or len(set(days)) != len(days):
        faults.append(Fault("days", HOW_MANY))
    if any(day <= today() for day in days):
        faults.append(Fault("days", PAST))
    if len(note) > LONGEST:
        faults.append(Fault("note", TOO_LONG))
    elsewhere = taken(session, at, days)
    return faults + [Fault("days", gettext(TAKEN, name=name, day=day.isoformat())) for name, day in elsewhere]


def reason_faults(reasons: str) -> list[Fault]:
    """Return what is wrong with reasons that must be given."""
    if not reasons.strip():
        return [Fault("reasons", NO_REASON)]
    return [Fault("reasons", TOO_LONG)] if len(reasons) > LONGEST else []


def warnings_about(days: Sequence[date], due_on: date) -> list[str]:
    """Return what speaks against days without forbidding them: a day off, too late, an unknown year."""
    calendar, found = official(), []
    for day in sorted(days):
        shown = day.isoformat()
        if not calendar.is_working(day):
            found.append(gettext(DAY_OFF, day=shown))
        if day > due_on:
            found.append(gettext(LATE, day=shown, due=due_on.isoformat()))
        if calendar.lacks([day]):
            found.append(gettext(UNCERTAIN, day=shown))
    return found


def refuse(faults: list[Fault]) -> None:
    """Raise `Invalid` with every fault, if there is one."""
    if faults:
        raise Invalid(faults=faults)
