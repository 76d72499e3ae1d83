"""Every story is run again over its own record when it has been told: nothing may change (the law of replay)."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from time_machine import Traveller

from casework.record import Record
from flows.case import CaseInHand
from flows.rehearsal import LEAVES
from tests.conftest import environment, execute
from tests.stories import book
from tests.stories.book import Book
from tests.stories.letters import astray, due_letters, posted_letters
from tests.stories.record import replayed, snapshot, unanswered
from tests.stories.telling import Story


@pytest.fixture(scope="package")
def shelf(postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Story]]:
    """Keep one database for all stories, and what was told in it so far."""
    yield from a_shelf(postgres_url, template, tmp_path_factory)


def a_shelf(postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Story]]:
    name = f"stories_{uuid4().hex[:8]}"
    execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    home = tmp_path_factory.mktemp("stories")
    url = postgres_url.format(database=name)
    with environment(JIDI_DATABASE_URL=url, JIDI_HOME=str(home), JIDI_MAIL_HOST=""):
        book.mark(book.NEW)
        yield {}
    execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> Iterator[Traveller]:
    """Set the clock to where the stories begin; it goes on from there."""
    with time_machine.travel(book.BEGINS) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def foretold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold what a rehearsal supposes of a step to what each step of each story leaves in the record."""
    take = CaseInHand.take

    def held_to_it(case: CaseInHand, step: Any, *args: Any) -> None:
        before = case.record
        take(case, step, *args)
        if case.record != before:
            assert supposed(LEAVES[step.name](before, *args)[1]) == supposed(case.record)

    monkeypatch.setattr(CaseInHand, "take", held_to_it)


def supposed(known: Record) -> tuple[object, ...]:
    """Return what decides which step is next; that a taken-over panel is complete cannot be known before."""
    closed = {key for key, outcome in known.rounds.items() if outcome}
    decided = {key: outcome for key, outcome in known.decisions.items() if key not in closed}
    return known.outcome, known.rounds, decided, known.certified, known.undone


@pytest.fixture
def opened_at(shelf: dict[str, Story], clock: Traveller) -> Iterator[Callable[[str], Story]]:
    """Open the book at a page; when the story has been told, hold it to the laws that bind every story."""
    opened: list[Story] = []

    def open_at(page: str) -> Story:
        opened[:] = [Book(clock, shelf).open_at(page)]
        return opened[0]

    yield open_at
    for story in opened:
        if story.case_id:
            abides_by_the_laws(story)


PROVEN: set[int] = set()
"""Records that were held to the laws; where a story has left no trace, its page need not be tried again."""


def abides_by_the_laws(story: Story) -> None:
    """Every story is run again over its own record, and its letters are counted."""
    if unanswered():
        story.turn()
    record = hash(tuple(snapshot()))
    if record in PROVEN:
        return
    assert replayed(story), "the law of replay: a second run over the same record changed something"
    assert posted_letters() == due_letters(), "one letter for each fact and person, and no other"
    assert not astray(), "a letter leads to a page that is not there"
    PROVEN.add(record)


@pytest.fixture
def story(opened_at: Callable[[str], Story]) -> Story:
    """Begin a story with a complete application in an open call."""
    return opened_at(book.DRAFT)
