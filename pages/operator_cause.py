"""One cause: the cases it has stalled, each with its traceback, every attempt and the letters affected."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session, col, func, select
from starlette.responses import Response

from casework.causes import Cause, Failed, Group, failures, first_line, of_cause
from casework.figures import WAITING
from casework.run_words import ended_in_words, step_in_words
from core.addresses import Words
from core.db import reading
from core.errors import NotFound
from core.i18n import gettext
from flows.gateway import page_of
from models.engine import Run, RunState
from models.message import Message, MessageState
from pages.case_letters import STATES
from pages.kit import Crumb
from pages.operator_stalled import ADDRESS, Operator, search_of
from pages.rendering import page
from regulation.definition import BY_KEY

router = APIRouter()

A_PAGE = 40
"""How many cases of a cause are shown at once; all of them can be run again all the same."""


@dataclass(frozen=True)
class Attempt:
    """One run of a stalled case, as its line shows it."""

    run: Run
    ended: str
    error: str
    page: str


@dataclass(frozen=True)
class CaseLine:
    """One stalled case; `letters` are badges: what waits, failed, or is of unknown fate."""

    told: Failed
    stage: str
    error: str
    traceback: str
    attempts: list[Attempt]
    letters: list[tuple[str, str]]
    page: str


@dataclass(frozen=True)
class CausePage:
    """One cause with its cases."""

    group: Group
    step: str
    error: str
    lines: list[CaseLine]
    rest: int
    next: str
    most: int
    crumbs: list[Crumb]


@router.get(ADDRESS + "/{cause}")
def show(request: Request, cause: Words, person: Operator) -> Response:
    """Show the cases of a cause; the questions asked of the database are as many for one case as for hundreds."""
    del person
    search, first = search_of(request), _place(request.query_params.get("from", ""))
    with reading() as session:
        group = of_cause((one for one in failures(session) if search.fits(one)), cause)
        if not group:
            raise NotFound
        shown = group.cases[first : first + A_PAGE]
        lines = _lines(session, shown)
    end = first + len(shown)
    context = CausePage(
        group=group,
        step=step_in_words(group.cause.step),
        error=_said(group.cause),
        lines=lines,
        rest=len(group.cases) - end,
        next=str(request.url.include_query_params(**{"from": end}).query) if end < len(group.cases) else "",
        most=A_PAGE,
        crumbs=[Crumb(gettext("停滞事项"), ADDRESS), Crumb(step_in_words(group.cause.step) or "—")],
    )
    return page(request, "operator/cause.html", context)


def _said(cause: Cause) -> str:
    return gettext(cause.error) if cause.error else gettext("没有出错信息")


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _lines(session: Session, shown: Sequence[Failed]) -> list[CaseLine]:
    cases = [one.case.id for one in shown]
    runs: dict[UUID, list[Run]] = {case_id: [] for case_id in cases}
    found = select(Run).where(col(Run.case_id).in_(cases)).order_by(col(Run.started_at).desc())
    for run in session.exec(found):
        runs[run.case_id].append(run)
    letters = _letters(session, cases)
    return [_line(one, runs[one.case.id], letters.get(one.case.id, [])) for one in shown]


def _letters(session: Session, cases: Sequence[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    counted = select(Message.case_id, Message.state, func.count()).where(col(Message.case_id).in_(cases))
    counted = counted.where(col(Message.state).in_(WAITING)).group_by(col(Message.case_id), Message.state)
    found: dict[UUID, list[tuple[str, str]]] = {}
    for case_id, state, n in sorted(session.exec(counted), key=lambda row: WAITING.index(MessageState(row[1]))):
        title, look = STATES[MessageState(state)]
        if case_id:
            found.setdefault(case_id, []).append((gettext("{what} {n} 封", what=gettext(title), n=n), look))
    return found


def _line(one: Failed, runs: list[Run], letters: list[tuple[str, str]]) -> CaseLine:
    last = next(run for run in runs if run.id == one.run_id)
    return CaseLine(
        told=one,
        stage=gettext(BY_KEY[one.case.stage].title),
        error=gettext(first_line(last.error)) if last.error else gettext("没有出错信息"),
        traceback=last.traceback,
        attempts=[
            Attempt(run, _ended(run), gettext(first_line(run.error)) if run.error else "", page_of(run.flow_run_id))
            for run in runs
        ],
        letters=letters,
        page=page_of(last.flow_run_id),
    )


def _ended(run: Run) -> str:
    if run.state is RunState.RUNNING:
        return gettext("正在运行")
    failed = run.state is RunState.FAILED and run.failed_step
    ended = ended_in_words(run.ended_in)
    return gettext("{ended}：{step}", ended=ended, step=step_in_words(run.failed_step)) if failed else ended
