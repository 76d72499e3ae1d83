"""The board: every open application in its stage, with what is urgent on top."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.boards import Board, Column, Figures, board
from casework.calls import all_calls
from casework.overview import OPEN, Row, Search
from casework.people import Person
from core.db import reading
from core.i18n import gettext, marked
from pages.kit import BoardCard, BoardColumn, Option, Tile
from pages.office_lines import Line, Overseer, line_of, search_of
from pages.public import area_options
from pages.rendering import page
from regulation.definition import BY_KEY
from regulation.outcomes import Outcome
from regulation.roles import Role

router = APIRouter()

IN_A_COLUMN = 20
LAST = "publication"
SUBMISSION = "submission"
TITLES = {SUBMISSION: marked("补正申报"), LAST: marked("公布（近 30 日）")}
"""What a column is called where the stage's own name would mislead: a new application leaves submission at once."""


@dataclass(frozen=True)
class BoardPage:
    """The board, its figures and its two filters."""

    tiles: list[Tile]
    columns: list[BoardColumn]
    search: Search
    calls: list[Option]
    areas: list[Option]
    empty: bool


@router.get("/office/board")
def show(request: Request, person: Overseer) -> Response:
    """Show all open applications by stage."""
    asked = search_of(request.query_params)
    search = Search(call=asked.call, area=asked.area, limit=IN_A_COLUMN)
    with reading() as session:
        found = board(session, person, search)
        calls = [Option(call.code, f"{call.code}　{call.title}") for call in all_calls(session)]
    context = BoardPage(
        tiles=_tiles(found.figures, search),
        columns=[_column(column, found, search, person) for column in found.columns],
        search=search,
        calls=calls,
        areas=area_options(),
        empty=not found.figures.open and not found.certified,
    )
    return page(request, "office/board.html", context)


def _column(column: Column, found: Board, search: Search, person: Person) -> BoardColumn:
    cards = [_card(line_of(row, person)) for row in column.rows]
    title = gettext(TITLES.get(column.stage, BY_KEY[column.stage].title))
    asked: dict[str, Any] = {"stage": column.stage, "outcome": OPEN}
    total = column.total
    if column.stage == LAST:
        cards += [_certified(line_of(row, person)) for row in found.certified]
        asked = {"outcome": Outcome.APPROVED, "sort": "days"}
        total += found.figures.certified_lately
    return BoardColumn(title, total, cards, _table(search, **asked) if total > len(cards) else "")


def _card(line: Line) -> BoardCard:
    row: Row = line.row
    return BoardCard(
        reference=row.case.reference,
        title=row.unit,
        href=line.href,
        place=line.area,
        waiting_for=line.who,
        days_in_stage=row.days,
        due_on=row.due_on,
        badge=line.mark[0],
    )


def _certified(line: Line) -> BoardCard:
    row: Row = line.row
    note = gettext("{n} 天前", n=row.days) if row.days else gettext("今天")
    return BoardCard(
        row.case.reference, row.unit, line.href, line.area, badge=line.mark[0], mark=line.mark[1], note=note
    )


def _tiles(figures: Figures, search: Search) -> list[Tile]:
    table = _table
    return [
        Tile(gettext("在办申报"), str(figures.open), gettext("各环节合计"), table(search, outcome=OPEN)),
        Tile(
            gettext("待继教办办理"), str(figures.office), gettext("组建评审、安排考察"), table(search, turn=Role.OFFICE)
        ),
        Tile(
            gettext("三日内到期"), str(figures.due_soon), gettext("按应办结日期"), table(search, outcome=OPEN),
            "warn" if figures.due_soon else "plain",
        ),
        Tile(
            gettext("已逾期"), str(figures.overdue), gettext("请催办"), table(search, mark="overdue", outcome=OPEN),
            "bad" if figures.overdue else "plain",
        ),
        Tile(
            gettext("已停滞"), str(figures.stalled), gettext("由运维人员处理"), table(search, mark="stalled"),
            "bad" if figures.stalled else "plain",
        ),
        Tile(
            gettext("本年认定"), str(figures.certified), gettext("另有 {n} 件未获认定而办结", n=figures.ended),
            table(search, outcome=Outcome.APPROVED, sort="days"), "good",
        ),
    ]  # fmt: skip


def _table(search: Search, **asked: str) -> str:
    """Return the address of the table with the same call and area."""
    kept = {"call": search.call, "area": search.area} | asked
    return f"/office/cases?{urlencode({name: value for name, value in kept.items() if value})}"
