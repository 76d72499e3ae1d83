from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core import clock
from core.errors import NotPermitted
from tests.conftest import environment

NOON = datetime(2026, 9, 14, 4, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    with environment(JIDI_HOME=str(tmp_path)), time_machine.travel(NOON, tick=False):
        yield tmp_path


@pytest.mark.usefixtures("home")
def test_the_clock_of_a_demonstration_can_be_put_forward_again_and_again():
    assert clock.now() == NOON
    assert clock.put_forward(7) == 7
    assert clock.put_forward(2) == 9
    assert clock.now() == NOON + timedelta(days=9)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("days", [0, -1])
def test_time_does_not_go_back(days):
    with pytest.raises(NotPermitted):
        clock.put_forward(days)


def test_no_other_clock_can_be_put_forward(home):
    clock.put_forward(7)
    with environment(
        JIDI_EMBEDDED="false",
        JIDI_DATABASE_URL="postgresql://x/y",
        JIDI_WEB_SECRET="s" * 40,
        JIDI_WEB_PUBLIC_URL="https://jidi.example.com",
    ):
        assert clock.now() == NOON
        with pytest.raises(NotPermitted):
            clock.put_forward(1)
    assert home.joinpath(clock.AHEAD).read_text() == "7"
