"""Calls in the office's hands: every call with how far it has come."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.boards import Tally, tallies
from casework.calls import all_calls, is_open
from core.clock import now
from core.db import reading
from core.i18n import gettext, marked
from models.application import Call
from pages.kit import Column
from pages.office_lines import Overseer
from pages.rendering import page
from regulation.outcomes import Outcome
from regulation.roles import Role

router = APIRouter()

COLUMNS = (
    Column(marked("批次")),
    Column(marked("申报时间（北京时间）")),
    Column(marked("状态")),
    Column(marked("填报中"), numeric=True),
    Column(marked("已提交"), numeric=True),
    Column(marked("在办"), numeric=True),
    Column(marked("已认定"), numeric=True),
)
STATES = {"open": marked("申报中"), "ahead": marked("未开始"), "lapsed": marked("已截止")}


@dataclass(frozen=True)
class CallRow:
    """One call in the list; `state` is a badge's text and kind."""

    call: Call
    href: str
    state: tuple[str, str]
    tally: Tally
    open: int
    certified: int


@dataclass(frozen=True)
class CallsPage:
    """Every call, the newest first."""

    rows: list[CallRow]
    columns: list[Column]
    may_open: bool


@router.get("/office/calls")
def calls(request: Request, person: Overseer) -> Response:
    """List the calls with how far each has come."""
    with reading() as session:
        found = all_calls(session)
        counted = tallies(session, found, by=person)
    context = CallsPage(
        rows=[call_row(call, counted[call.id]) for call in found],
        columns=[Column(gettext(one.title), numeric=one.numeric) for one in COLUMNS],
        may_open=person.has(Role.OFFICE),
    )
    return page(request, "office/calls.html", context)


def call_row(call: Call, tally: Tally) -> CallRow:
    """Put a call into a line: what state it is in and how far it has come."""
    state = "open" if is_open(call) else "ahead" if call.opens_at > now() else "lapsed"
    return CallRow(
        call=call,
        href=f"/office/calls/{quote(call.code)}",
        state=(gettext(STATES[state]), state),
        tally=tally,
        open=sum(tally.stages.values()),
        certified=tally.outcomes.get(Outcome.APPROVED, 0),
    )
