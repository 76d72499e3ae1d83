"""Calls in the office's hands: every call with how far it has come, and one call with its rules."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.boards import Tally, tallies
from casework.calls import all_calls, by_code, is_open
from casework.overview import OPEN
from core.addresses import Words
from core.clock import now
from core.db import reading
from core.i18n import gettext, marked
from models.application import Call
from models.person import User
from pages.kit import Column, Crumb, Tile
from pages.office_lines import ENDINGS, Overseer
from pages.public_sources import Rule, rules
from pages.rendering import page
from regulation.definition import stages_under
from regulation.outcomes import Outcome
from regulation.policy import policy_of
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


@dataclass(frozen=True)
class CallPage:
    """One call: its figures, its window, its rules."""

    row: CallRow
    tiles: list[Tile]
    facts: list[tuple[str, str]]
    rules: list[Rule]
    rule_columns: list[Column]
    crumbs: list[Crumb]


@router.get("/office/calls")
def calls(request: Request, person: Overseer) -> Response:
    """List the calls with how far each has come."""
    with reading() as session:
        found = all_calls(session)
        counted = tallies(session, found, by=person)
    context = CallsPage(
        rows=[_row(call, counted[call.id]) for call in found],
        columns=[Column(gettext(one.title), numeric=one.numeric) for one in COLUMNS],
        may_open=person.has(Role.OFFICE),
    )
    return page(request, "office/calls.html", context)


@router.get("/office/calls/{code}")
def call(request: Request, code: Words, person: Overseer) -> Response:
    """Show one call: its figures by stage, its window, and the rules it was opened with."""
    with reading() as session:
        found = by_code(session, code)
        row = _row(found, tallies(session, [found], by=person)[found.id])
        opener = session.get(User, found.opened_by) if found.opened_by else None
    context = CallPage(
        row=row,
        tiles=_tiles(row),
        facts=[
            (gettext("批次编号"), found.code),
            (gettext("开通人"), opener.name if opener else gettext("系统")),
        ],
        rules=rules(policy_of(found.policy)),
        rule_columns=[Column(gettext("规则")), Column(gettext("数值")), Column(gettext("出处"))],
        crumbs=[Crumb(gettext("批次管理"), "/office/calls"), Crumb(found.code)],
    )
    return page(request, "office/call.html", context)


def _row(call: Call, tally: Tally) -> CallRow:
    state = "open" if is_open(call) else "ahead" if call.opens_at > now() else "lapsed"
    return CallRow(
        call=call,
        href=f"/office/calls/{quote(call.code)}",
        state=(gettext(STATES[state]), state),
        tally=tally,
        open=sum(tally.stages.values()),
        certified=tally.outcomes.get(Outcome.APPROVED, 0),
    )


def _tiles(row: CallRow) -> list[Tile]:
    """Count the call's cases: drafts, each stage, each ending that has happened."""
    tally, code = row.tally, row.call.code
    stages = [
        Tile(gettext(one.title), str(number), gettext("在办"), _table(code, stage=one.key, outcome=OPEN))
        for one in stages_under(policy_of(row.call.policy))
        if (number := tally.stages.get(one.key, 0)) or one.duty
    ]
    ended = [
        Tile(gettext(ENDINGS[one]), str(times), gettext("已办结"), _table(code, outcome=one))
        for one in ENDINGS
        if (times := tally.outcomes.get(one))
    ]
    return [Tile(gettext("填报中"), str(tally.drafts), gettext("尚未提交")), *stages, *ended]


def _table(code: str, **asked: str) -> str:
    return f"/office/cases?{urlencode({'call': code} | asked)}"
