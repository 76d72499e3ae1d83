"""What is rung for again, and when the house is kept."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from casework.bells import QUIET
from core.clock import now
from core.db import transaction
from flows import gateway
from flows.housekeeping import BEAT, come_back_sooner, ring_lost_bells
from models.engine import Bell
from tests.engine.conftest import RealStory
from tests.machinery import Engine, until

pytestmark = pytest.mark.engine


def test_a_bell_is_rung_again_when_the_run_is_lost_and_not_while_it_waits(story: RealStory, engine: Engine) -> None:
    engine.kill_worker()
    with story.without_a_turn():
        story.submits()
    assert story.case_id
    assert gateway.ring(story.case_id)
    (first,) = rung_long_ago(story.case_id)
    ring_lost_bells()
    assert story.unanswered()[0].attempts == 1, "the engine has it"
    assert gateway.declare_crashed(first)
    ring_lost_bells()
    assert story.unanswered()[0].attempts == 2
    engine.start_worker()
    until(lambda: not story.unanswered())
    assert len(story.runs()) == 1


def test_the_house_is_kept_as_soon_as_a_worker_begins(engine: Engine) -> None:
    engine.kill_worker()
    before = ids(kept_besides())
    engine.start_worker()
    taken = {"COMPLETED", "CANCELLED"}  # a regular tick may be at it just then
    until(lambda: any(run["state_type"] in taken for run in kept_besides() if run["id"] not in before))


def test_the_house_is_kept_again_when_a_bell_has_had_its_time_and_once_for_all_who_say_so(
    story: RealStory, engine: Engine
) -> None:
    engine.kill_worker()
    with story.without_a_turn():
        story.submits()
    before = ids(kept_besides())
    for _ in range(2):
        come_back_sooner()
    (sooner,) = [run for run in kept_besides() if run["id"] not in before]
    due = datetime.fromisoformat(sooner["expected_start_time"])
    assert timedelta(0) < due - story.unanswered()[0].created_at - QUIET <= BEAT
    engine.start_worker()
    until(lambda: not story.unanswered())


def kept_besides() -> list[dict[str, Any]]:
    """Return the runs of housekeeping that somebody asked for."""
    asked = {"deployments": {"name": {"any_": ["housekeeping"]}}, "sort": "EXPECTED_START_TIME_DESC", "limit": 200}
    return [run for run in gateway.ask("POST", "/flow_runs/filter", asked).json() if not run["auto_scheduled"]]


def ids(runs: list[dict[str, Any]]) -> set[str]:
    return {run["id"] for run in runs}


def rung_long_ago(case_id: UUID) -> list[UUID]:
    """Let the rings of a case have been a minute ago; return the runs that they started."""
    with transaction() as session:
        hanging = session.exec(select(Bell).where(Bell.case_id == case_id)).all()
        for bell in hanging:
            bell.last_rung_at = now() - timedelta(minutes=1)
        return [bell.flow_run_id for bell in hanging if bell.flow_run_id]
