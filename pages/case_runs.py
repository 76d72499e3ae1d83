"""All runs of a case's flow as one history: why each woke, what it did, how it ended."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.access import Sight
from core.i18n import gettext, marked
from flows.gateway import page_of
from models.engine import Run, RunState, RunStep
from regulation.definition import BY_KEY, STAGES
from regulation.outcomes import TITLES, Outcome

REASONS = {
    "submitted": marked("收到申报材料"),
    "reviewed": marked("收到评审意见"),
    "panel-assembled": marked("专家评审委员会已组建"),
    "team-assembled": marked("考察组已安排"),
    "run again": marked("运维人员要求重新运行"),
}
STEPS = {
    "open_round": marked("开启环节"),
    "close_round": marked("办结环节"),
    "call_the_chair": marked("请主任委员作结论"),
    "issue_certificate": marked("制发证书"),
    "publish": marked("公布"),
}
ENDED_IN = {
    "Certified": marked("已认定并公布"),
    "Failed": marked("运行失败"),
    "Lost": marked("运行中断"),
    **{str(outcome).capitalize(): title for outcome, title in TITLES.items()},
}
AWAITING = {stage.awaiting: stage for stage in STAGES}
LOOKS = {
    RunState.RUNNING: "current",
    RunState.WAITING: "waiting",
    RunState.CLOSED: "done",
    RunState.FAILED: "failed",
    RunState.LOST: "failed",
}
OPENED = re.compile(r"opened ([a-z-]+) round ([0-9]+)")
CLOSED = re.compile(r"closed ([a-z-]+) round ([0-9]+): ([a-z]+)")
NUMBERED = re.compile(r"(issued|published) (.+)")
DECIDED = re.compile(r"([a-z-]+) ([a-z]+)")


@dataclass(frozen=True)
class StepLine:
    """One step a run took."""

    title: str
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
        steps=[StepLine(step_in_words(step.step), did_in_words(step.did), step.at) for step in steps],
        failed_step=step_in_words(run.failed_step),
        error=gettext(run.error) if run.error else "",
        traceback=run.traceback if sight.engine else "",
        page=page_of(run.flow_run_id) if sight.engine else "",
    )


def _took(run: Run) -> str:
    if not run.ended_at:
        return ""
    seconds = (run.ended_at - run.started_at).total_seconds()
    return gettext("{n} 毫秒", n=round(seconds * 1000)) if seconds < 1 else gettext("{n} 秒", n=f"{seconds:.1f}")


def reason_in_words(reason: str) -> str:
    """Return why a run woke: the bell's few words, as a sentence; unknown ones as they are."""
    if reason in REASONS:
        return gettext(REASONS[reason])
    found = DECIDED.fullmatch(reason)
    return _outcome(found[1], found[2]) if found and _knows(found[1], found[2]) else reason


def step_in_words(step: str) -> str:
    """Return the name of a step; one nobody has taught us as it is."""
    return gettext(STEPS.get(step, step)) if step else ""


def did_in_words(did: str) -> str:
    """Return what a step did, as a sentence; unknown words as they are."""
    if did == "called the chair":
        return gettext("评审意见已收齐，请主任委员作出结论")
    if (found := CLOSED.fullmatch(did)) and _knows(found[1], found[3]):
        return gettext("第 {n} 轮办结，{what}", n=found[2], what=_outcome(found[1], found[3]))
    if (found := OPENED.fullmatch(did)) and found[1] in BY_KEY:
        return gettext("{stage}，第 {n} 轮", stage=gettext(BY_KEY[found[1]].title), n=found[2])
    return found[2] if (found := NUMBERED.fullmatch(did)) else did


def ended_in_words(ended_in: str) -> str:
    """Return the state a run ended in: what the case waits for, or how it ended."""
    if ended_in in AWAITING:
        waits_for = AWAITING[ended_in]
        title = gettext("补正") if waits_for.key == "submission" else gettext(waits_for.title)
        return gettext("等待{stage}", stage=title)
    return gettext(ENDED_IN.get(ended_in, ended_in))


def _knows(stage: str, outcome: str) -> bool:
    return stage in BY_KEY and outcome in set(TITLES)


def _outcome(stage: str, outcome: str) -> str:
    known = BY_KEY[stage]
    words = gettext(known.words_for(Outcome(outcome)))
    return gettext("{stage}：{outcome}", stage=gettext(known.title), outcome=words)
