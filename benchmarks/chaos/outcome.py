"""What became of it all, recomputed from the tables and from what arrived at the mail server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, func, select

from benchmarks.chaos.killing import Kill
from core.db import reading
from models.case import Case
from models.engine import Bell
from models.message import Message, MessageState
from tests.chaos import checking
from tests.chaos.sink import Sink

Answered = tuple[datetime, datetime]
"""When a bell was hung, and when it was answered."""


@dataclass
class Outcome:
    """The figures of the run, and in words whatever does not hold."""

    finished: int = 0
    doubled: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    letters_doubled: list[str] = field(default_factory=list)
    unknown: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def other(self) -> set[str]:
        """The faults that have no figure of their own."""
        return {*self.faults} - {*self.doubled, *self.asked, *self.letters_doubled}


def outcome(case_ids: Sequence[UUID], sink: Sink) -> Outcome:
    """Recompute everything that must hold of these cases."""
    with reading() as session:
        ended = select(Case.id).where(col(Case.id).in_(case_ids), col(Case.closed_at).is_not(None))
        finished = len(session.exec(ended).all())
        doubled, asked = checking.doubled(session, case_ids), checking.asked_twice(session, case_ids)
        unknown = session.exec(letters_in(MessageState.UNKNOWN)).one()
    twice = [f"{letter} arrived {n} times at {to}" for (letter, to), n in sorted(sink.counted().items()) if n > 1]
    return Outcome(finished, doubled, asked, twice, unknown, checking.faults(case_ids, sink))


def letters_in(state: MessageState):  # noqa: ANN201 - SQLModel's own
    """Ask how many letters are in a state."""
    return select(func.count()).where(Message.state == state)


def cases(references: Sequence[str]) -> list[UUID]:
    """Return the cases of these references."""
    with reading() as session:
        return list(session.exec(select(Case.id).where(col(Case.reference).in_(references))))


@dataclass(frozen=True)
class Left:
    """What is still to come: cases that are open, bells and letters that wait."""

    open: int
    bells: int
    letters: int

    def __bool__(self) -> bool:
        """Whether anything is."""
        return bool(self.open or self.bells or self.letters)

    def __str__(self) -> str:
        """Say so."""
        return f"{self.open} cases open, {self.bells} bells unanswered, {self.letters} letters due"


def left(wanted: int) -> Left:
    """Look at what is still to come until so many cases have ended."""
    with reading() as session:
        ended = session.exec(select(func.count()).where(col(Case.closed_at).is_not(None))).one()
        bells = session.exec(select(func.count()).where(col(Bell.answered_at).is_(None))).one()
        return Left(wanted - ended, bells, session.exec(letters_in(MessageState.DUE)).one())


def recoveries(kills: Sequence[Kill], bells: Callable[[], list[Answered]]) -> tuple[list[float], list[float]]:
    """Return of every kill how many seconds it took until a bell was answered, and until all were that hung then."""
    first, whole = [], []
    answers = bells()
    for kill in kills:
        first += [min((to - kill.at for _, to in answers if to > kill.at), default=timedelta(0)).total_seconds()]
        hanging = [to - kill.at for since, to in answers if since <= kill.at < to]
        whole += [max(hanging, default=timedelta(0)).total_seconds()]
    return first, whole


def longest_hung() -> str:
    """Say how long the bell hung that hung longest, and how often it was rung."""
    hung = col(Bell.answered_at) - col(Bell.created_at)
    with reading() as session:
        longest, rung = session.exec(select(hung, Bell.attempts).order_by(hung.desc()).limit(1)).one()
    return f"{longest.total_seconds():.0f} s, rung {rung} times"


def answered_bells() -> list[Answered]:
    """Return when each bell was hung and answered."""
    with reading() as session:
        answered = select(Bell.created_at, Bell.answered_at).where(col(Bell.answered_at).is_not(None))
        return [(since, to) for since, to in session.exec(answered) if to]
