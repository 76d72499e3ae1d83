"""All runs of a case's flow as one history: why each woke, what it did, how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.access import Sight
from casework.run_words import did_in_words, ended_in_words, reason_in_words, step_in_words
from core.i18n import gettext
from flows.gateway import page_of
from models.engine import Run, RunState, RunStep

LOOKS = {
    RunState.RUNNING: "current",
    RunState.WAITING: "waiting",
    RunState.CLOSED: "done",
    RunState.FAILED: "failed",
    RunState.LOST: "failed",
}


@dataclass(frozen=True)
class StepLine:
    """One step a run took: what it did; its name only where nobody has taught us the words."""

    name: str
    did: str
    at: datetime


@dataclass(frozen=True)
class RunLine:
    """One waking of the case."""

    number: int
    reason: str
    state: str
    look: str
    attempt: int
    started_at: datetime
    took: str
    steps: list[StepLine]
    failed_step: str
    error: str
    traceback: str
    page: str


def runs_for(runs: Sequence[tuple[Run, list[RunStep]]], sight: Sight) -> list[RunLine]:
    """Return every waking, the newest first; tracebacks and the engine's own pages only for those who run it."""
    return [_line(number, run, steps, sight) for number, (run, steps) in enumerate(runs, 1)][::-1]


def _line(number: int, run: Run, steps: list[RunStep], sight: Sight) -> RunLine:
    return RunLine(
        number=number,
        reason=gettext("；").join(reason_in_words(reason) for reason in run.reason.split(" · ") if reason),
        state=ended_in_words(run.ended_in) if run.ended_at else gettext("正在运行"),
        look=LOOKS[run.state],
        attempt=run.attempt,
        started_at=run.started_at,
        took=_took(run),
        steps=[_step(step) for step in steps],
        failed_step=step_in_words(run.failed_step),
        error=gettext(run.error) if run.error else "",
        traceback=run.traceback if sight.engine else "",
        page=page_of(run.flow_run_id) if sight.engine else "",
    )


def _step(step: RunStep) -> StepLine:
    did = did_in_words(step.did)
    return StepLine("" if did != step.did else step_in_words(step.step), did, step.at)


def _took(run: Run) -> str:
    if not run.ended_at:
        return ""
    seconds = (run.ended_at - run.started_at).total_seconds()
    return gettext("{n} 毫秒", n=round(seconds * 1000)) if seconds < 1 else gettext("{n} 秒", n=f"{seconds:.1f}")
