"""Which letters are due: those whose time has come, and those whose time was said by a clock far ahead."""

from datetime import timedelta

import pytest
import time_machine

from core.clock import now
from core.db import transaction
from notifications.delivery import PAUSES, next_due
from tests.unit.notifications.samples import a_message

IN_A_WHILE, FAR_AWAY = PAUSES[-1] - timedelta(minutes=1), timedelta(days=1)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("wait", "due"), [(timedelta(0), True), (timedelta(minutes=1), False), (IN_A_WHILE, False), (FAR_AWAY, True)]
)
def test_no_letter_waits_longer_than_the_longest_pause(wait, due):
    with time_machine.travel(now(), tick=False), transaction() as session:
        session.add(a_message(next_attempt_at=now() + wait, posted_at=now()))
        session.flush()
        assert bool(next_due(session, None)) == due
