"""Causes, previews, reruns with their results, and the figures of an installation."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.common import Given, Instant, Reference, Short, Told, Word
from casework import reruns
from casework.causes import Group, first_line
from casework.figures import Waiting
from casework.foresight import Plan
from casework.reruns import MOST_AT_ONCE, TITLES, Came, Kept
from casework.run_words import did_in_words
from core.i18n import gettext
from flows.gateway import page_of
from flows.watch import Watch
from models.case import Case

ResultWord = Literal["finished", "failed", "running", "unmoved", "refused"]
StepWords = Annotated[list[Word], Field(description="What each step does, in order; `key` is for programs.")]


def steps(did: list[str]) -> list[Word]:
    """Tell steps: as they are written down, and in the reader's language."""
    return [Word(key=one, title=did_in_words(one)) for one in did]


class CasesGiven(Given):
    """Which stalled cases are meant: by reference, or all of a cause."""

    references: Annotated[
        list[Short], Field(default_factory=list, max_length=MOST_AT_ONCE, examples=[["JD-2026-0001"]])
    ]
    cause: Annotated[Short, Field(description="`key` of a cause.", examples=[""])] = ""


class CauseTold(Told):
    """One cause: a step and a kind of error, and the cases it has stalled."""

    key: str = Field(examples=["3f0c2f8e11aa"])
    step: str = Field(examples=["issue_certificate"])
    kind: str = Field(examples=["OSError"])
    error: str = Field(description="Without what differs from case to case.")
    first_at: Instant
    last_at: Instant
    cases: int = Field(examples=[12])
    asked: int = Field(description="Of these, how many were asked to run again already.", examples=[0])
    references: list[str]

    @classmethod
    def of(cls, group: Group) -> "CauseTold":
        """Tell a cause."""
        return cls(
            key=group.cause.key, step=group.cause.step, kind=group.cause.kind, error=gettext(group.cause.error or "—"),
            first_at=group.first_at, last_at=group.last_at, cases=len(group.cases), asked=group.asked,
            references=[one.case.reference for one in group.cases],
        )  # fmt: skip


class CausesTold(Told):
    """Every cause, the one with the most cases first."""

    items: list[CauseTold]


class PlanTold(Told):
    """What a run of one case would do, and what it keeps: nothing of that is done twice, nobody is asked again."""

    reference: Reference
    stalled: bool
    will_run: StepWords
    leads_to: str = Field(examples=["Certified"])
    open_end: bool = Field(description="More may follow, which cannot be known before.")
    certificate: str = Field(examples=["鄂继教基地〔2026〕0001号"])
    letters: int = Field(description="Posted already.", examples=[3])
    decisions: int = Field(description="On record already.", examples=[5])

    @classmethod
    def of(cls, case: Case, plan: Plan, kept: Kept) -> "PlanTold":
        """Tell a plan."""
        return cls(
            reference=case.reference, stalled=bool(case.stalled_at), will_run=steps([one.did for one in plan.steps]),
            leads_to=plan.leads_to, open_end=plan.open_end, certificate=kept.certificate, letters=kept.letters,
            decisions=kept.decisions,
        )  # fmt: skip


class PlansTold(Told):
    """What would be done; nothing was."""

    items: list[PlanTold]


class CameTold(Told):
    """What came of one case; it is `finished` only when a run ended well and took a step."""

    reference: Reference
    result: ResultWord
    title: str = Field(examples=["已完成"])
    foretold: StepWords
    did: StepWords
    error: str
    page: str = Field(description="The run in Prefect's own pages, once there is one.")

    @classmethod
    def of(cls, came: Came) -> "CameTold":
        """Tell what came of a case."""
        return cls(
            reference=came.case.reference, result=came.result.value, title=gettext(TITLES[came.result]),
            foretold=steps(came.row.foretold), did=steps(came.did), error=first_line(came.error) or came.row.refused,
            page=page_of(came.run.flow_run_id) if came.run else "",
        )  # fmt: skip


class RerunTold(Told):
    """A rerun with what has come of it so far."""

    id: UUID
    asked_at: Instant
    by: str = Field(examples=["吴工示例"])
    settled: bool = Field(description="No case is still running.")
    counts: dict[ResultWord, int]
    cases: list[CameTold]

    @classmethod
    def of(cls, told: reruns.Told) -> "RerunTold":
        """Tell a rerun."""
        return cls(
            id=told.rerun.id, asked_at=told.rerun.asked_at, by=told.by.name, settled=told.settled,
            counts={result.value: n for result, n in told.counts.items()},
            cases=[CameTold.of(one) for one in told.cases],
        )  # fmt: skip


class RerunLine(Told):
    """A rerun in the list."""

    id: UUID
    asked_at: Instant
    by: str = Field(examples=["吴工示例"])
    cases: int = Field(examples=[12])


class RerunsTold(Told):
    """The newest reruns."""

    items: list[RerunLine]


class WaitingTold(Told):
    """How many wait, and since when the oldest does."""

    count: int = Field(examples=[0])
    oldest: Instant | None = None

    @classmethod
    def of(cls, waiting: Waiting) -> "WaitingTold":
        """Tell what waits."""
        return cls(count=waiting.count, oldest=waiting.oldest)


class WorkerTold(Told):
    """A worker and its last sign of life."""

    name: str
    at: Instant | None = None
    online: bool


class EngineTold(Told):
    """One look at the installation; the figures are empty when the database does not answer."""

    at: Instant
    engine_answers: bool
    engine_silent_since: Instant | None = None
    workers: list[WorkerTold]
    last_runs: dict[str, Instant | None]
    waiting: dict[str, WaitingTold] = Field(description="stalled, bells, duties, and letters by state.")
    database_bytes: int | None = None
    engine_database_bytes: int | None = None
    disk_free: int | None = None

    @classmethod
    def of(cls, seen: Watch) -> "EngineTold":
        """Tell a look."""
        room, known = seen.room, seen.figures
        waiting = {"stalled": known.stalled, "bells": known.bells, "duties": known.late} if known else {}
        waiting |= {f"letters-{state}": one for state, one in known.letters.items()} if known else {}
        return cls(
            at=seen.at, engine_answers=room.answers, engine_silent_since=room.silent_since,
            workers=[WorkerTold(name=one.name, at=one.at, online=one.online) for one in room.workers],
            last_runs=room.last_runs, waiting={name: WaitingTold.of(one) for name, one in waiting.items()},
            database_bytes=known.database_bytes if known else None,
            engine_database_bytes=known.engine_database_bytes if known else None,
            disk_free=known.disk_free if known else None,
        )  # fmt: skip
