"""The API's tests: a database of their own, and an engine that hears the bells."""

from collections.abc import Iterator

import pytest

from core.db import transaction
from flows import gateway
from tests.conftest import environment
from tests.stories.telling import Story, an_application
from tests.unit.api.program import Engine, listening


@pytest.fixture
def engine(database: str, socket_enabled: None) -> Iterator[Engine]:
    """Listen for bells."""
    del database, socket_enabled
    with listening() as heard, environment(JIDI_ENGINE_API_URL=heard.url):
        gateway.deployment_id.cache_clear()
        yield heard
    gateway.deployment_id.cache_clear()
    gateway.client().close()
    gateway.client.cache_clear()


@pytest.fixture
def story(database: str) -> Story:
    """Begin a story with a complete application in an open call."""
    del database
    with transaction() as session:
        return Story(an_application(session))


@pytest.fixture
def visited(story: Story) -> Story:
    """Bring the story to its visit, which two have to sign."""
    story.under(visit_signatures=2)
    for act in (story.submits, story.recommends, story.assembles_panel, story.review, story.concludes):
        act()
    story.assembles_team()
    return story
