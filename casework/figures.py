"""An installation in figures, from our own rows and disk: what waits, since when, and what is left of room."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, text
from sqlmodel import Session, col, func, select

from casework.deadlines import reminds
from core.clock import today
from core.settings import settings
from models.application import Application, Call
from models.case import Assignment, Case
from models.engine import Bell
from models.message import Message, MessageState
from models.operating import StepWaiver
from regulation.calendar import official
from regulation.policy import Policy, policy_of
from regulation.roles import Duty

WAITING = (MessageState.DUE, MessageState.SENDING, MessageState.FAILED, MessageState.UNKNOWN)
"""The states in which a letter has not left, or not for certain."""
SIZES = text(
    "SELECT datname, pg_database_size(oid) FROM pg_database "
    "WHERE datname IN (current_database(), :beside) AND has_database_privilege(oid, 'CONNECT')"
)


@dataclass(frozen=True)
class Waiting:
    """How many of something wait, and since when the oldest does."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True)
class Figures:
    """What the database and the disk say; sizes are in bytes."""

    cases_open: int
    stalled: Waiting
    bells: Waiting
    letters: Mapping[MessageState, Waiting]
    by_hand: int
    late: Waiting = field(default_factory=Waiting)
    database_bytes: int = 0
    engine_database_bytes: int | None = None
    disk_free: int = 0
    disk_total: int = 0

    @property
    def doubtful(self) -> int:
        """How many letters failed or are of unknown fate: people must look at them."""
        return self.letters[MessageState.FAILED].count + self.letters[MessageState.UNKNOWN].count

    @property
    def oldest_doubtful(self) -> datetime | None:
        """Since when the oldest of them waits."""
        both = (self.letters[MessageState.FAILED].oldest, self.letters[MessageState.UNKNOWN].oldest)
        return min((at for at in both if at), default=None)


def figures(session: Session) -> Figures:
    """Count everything once."""
    still_open = select(func.count()).select_from(Case).where(col(Case.closed_at).is_(None))
    by_hand = select(func.count()).select_from(StepWaiver)
    by_hand = by_hand.where(col(StepWaiver.confirmed_at).is_(None), col(StepWaiver.withdrawn_at).is_(None))
    ours, beside = database_sizes(session)
    disk = shutil.disk_usage(nearest(settings().home))
    return Figures(
        cases_open=session.exec(still_open).one(),
        stalled=waiting(session, Case.stalled_at, col(Case.stalled_at).is_not(None)),
        bells=waiting(session, Bell.created_at, col(Bell.answered_at).is_(None)),
        letters=letters(session),
        by_hand=session.exec(by_hand).one(),
        late=late(session),
        database_bytes=ours,
        engine_database_bytes=beside,
        disk_free=disk.free,
        disk_total=disk.total,
    )


def waiting(session: Session, since: Any, where: ColumnElement[bool]) -> Waiting:  # noqa: ANN401 - a column
    """Count rows and find the oldest."""
    count, oldest = session.exec(select(func.count(), func.min(since)).where(where)).one()
    return Waiting(count, oldest)


def letters(session: Session) -> dict[MessageState, Waiting]:
    """Count the letters that have not left for certain, state by state."""
    counted = select(Message.state, func.count(), func.min(Message.posted_at))
    counted = counted.where(col(Message.state).in_(WAITING)).group_by(Message.state)
    found = {state: Waiting(count, oldest) for state, count, oldest in session.exec(counted)}
    return {state: found.get(state, Waiting()) for state in WAITING}


def late(session: Session) -> Waiting:
    """Count the duties whose reminder should have gone: what the flow of deadlines would find to do now."""
    duties = (
        select(Assignment, Call.id, Call.policy)
        .join(Case, col(Case.id) == Assignment.case_id)
        .join(Application, col(Application.id) == Case.application_id)
        .join(Call, col(Call.id) == Application.call_id)
        .where(col(Assignment.ended_at).is_(None), col(Case.closed_at).is_(None), Assignment.duty != Duty.ANSWER)
    )
    policies: dict[UUID, Policy] = {}
    unsaid = []
    for duty, call, snapshot in session.exec(duties):
        policy = policies.setdefault(call, policies.get(call) or policy_of(snapshot))
        if is_unsaid(duty, policy):
            unsaid.append(duty)
    return Waiting(len(unsaid), min((one.assigned_at for one in unsaid), default=None))


def is_unsaid(duty: Assignment, policy: Policy) -> bool:
    """Whether a reminder is due and did not go, or the day has passed and nothing followed.

    What is provisional waits for the calendar.
    """
    passed = duty.due_on < today() and not duty.pressed_at and not duty.provisional and official().is_working(today())
    return passed or reminds(duty, policy, today())


def database_sizes(session: Session) -> tuple[int, int | None]:
    """Return the size of our database, and of the engine's if it stands on the same server and may be asked for."""
    found = {name: int(size) for name, size in session.execute(SIZES, {"beside": settings().engine.database})}
    beside = found.pop(settings().engine.database, None)
    return sum(found.values()), beside


def nearest(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that is there."""
    return next((one for one in (folder.resolve(), *folder.resolve().parents) if one.exists()), Path("/"))
