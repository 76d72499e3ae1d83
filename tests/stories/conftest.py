"""Every story is run again over its own record when it has been told: nothing may change (the law of replay)."""

from collections.abc import Iterator

import pytest

from core.db import transaction
from tests.stories.telling import Story, an_application, replayed


@pytest.fixture
def story(database: str) -> Iterator[Story]:
    """Begin a story with a complete application in an open call."""
    del database
    with transaction() as session:
        told = Story(an_application(session))
    yield told
    if told.case_id:
        assert all(replayed(told)), "the law of replay: a second run over the same record changed something"
