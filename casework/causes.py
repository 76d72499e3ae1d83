"""Why cases stand still: failures of one kind at one step are one cause, however many cases it stalls."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.application import Application, Call
from models.case import Case
from models.engine import Bell, Run, RunState
from models.organisation import Organisation

LONGEST = 300
A_SECOND = timedelta(seconds=1)
"""The failure that stalled a case was written down a moment before the case was called stalled."""
KIND = re.compile(r"[A-Za-z_][\w.]*")
WRAPPED = re.compile(r"\(raised as a result of [^)]*\)\s*")
"""What SQLAlchemy puts before the words of the database, which are the cause."""
SPOKEN = (
    (re.compile(r"“[^”]*”|\"[^\"]*[/\d][^\"]*\"|'[^']*[/\d][^']*'"), "…"),
    (re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|0x[0-9a-fA-F]+|\b(?=\w*\d)[0-9a-fA-F]{12,}\b"), "…"),
    (re.compile(r"JD-\d{4}-\d+|[\u4e00-\u9fff]{2,20}〔\d{4}〕\d+号"), "…"),
    (re.compile(r"(?<![\w.])/[\w./~-]{2,}"), "…"),
    (re.compile(r"\d+(?:[.:,]\d+)*"), "…"),
)
"""What differs from case to case in the words of an error: names, ids, references, paths, numbers."""


def first_line(error: str) -> str:
    """Return what an error says in one line; the rest stands in the traceback."""
    return (WRAPPED.sub("", error).strip().splitlines() or [""])[0]


def normal(error: str) -> str:
    """Return an error's first line without what differs from case to case; its number, if it has one, is kept."""
    line = first_line(error)
    kept, number, rest = line.partition("[Errno ")
    code, bracket, rest = rest.partition("]")
    for what, instead in SPOKEN:
        kept, rest = what.sub(instead, kept), what.sub(instead, rest)
    return f"{kept}{number}{code}{bracket}{rest}"[:LONGEST]


@dataclass(frozen=True)
class Cause:
    """A step and a kind of error."""

    step: str
    error: str

    @classmethod
    def of(cls, step: str, error: str) -> "Cause":
        """Return the cause of a failure."""
        return cls(step, normal(error))

    @property
    def key(self) -> str:
        """A short name for addresses, the same on every machine."""
        return sha256(f"{self.step}\n{self.error}".encode()).hexdigest()[:12]

    @property
    def kind(self) -> str:
        """The error's class."""
        found = KIND.match(self.error)
        return found[0] if found else ""


@dataclass(frozen=True)
class Failed:
    """A stalled case with its last failure; `first_at`: when it first failed so since it stands still."""

    case: Case
    unit: str
    call: str
    run_id: UUID
    cause: Cause
    attempt: int
    first_at: datetime
    last_at: datetime
    asked: bool


@dataclass(frozen=True)
class Group:
    """The cases that one cause has stalled."""

    cause: Cause
    cases: list[Failed] = field(default_factory=list)

    @property
    def first_at(self) -> datetime:
        """When it was first seen."""
        return min(one.first_at for one in self.cases)

    @property
    def last_at(self) -> datetime:
        """When it was last seen."""
        return max(one.last_at for one in self.cases)

    @property
    def asked(self) -> int:
        """How many were asked to run again and have not answered yet."""
        return sum(one.asked for one in self.cases)


@dataclass(frozen=True)
class CauseSearch:
    """Which stalled cases are meant; what is empty is not asked for. `asked`: "yes" or "no"."""

    step: str = ""
    kind: str = ""
    call: str = ""
    since: datetime | None = None
    asked: str = ""

    def fits(self, one: Failed) -> bool:
        """Whether a stalled case is meant."""
        wanted = not self.asked or one.asked == (self.asked == "yes")
        same = all((not self.step or one.cause.step == self.step, not self.kind or one.cause.kind == self.kind,
                    not self.call or one.call == self.call))  # fmt: skip
        return wanted and same and (self.since is None or (one.case.stalled_at or self.since) >= self.since)


def failures(session: Session) -> list[Failed]:
    """Return every stalled case with its last failure, the longest stalled first; tracebacks are read elsewhere."""
    asked = select(Bell.id).where(Bell.case_id == Case.id, col(Bell.answered_at).is_(None)).exists()
    error = func.left(Run.error, 2000)
    rows = session.exec(
        select(Case, Organisation.name, Call.code, Run.id, Run.failed_step, error, Run.attempt, Run.ended_at, asked)  # type: ignore[call-overload]
        .join(Run, (col(Run.case_id) == Case.id) & (col(Run.state) == RunState.FAILED))
        .join(Application, col(Application.id) == Case.application_id)
        .join(Call, col(Call.id) == Application.call_id)
        .join(Organisation, col(Organisation.id) == Application.organisation_id)
        .where(col(Case.stalled_at).is_not(None), col(Run.ended_at) >= col(Case.stalled_at) - A_SECOND)
        .order_by(col(Case.stalled_at), col(Case.reference), col(Run.started_at))
    )
    found: dict[UUID, Failed] = {}
    for case, unit, call, run_id, step, said, attempt, ended_at, waits in rows:
        cause, before = Cause.of(step, said), found.get(case.id)
        first = before.first_at if before and before.cause == cause else ended_at
        found[case.id] = Failed(case, unit, call, run_id, cause, attempt, first, ended_at, waits)
    return list(found.values())


def grouped(failed: Iterable[Failed]) -> list[Group]:
    """Put what has one cause together, the largest group first."""
    groups: dict[Cause, Group] = {}
    for one in failed:
        groups.setdefault(one.cause, Group(one.cause)).cases.append(one)
    return sorted(groups.values(), key=lambda group: (-len(group.cases), group.first_at, group.cause.key))


def of_cause(failed: Iterable[Failed], key: str) -> Group | None:
    """Return the group of that name."""
    return next((group for group in grouped(failed) if group.cause.key == key), None)
