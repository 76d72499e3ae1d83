"""The book of stories: one database, turned back to a bookmark where others would make a new one for each story."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from time_machine import Traveller

from casework.calls import by_code
from casework.demonstration import CALL
from core import db
from tests.stories.telling import Story, an_application
from tests.turned_back import keeping, putting_back, tables

BEGINS = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
"""Monday, 14 September 2026, 09:00 in Hubei: a make-up Sunday, Mid-Autumn and the National Day lie ahead."""
CLOSES = BEGINS + timedelta(days=47)

NEW = "newly seeded"
DRAFT = "complete form"
ACTS: dict[str, Callable[[Story], object]] = {
    "local review": Story.submits,
    "panel to be named": Story.recommends,
    "expert review": Story.assembles_panel,
    "conclusion": Story.review,
    "team to be named": Story.concludes,
    "site inspection": Story.assembles_team,
    "certification": Story.inspect,
    "certified": Story.certifies,
}
"""Where a story may be opened, and what happened just before."""
PAGES = [DRAFT, *ACTS]


class Book:
    """Opens stories; a page that was reached once is not told again."""

    def __init__(self, clock: Traveller, marked: dict[str, Story]) -> None:
        self.clock = clock
        self.marked = marked

    def open_at(self, page: str) -> Story:
        """Turn to a page: the record as it was there, ten minutes after the page before it."""
        if page in self.marked:
            turn_back(page)
        else:
            self.marked[page] = self.told_to(page)
            mark(page)
        self.clock.move_to(hour_of(page) + timedelta(minutes=5))
        return replace(self.marked[page])

    def told_to(self, page: str) -> Story:
        if page == DRAFT:
            turn_back(NEW)
            self.clock.move_to(BEGINS)
            return begun()
        story = self.open_at(PAGES[PAGES.index(page) - 1])
        self.clock.move_to(hour_of(page))
        ACTS[page](story)
        return story


def begun() -> Story:
    """Begin with a complete form in the demonstration's call, which is open in September and October."""
    with db.transaction() as session:
        call = by_code(session, CALL)
        call.opens_at, call.closes_at = BEGINS - timedelta(days=13), CLOSES
        session.flush()
        return Story(an_application(session))


def hour_of(page: str) -> datetime:
    return BEGINS + timedelta(minutes=10 * PAGES.index(page))


def mark(page: str) -> None:
    """Keep every row of every table aside."""
    carry_out(keeping(schema(page)))


def turn_back(page: str) -> None:
    """Put back the rows that were kept aside, and no others."""
    carry_out(putting_back(schema(page), tables(), tables()))


def schema(page: str) -> str:
    return page.replace(" ", "_")


def carry_out(statements: str) -> None:
    with db.engine().begin() as connection:
        connection.exec_driver_sql(statements)
