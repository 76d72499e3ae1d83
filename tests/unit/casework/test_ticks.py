"""What runs by the clock: one process at a time, and nothing that comes much too late."""

from datetime import timedelta
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed

from casework.turnstile import is_alone
from core.db import reading, transaction
from flows.deadlines import deadlines
from flows.housekeeping import housekeeping
from flows.ticks import TOO_LATE, alone, is_too_late

pytestmark = pytest.mark.usefixtures("database")


@alone
def tick() -> State[None]:
    """Say how it would be for another."""
    assert not alone_at_it()
    return Completed(name="In order")


def alone_at_it() -> bool:
    with transaction() as session:
        return is_alone(session, "tick")


def test_one_at_a_time():
    assert tick().name == "In order"
    assert alone_at_it(), "the next may begin when the one before has ended"
    with reading() as session:
        assert is_alone(session, "tick")
        assert tick().is_cancelled()


@pytest.mark.parametrize("flow", [housekeeping, deadlines])
def test_a_tick_that_finds_another_at_work_is_dropped(flow):
    with reading() as session:
        assert is_alone(session, flow.name)
        assert flow.fn().is_cancelled()
    assert flow.fn().is_completed()


@pytest.mark.parametrize(("late", "scheduled", "dropped"), [(2, True, True), (0.5, True, False), (2, False, False)])
def test_a_tick_that_comes_much_too_late_is_dropped_and_a_bell_never(late, scheduled, dropped):
    run = FlowRun(flow_id=uuid4(), auto_scheduled=scheduled, estimated_start_time_delta=late * TOO_LATE)
    assert is_too_late(run) == dropped
    assert timedelta(minutes=5) < TOO_LATE, "deadlines come every five minutes"
