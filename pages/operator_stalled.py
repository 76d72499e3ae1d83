"""Stalled cases: what failed, why, how often; running them again, one or all that are ticked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from starlette.responses import Response

from casework import bells
from casework.cases import by_reference, held
from casework.people import Person
from casework.run_words import reason_in_words, step_in_words
from casework.runs import Stalled, run_again, stalled
from core.clock import now
from core.db import reading, transaction
from core.errors import CaseClosed, Conflict, NotFound
from core.i18n import gettext, marked
from flows.gateway import is_there, page_of, ring
from models.case import Case
from pages.forms import Form
from pages.kit import Column
from pages.rendering import page, redirect
from pages.session import Holding
from pages.submission import Submitted
from regulation.definition import BY_KEY
from regulation.roles import Role

router = APIRouter()

Operator = Annotated[Person, Depends(Holding(Role.OPERATOR))]

ADDRESS = "/operator/stalled"
A_MINUTE = timedelta(minutes=1)
MOST_AT_ONCE = 200
MOST_NAMED = 40
"""References that fit in a notice."""

BELL_COLUMNS = (
    Column(marked("编号")),
    Column(marked("事件")),
    Column(marked("发生时间")),
    Column(marked("已通知次数"), numeric=True),
    Column(marked("上次通知")),
)
ASKED = marked("已请求重新运行：{cases}。")
LATER = marked("已记下重新运行：{cases}。流程引擎暂不响应，恢复后会自动运行，无须再次操作。")
NO_LONGER = marked("未重新运行（已不在停滞状态）：{cases}。")
NOTHING_CHOSEN = marked("请先勾选要重新运行的申报。")


@dataclass(frozen=True)
class StalledLine:
    """One stalled case as the page shows it."""

    reference: str
    unit: str
    stage: str
    step: str
    error: str
    traceback: str
    attempts: int
    since: datetime
    engine_page: str
    asked: bool


@dataclass(frozen=True)
class SilentBell:
    """News that no run has dealt with for a while."""

    reference: str
    reason: str
    since: datetime
    attempts: int
    last_rung_at: datetime | None
    engine_page: str


@dataclass(frozen=True)
class StalledPage:
    """What stands still, and whether the engine answers."""

    lines: list[StalledLine]
    bells: list[SilentBell]
    bell_columns: list[Column]
    engine: bool
    sentence: str = ""


@dataclass(frozen=True)
class Done:
    """What came of asking for runs, by reference."""

    asked: list[Case]
    no_longer: list[str]


@router.get(ADDRESS)
def show(request: Request, person: Operator) -> Response:
    """List the stalled cases and the bells without an answer; the engine is asked for a sign of life."""
    del person
    return page(request, "operator/stalled.html", _page())


@router.post(ADDRESS)
def act(request: Request, form: Submitted, person: Operator, after: BackgroundTasks) -> Response:
    """Ask for another run of one case, or of those that are ticked, and say what came of each."""
    chosen = _chosen(form)
    if not chosen:
        return page(request, "operator/stalled.html", _page(gettext(NOTHING_CHOSEN)), status=422)
    done = _run_again(chosen, person)
    for case in done.asked:
        after.add_task(ring, case.id)
    engine = not done.asked or is_there()
    return redirect(request, ADDRESS, notice=_told(done, engine=engine), kind=_mood(done, engine=engine))


def _chosen(form: Form) -> list[str]:
    one = form.value("only")
    return [one] if one else list(dict.fromkeys(filter(None, form.values_of("ids"))))[:MOST_AT_ONCE]


def _run_again(references: Sequence[str], person: Person) -> Done:
    """Hang a bell on each case, each in a transaction of its own: one that recovered meanwhile keeps no other back."""
    done = Done([], [])
    for reference in references:
        try:
            with transaction() as session:
                case = held(session, by_reference(session, reference).id)
                run_again(session, case, by=person)
        except (Conflict, CaseClosed, NotFound):
            done.no_longer.append(reference)
        else:
            done.asked.append(case)
    return done


def _told(done: Done, *, engine: bool) -> str:
    said = []
    if done.asked:
        said.append(gettext(ASKED if engine else LATER, cases=_named([case.reference for case in done.asked])))
    if done.no_longer:
        said.append(gettext(NO_LONGER, cases=_named(done.no_longer)))
    return " ".join(said)


def _mood(done: Done, *, engine: bool) -> str:
    return "good" if engine and not done.no_longer else "warn"


def _named(references: Sequence[str]) -> str:
    shown = gettext("、").join(reference[:20] for reference in references[:MOST_NAMED])
    return gettext("{cases} 等 {n} 件", cases=shown, n=len(references)) if len(references) > MOST_NAMED else shown


def _page(sentence: str = "") -> StalledPage:
    with reading() as session:
        lines = [_line(one) for one in stalled(session)]
        silent = bells.silent(session, now() - A_MINUTE)
    return StalledPage(
        lines=lines,
        bells=[
            SilentBell(
                case.reference, reason_in_words(bell.reason), bell.created_at, bell.attempts, bell.last_rung_at,
                page_of(bell.flow_run_id) if bell.flow_run_id else "",
            )
            for bell, case in silent
        ],
        bell_columns=[Column(gettext(one.title), numeric=one.numeric) for one in BELL_COLUMNS],
        engine=is_there(),
        sentence=sentence,
    )  # fmt: skip


def _line(one: Stalled) -> StalledLine:
    return StalledLine(
        reference=one.case.reference,
        unit=one.unit,
        stage=gettext(BY_KEY[one.case.stage].title),
        step=step_in_words(one.run.failed_step),
        error=one.run.error,
        traceback=one.run.traceback,
        attempts=one.run.attempt,
        since=one.since,
        engine_page=page_of(one.run.flow_run_id),
        asked=one.asked,
    )
