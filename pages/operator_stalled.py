"""Stalled cases by cause: what failed, how, where, since when, how many cases; and the bells without an answer."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from casework import bells
from casework.causes import CauseSearch, Failed, Group, failures, grouped
from casework.people import Person
from casework.run_words import reason_in_words, step_in_words
from core.addresses import words
from core.clock import HUBEI, now
from core.db import reading
from core.i18n import gettext, marked
from flows.gateway import is_there, page_of
from pages.kit import Column, Option
from pages.rendering import page
from pages.session import Holding
from regulation.roles import Role

router = APIRouter()

Operator = Annotated[Person, Depends(Holding(Role.OPERATOR))]

ADDRESS = "/operator/stalled"
A_MINUTE = timedelta(minutes=1)

COLUMNS = (
    Column(marked("原因")),
    Column(marked("步骤")),
    Column(marked("首次出现")),
    Column(marked("最近出现")),
    Column(marked("申报"), numeric=True),
)
BELL_COLUMNS = (
    Column(marked("编号")),
    Column(marked("事件")),
    Column(marked("发生时间")),
    Column(marked("已通知次数"), numeric=True),
    Column(marked("上次通知")),
)
ASKED = {"yes": marked("已请求"), "no": marked("未请求")}


@dataclass(frozen=True)
class CauseLine:
    """One cause as the list shows it."""

    group: Group
    href: str
    step: str
    error: str


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
class Choices:
    """What the filters offer, from what stands still now."""

    steps: list[Option]
    kinds: list[Option]
    calls: list[Option]
    asked: list[Option]


@dataclass(frozen=True)
class StalledPage:
    """What stands still and why, and whether the engine answers."""

    lines: list[CauseLine]
    columns: list[Column]
    total: int
    shown: int
    search: CauseSearch
    since: str
    filtered: bool
    choices: Choices
    bells: list[SilentBell]
    bell_columns: list[Column]
    engine: bool


@router.get(ADDRESS)
def show(request: Request, person: Operator) -> Response:
    """List the causes, the one with the most cases first; the engine is asked for a sign of life."""
    del person
    search = search_of(request)
    with reading() as session:
        failed = failures(session)
        silent = bells.silent(session, now() - A_MINUTE)
    meant = [one for one in failed if search.fits(one)]
    context = StalledPage(
        lines=[_line(group, request.url.query) for group in grouped(meant)],
        columns=told(COLUMNS),
        total=len(failed),
        shown=len(meant),
        search=search,
        since=local_day(search.since),
        filtered=search != CauseSearch(),
        choices=choices_of(failed),
        bells=[
            SilentBell(
                case.reference, reason_in_words(bell.reason), bell.created_at, bell.attempts, bell.last_rung_at,
                page_of(bell.flow_run_id) if bell.flow_run_id else "",
            )
            for bell, case in silent
        ],
        bell_columns=told(BELL_COLUMNS),
        engine=is_there(),
    )  # fmt: skip
    return page(request, "operator/stalled.html", context)


def search_of(request: Request) -> CauseSearch:
    """Read which stalled cases are meant; what cannot be read is not asked for."""
    query = request.query_params
    asked = query.get("asked", "")
    return CauseSearch(
        step=words(query.get("step", "")),
        kind=words(query.get("kind", "")),
        call=words(query.get("call", "")),
        since=_midnight(query.get("since", "")),
        asked=asked if asked in ASKED else "",
    )


def choices_of(failed: list[Failed]) -> Choices:
    """Return what the filters offer."""
    steps = sorted({one.cause.step for one in failed})
    return Choices(
        steps=[Option(step, step_in_words(step) or "—") for step in steps if step],
        kinds=[Option(kind, kind) for kind in sorted({one.cause.kind for one in failed}) if kind],
        calls=[Option(call, call) for call in sorted({one.call for one in failed})],
        asked=[Option(key, gettext(title)) for key, title in ASKED.items()],
    )


def told(columns: tuple[Column, ...]) -> list[Column]:
    """Return columns in the reader's language."""
    return [Column(gettext(one.title), numeric=one.numeric) for one in columns]


def local_day(instant: datetime | None) -> str:
    """Return the day of an instant in Hubei, as a field of a day shows it."""
    return instant.astimezone(HUBEI).date().isoformat() if instant else ""


def _midnight(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), HUBEI)
    except ValueError:
        return None


def _line(group: Group, query: str) -> CauseLine:
    href = f"{ADDRESS}/{group.cause.key}"
    return CauseLine(
        group=group,
        href=f"{href}?{query}" if query else href,
        step=step_in_words(group.cause.step),
        error=gettext(group.cause.error) if group.cause.error else gettext("没有出错信息"),
    )
