"""Cases as the office reads them: one line in words for board, table and file, and the search an address asks for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from casework.overview import CLOSED, OPEN, ORDERS, Row, Search
from casework.people import Person
from core.addresses import words
from core.i18n import gettext, marked
from pages.kit import Option
from pages.session import Holding
from regulation.areas import AREA_NAMES
from regulation.definition import BY_KEY, STAGES
from regulation.outcomes import Outcome
from regulation.roles import DUTY_ROLES, Duty, Role

Overseer = Annotated[Person, Depends(Holding(Role.OFFICE, Role.AUDITOR))]
Officer = Annotated[Person, Depends(Holding(Role.OFFICE))]

LONGEST_CURSOR = 1200
OVERDUE, STALLED = "overdue", "stalled"
MARKS = {OVERDUE: marked("已逾期"), STALLED: marked("已停滞")}
ENDINGS = {one: marked("已认定") if one is Outcome.APPROVED else one.title for one in Outcome}
TURNS = tuple(dict.fromkeys(DUTY_ROLES.values()))


@dataclass(frozen=True)
class Line:
    """One case in words; `mark` is a badge's text and kind, `waiting` who must act and on what."""

    row: Row
    href: str
    stage: str
    area: str
    mark: tuple[str, str]
    waiting: list[tuple[str, str]]
    act: str

    @property
    def who(self) -> str:
        """Everyone who must act."""
        return gettext("、").join(who for who, _ in self.waiting)


def line_of(row: Row, person: Person) -> Line:
    """Put a case into words for this reader; an officer finds the way to the office's own duty."""
    return Line(
        row=row,
        href=f"/cases/{row.case.reference}",
        stage=gettext(BY_KEY[row.case.stage].title),
        area=gettext(AREA_NAMES[row.area]) if row.area in AREA_NAMES else "",
        mark=_mark(row),
        waiting=_waiting(row),
        act=next((f"/duties/{one}" for one in _own(row) if person.has(Role.OFFICE)), ""),
    )


def _mark(row: Row) -> tuple[str, str]:
    if row.case.stalled_at:
        return gettext(MARKS[STALLED]), STALLED
    if row.case.outcome:
        return gettext(ENDINGS[row.case.outcome]), row.case.outcome
    return "", ""


def _waiting(row: Row) -> list[tuple[str, str]]:
    """Name the holders of each duty together: a panel of five reads as one line; the unit itself is just the unit."""
    by_duty: dict[str, list[str]] = {}
    for turn in row.turns:
        correcting = turn.assignment and turn.assignment.duty is Duty.CORRECT
        holder = Role.APPLICANT.title if correcting else turn.holder
        by_duty.setdefault(gettext(turn.duty), []).append(gettext(holder))
    return [(gettext("、").join(dict.fromkeys(holders)), duty) for duty, holders in by_duty.items()]


def _own(row: Row) -> list[UUID]:
    return [turn.assignment.id for turn in row.turns if turn.assignment and turn.assignment.duty.role is Role.OFFICE]


def search_of(query: Mapping[str, str]) -> Search:
    """Read a search from an address; a word that names nothing is left out."""
    mark = query.get("mark", "")
    sort = query.get("sort", "")
    return Search(
        words=words(query.get("q", "")),
        call=words(query.get("call", "")),
        stage=_known(query.get("stage", ""), BY_KEY),
        area=_known(query.get("area", ""), AREA_NAMES),
        recommender=_id(query.get("recommender", "")),
        outcome=_known(query.get("outcome", ""), {OPEN, CLOSED, *Outcome}),
        turn=_known(query.get("turn", ""), set(TURNS)),
        overdue=mark == OVERDUE,
        stalled=mark == STALLED,
        sort=sort if sort.removeprefix("-") in ORDERS else Search.sort,
        after=query.get("after", "")[:LONGEST_CURSOR],
    )


def stage_options() -> list[Option]:
    """Offer the stages."""
    return [Option(one.key, gettext(one.title)) for one in STAGES]


def outcome_options() -> list[Option]:
    """Offer open, closed, and the ways a case can end."""
    ends = [Option(one, gettext(title)) for one, title in ENDINGS.items() if one is not Outcome.RETURNED]
    return [Option(OPEN, gettext("在办")), Option(CLOSED, gettext("已办结（全部）")), *ends]


def mark_options() -> list[Option]:
    """Offer what is marked."""
    return [Option(key, gettext(title)) for key, title in MARKS.items()]


def turn_options() -> list[Option]:
    """Offer the roles that may have to act."""
    return [Option(role, gettext(role.title)) for role in TURNS]


def _known(given: str, known: Collection[str]) -> str:
    return given if given in known else ""


def _id(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
