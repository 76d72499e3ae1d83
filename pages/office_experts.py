"""The pool of experts in the office's hands: the list, its search, and the workbook to fill in."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.experts.importing import template
from casework.experts.mixture import fields_in_words
from casework.experts.pool import FIELDS, KINDS, STATES, Entry, PoolSearch, count_experts, experts
from core.addresses import words
from core.db import reading
from core.i18n import gettext, marked
from core.spreadsheets import MEDIA_TYPE
from pages.downloads import download
from pages.kit import Column, Option
from pages.office_lines import LONGEST_CURSOR, Officer
from pages.rendering import page

router = APIRouter()

ADDRESS = "/office/experts"
COLUMNS = (marked("姓名"), marked("专家类别"), marked("任职单位"), marked("推荐单位"), marked("聘期"), marked("状态"))
LOOKS = {"active": "done", "unknown": "waiting", "ahead": "waiting", "expired": "plain", "suspended": "warn",
         "closed": "withdrawn"}  # fmt: skip


@dataclass(frozen=True)
class ExpertLine:
    """One expert in words; `state` is a badge's text and kind."""

    entry: Entry
    href: str
    kind: str
    fields: str
    employer: str
    more: int
    state: tuple[str, str]


@dataclass(frozen=True)
class ExpertsPage:
    """One page of the pool."""

    lines: list[ExpertLine]
    total: int
    next: str
    search: PoolSearch
    kinds: list[Option]
    fields: list[Option]
    columns: list[Column]


@router.get(ADDRESS)
def pool(request: Request, person: Officer) -> Response:
    """List the pool, by kind, field and words."""
    del person
    search = search_of(request.query_params)
    with reading() as session:
        found = experts(session, search)
        total = count_experts(session, search)
    context = ExpertsPage(
        lines=[line_of(one) for one in found.rows],
        total=total,
        next=found.next,
        search=search,
        kinds=kind_options(),
        fields=field_options(),
        columns=[Column(gettext(title)) for title in COLUMNS],
    )
    return page(request, "office/experts.html", context)


@router.get(f"{ADDRESS}/template.xlsx")
def blank_workbook(person: Officer) -> Response:
    """Give the workbook to fill in."""
    del person
    return download(template(), f"{gettext('专家库导入模板')}.xlsx", MEDIA_TYPE)


def line_of(entry: Entry) -> ExpertLine:
    """Put an expert into words."""
    known, current = entry.profile, [one.employer for one in entry.employments if not one.to_on]
    return ExpertLine(
        entry=entry,
        href=f"{ADDRESS}/{entry.user.id}",
        kind=gettext(KINDS[known.kind]) if known else "",
        fields=fields_in_words(known.fields) if known else "",
        employer=gettext("、").join(current),
        more=len(entry.employments) - len(current),
        state=(gettext(STATES[entry.state]), LOOKS[entry.state]),
    )


def kind_options() -> list[Option]:
    """Offer the two kinds."""
    return [Option(kind, gettext(title)) for kind, title in KINDS.items()]


def field_options() -> list[Option]:
    """Offer the domains of the form."""
    return [Option(key, gettext(title)) for key, title in FIELDS.items()]


def search_of(query: Mapping[str, str]) -> PoolSearch:
    """Read a search from an address; a word that names nothing is left out."""
    kind, field = query.get("kind", ""), query.get("field", "")
    return PoolSearch(
        words=words(query.get("q", "")),
        kind=kind if kind in set(KINDS) else "",
        field=field if field in FIELDS else "",
        after=query.get("after", "")[:LONGEST_CURSOR],
    )
