"""The table of all applications: search, filters, sort, pages, and the same as a file."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.calls import all_calls
from casework.overview import Search, count_cases, every_case, search_cases
from casework.people import recommending_bodies
from core.clock import local, now
from core.db import reading
from core.i18n import gettext, marked
from pages import kit
from pages.downloads import download
from pages.kit import Option
from pages.office_export import table
from pages.office_lines import (
    Line,
    Overseer,
    line_of,
    mark_options,
    outcome_options,
    search_of,
    stage_options,
    turn_options,
)
from pages.public import area_options
from pages.rendering import page

router = APIRouter()

COLUMNS = (
    kit.Column(marked("申报单位"), "unit"),
    kit.Column(marked("编号"), "reference"),
    kit.Column(marked("环节"), "stage"),
    kit.Column(marked("现在轮到")),
    kit.Column(marked("停留天数"), "days", numeric=True),
    kit.Column(marked("应办结"), "due"),
)


@dataclass(frozen=True)
class Choices:
    """What can be filtered by."""

    calls: list[Option]
    stages: list[Option]
    areas: list[Option]
    recommenders: list[Option]
    outcomes: list[Option]
    turns: list[Option]
    marks: list[Option]


@dataclass(frozen=True)
class CasesPage:
    """One page of the table."""

    lines: list[Line]
    total: int
    next: str
    search: Search
    mark: str
    more: bool
    filtered: bool
    choices: Choices
    columns: list[kit.Column]
    export: str


@router.get("/office/cases")
def cases(request: Request, person: Overseer) -> Response:
    """Search all applications."""
    search = search_of(request.query_params)
    with reading() as session:
        found = search_cases(session, person, search)
        context = CasesPage(
            lines=[line_of(row, person) for row in found.rows],
            total=count_cases(session, person, search),
            next=found.next,
            search=search,
            mark="overdue" if search.overdue else "stalled" if search.stalled else "",
            more=any((search.call, search.area, search.recommender, search.turn)),
            filtered=_filtered(search),
            choices=_choices(session),
            columns=[kit.Column(gettext(one.title), one.sort, one.numeric) for one in COLUMNS],
            export=_export_address(request),
        )
    return page(request, "office/cases.html", context)


@router.get("/office/cases.csv")
def export(request: Request, person: Overseer) -> Response:
    """Give every application of the search as a file for a spreadsheet."""
    search = search_of(request.query_params)
    with reading() as session:
        content = table(line_of(row, person) for row in every_case(session, person, search))
    name = f"{gettext('申报一览')}-{local(now()):%Y%m%d-%H%M}.csv"
    return download(content, name, "text/csv; charset=utf-8")


def _choices(session: Session) -> Choices:
    return Choices(
        calls=[Option(call.code, f"{call.code}　{call.title}") for call in all_calls(session)],
        stages=stage_options(),
        areas=area_options(),
        recommenders=[Option(str(body.id), body.name) for body in recommending_bodies(session)],
        outcomes=outcome_options(),
        turns=turn_options(),
        marks=mark_options(),
    )


def _filtered(search: Search) -> bool:
    return search != Search(sort=search.sort, after=search.after)


def _export_address(request: Request) -> str:
    kept = {name: value for name, value in request.query_params.items() if name not in {"after", "lang"}}
    return f"/office/cases.csv?{urlencode(kept)}" if kept else "/office/cases.csv"
