"""What the pages of a recommending body show: its files of a call by state and rank, and its calls."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlmodel import Session

from casework.calls import all_calls, recommends_still
from casework.people import Person
from casework.quotas import standing_of
from casework.recommending import ranks
from casework.recommending.ranks import Ranked, counts_of, files_of
from core.i18n import gettext, marked
from models.application import Call
from pages.forms import Form
from pages.kit import Column, Crumb, Tile
from pages.reviewer_checks import place_tiles
from regulation.definition import BY_KEY
from regulation.outcomes import Outcome

COLUMNS = (marked("序号"), marked("申报单位"), marked("申报编号"), marked("办理情况"))
CALL_COLUMNS = (marked("批次"), marked("已同意推荐"), marked("候补"), marked("待审核"))
GROUPS = {
    ranks.RECOMMENDED: (marked("已同意推荐"), marked("还没有同意推荐的申报。")),
    ranks.WAITING: (marked("候补"), ""),
    ranks.OPEN: (marked("待审核"), ""),
    ranks.CORRECTING: (marked("申报单位补正中"), ""),
    ranks.ENDED: (marked("已终止"), ""),
}
"""The states of a file in the order of the page: title, and what is said when there is none (nothing: no group)."""
COUNTED = (ranks.RECOMMENDED, ranks.WAITING, ranks.OPEN)


@dataclass(frozen=True)
class Line:
    """One file: where it leads, how far it has come, and the name of the field that holds its number."""

    file: Ranked
    href: str
    where: str
    look: str
    field: str


@dataclass(frozen=True)
class Group:
    """Files of one state; the `ranked` are numbered, and their order can be changed."""

    key: str
    title: str
    ranked: bool
    lines: list[Line]
    empty: str


@dataclass(frozen=True)
class RecommendationsPage:
    """One body's files in one call."""

    call: Call
    body: str
    tiles: list[Tile]
    groups: list[Group]
    columns: list[Column]
    address: str
    sendable: bool
    until: datetime | None
    over: bool
    sortable: bool
    form: Form
    crumbs: list[Crumb]


@dataclass(frozen=True)
class CallLine:
    """One call in which the body has files, counted by state."""

    call: Call
    href: str
    counts: list[int]


@dataclass(frozen=True)
class CallsPage:
    """The calls in which a body has something to recommend."""

    body: str
    lines: list[CallLine]
    columns: list[Column]


def address_of(call: Call) -> str:
    """Return where a body finds its files of a call."""
    return f"/recommendations/{quote(call.code)}"


def recommendations_page(session: Session, call: Call, person: Person, form: Form) -> RecommendationsPage:
    """Gather one body's files in one call."""
    files = files_of(session, call.id, person.organisation_id)
    counted = Counter(one.state for one in files)
    return RecommendationsPage(
        call=call,
        body=person.organisation_name,
        tiles=place_tiles(standing_of(session, call, person.organisation_id)),
        groups=[group for state in GROUPS if (group := _group(state, files))],
        columns=[Column(gettext(title)) for title in COLUMNS],
        address=address_of(call),
        sendable=bool(counted[ranks.RECOMMENDED]),
        until=call.recommend_by,
        over=not recommends_still(call),
        sortable=counted[ranks.RECOMMENDED] > 1 or counted[ranks.WAITING] > 1,
        form=form,
        crumbs=[Crumb(gettext("推荐汇总"), "/recommendations"), Crumb(call.code)],
    )


def calls_page(session: Session, person: Person) -> CallsPage:
    """Gather the calls in which a body has files."""
    counted = counts_of(session, person.organisation_id)
    lines = [
        CallLine(call, address_of(call), [counted[call.id][state] for state in COUNTED])
        for call in all_calls(session)
        if call.id in counted
    ]
    columns = [Column(gettext(title), numeric=number > 0) for number, title in enumerate(CALL_COLUMNS)]
    return CallsPage(person.organisation_name, lines, columns)


def field_of(file: Ranked) -> str:
    """Return the name of the field that holds a file's number."""
    return f"places-{file.case.reference}"


def _group(state: str, files: list[Ranked]) -> Group | None:
    title, empty = GROUPS[state]
    lines = [_line(one) for one in files if one.state == state]
    ranked = state in {ranks.RECOMMENDED, ranks.WAITING}
    return Group(state, gettext(title), ranked, lines, gettext(empty) if empty else "") if lines or empty else None


def _line(file: Ranked) -> Line:
    case = file.case
    outcome = case.outcome
    where = gettext(Outcome(outcome).title) if outcome else gettext(BY_KEY[case.stage].title)
    href = f"/duties/{file.duty}" if file.duty else f"/cases/{case.reference}"
    return Line(file, href, where, str(outcome or "current"), field_of(file))
