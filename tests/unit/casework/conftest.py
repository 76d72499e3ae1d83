"""The book of stories, opened where an act or a question is tried; one database a file."""

from collections.abc import Callable, Iterator

import pytest

from tests.stories.book import Book
from tests.stories.conftest import a_shelf, clock
from tests.stories.telling import Story

__all__ = ["clock"]


@pytest.fixture(scope="module")
def shelf(postgres_url, template, tmp_path_factory) -> Iterator[dict[str, Story]]:
    yield from a_shelf(postgres_url, template, tmp_path_factory)


@pytest.fixture
def opened_at(shelf, clock) -> Callable[[str], Story]:
    return Book(clock, shelf).open_at
