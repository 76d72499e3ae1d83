"""Half a minute of the closing day, for errors only: everybody at once, the worker and the engine running beside."""

import pytest

from benchmarks.load import closing, scene
from tests.machinery import until

pytestmark = pytest.mark.engine

PEOPLE, SECONDS, THINKING = 40, 30, 6.0


def test_nothing_fails_and_nothing_is_lost_on_the_closing_day(website: str) -> None:
    cast = scene.enter(PEOPLE, print)
    played = closing.play(website, cast, SECONDS, THINKING, {})
    assert played.failures == []
    assert played.whole.failed == 0
    assert played.filed, "nobody has filed anything: the people did not do what they came for"
    until(lambda: closing.lost(played.filed) == [], seconds=120)
