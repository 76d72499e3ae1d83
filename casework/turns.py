"""Whose turn it is, since when and until when: one answer for every page, letter and API."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from casework.cases import is_decided
from casework.people import Person
from core.clock import today
from core.i18n import gettext, marked
from models.case import Assignment, Case, StageRound
from models.journal import JournalEntry
from models.objection import Objection
from models.organisation import Organisation
from models.person import User
from models.publicity import Publicity, PublicityItem
from models.visit import VisitOffer
from regulation.calendar import official
from regulation.roles import Duty, Role


@dataclass(frozen=True)
class Turn:
    """Who must act now. `days_left` counts working days, negative when overdue; `provisional`: see Reckoning.

    `public`: nobody must act, a list is public until `due_on` and the stage ends by itself. `choose_by`: the applicant
    has until then to choose one of the days that were offered for the visit.
    """

    duty: str
    holder: str
    since: datetime
    due_on: date | None = None
    provisional: bool = False
    assignment: Assignment | None = None
    public: bool = False
    choose_by: date | None = None

    @property
    def days_left(self) -> int | None:
        """Working days until it is due."""
        return None if self.due_on is None else official().between(today(), self.due_on)

    @property
    def overdue(self) -> bool:
        """Whether the day has passed."""
        return self.due_on is not None and self.due_on < today() and not self.public


def turns_of(session: Session, case: Case, viewer: Person | None = None) -> list[Turn]:
    """Return whose turn it is; nobody's when the case is closed, the system's while a run is due or has failed.

    Experts and inspectors are shown by their role to whoever may not know their names (`viewer` None: everyone may).
    """
    named = viewer is None or not viewer.has(Role.APPLICANT, Role.RECOMMENDER)
    return turns_in(session, [case], named=named)[case.id]


def turns_in(session: Session, cases: Collection[Case], *, named: bool) -> dict[UUID, list[Turn]]:
    """Return whose turn it is in each of many cases, with one question to the record."""
    found: dict[UUID, list[Turn]] = {case.id: [] for case in cases if not case.closed_at and not case.stalled_at}
    for a, user, body, offer in _open_duties(session, found):
        holder, choose_by = holder_name(a, user, body, named=named), last_choice(offer)
        turn = Turn(a.duty.title, holder, a.assigned_at, a.due_on, a.provisional, a, choose_by=choose_by)
        found[a.case_id].append(turn)
    for case_id, turn in _publicities(session, [c.id for c in cases if not found.get(c.id) and c.stage == "publicity"]):
        if case_id in found:
            found[case_id].append(turn)
    since = _last_acts(session, [case_id for case_id, duties in found.items() if not duties])
    return {case.id: _of_case(case, found.get(case.id, []), since.get(case.id, case.opened_at)) for case in cases}


def _open_duties(
    session: Session, cases: Collection[UUID]
) -> Iterable[tuple[Assignment, User | None, Organisation | None, VisitOffer | None]]:
    if not cases:
        return ()
    return session.exec(
        select(Assignment, User, Organisation, VisitOffer)
        .join(User, col(User.id) == Assignment.user_id, isouter=True)
        .join(Organisation, col(Organisation.id) == Assignment.organisation_id, isouter=True)
        .join(StageRound, col(StageRound.id) == Assignment.stage_round_id)
        .join(VisitOffer, _unanswered(), isouter=True)
        .where(col(Assignment.case_id).in_(cases), col(Assignment.ended_at).is_(None), ~is_decided())
        .order_by(col(Assignment.due_on), col(Assignment.assigned_at))
    )


def _unanswered() -> ColumnElement[bool]:
    """Return the condition under which an offer of days waits for its answer: at most one of a round does."""
    open_offer = col(VisitOffer.answered_at).is_(None) & col(VisitOffer.withdrawn_at).is_(None)
    return (col(VisitOffer.stage_round_id) == StageRound.id) & open_offer & (Assignment.duty == Duty.INSPECT)


def last_choice(offer: VisitOffer | None) -> date | None:
    """Return the last day on which one of the offered days still lies ahead, until that has passed."""
    if not offer:
        return None
    last = max(map(date.fromisoformat, offer.days)) - timedelta(days=1)
    return last if last >= today() else None


def _publicities(session: Session, cases: Collection[UUID]) -> Iterable[tuple[UUID, Turn]]:
    """Return the lists that are public now; with the day after the last one it is the system's turn."""
    if not cases:
        return []
    public = (
        select(PublicityItem.case_id, Publicity)
        .join(Publicity, col(Publicity.id) == PublicityItem.publicity_id)
        .join(StageRound, col(StageRound.id) == PublicityItem.stage_round_id)
        .where(col(PublicityItem.case_id).in_(cases), col(StageRound.closed_at).is_(None), Publicity.last_on >= today())
    )
    words = marked("公示中，期满无异议的自动办结"), marked("社会公众")
    found = [(of, Turn(*words, one.published_at, one.last_on, public=True)) for of, one in session.exec(public)]
    return [*found, *_objections(session, cases)]


def _objections(session: Session, cases: Collection[UUID]) -> Iterable[tuple[UUID, Turn]]:
    """Return the objections that the office has still to settle, and that hold their cases up."""
    pending = select(Objection).where(col(Objection.case_id).in_(cases), col(Objection.concluded_at).is_(None))
    pending = pending.where(col(Objection.accepted).is_not(False)).order_by(col(Objection.due_on), Objection.number)
    words = marked("办理公示异议"), Role.OFFICE.title
    return [(one.case_id, Turn(*words, one.filed_at, one.due_on, one.provisional)) for one in session.exec(pending)]


def _last_acts(session: Session, cases: Collection[UUID]) -> dict[UUID | None, datetime]:
    """Return when something last happened to each case: since then it is the system's turn."""
    if not cases:
        return {}
    lines = select(JournalEntry.case_id, func.max(JournalEntry.at)).where(col(JournalEntry.case_id).in_(cases))
    return dict(session.exec(lines.group_by(col(JournalEntry.case_id))).all())


def _of_case(case: Case, duties: list[Turn], since: datetime) -> list[Turn]:
    if case.closed_at:
        return []
    if case.stalled_at:
        return [Turn(marked("系统处理受阻，等待运维人员处理"), Role.OPERATOR.title, case.stalled_at)]
    return duties or [Turn(marked("系统正在处理"), marked("系统"), since)]


def holder_name(assignment: Assignment, user: User | None, body: Organisation | None, *, named: bool) -> str:
    """Return the name of whoever holds a duty."""
    if body:
        return body.name
    if user and named:
        return user.name
    return gettext(assignment.duty.role.title)
