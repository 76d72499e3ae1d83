"""A run that cannot begin, or dies without a word: its bell rings again, and the case goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from time_machine import Traveller

from casework import bells, record, runs
from casework.cases import held
from core.clock import now
from core.db import transaction
from core.pulse import PULSE
from models.case import Case
from models.engine import RunState
from tasks import rounds
from tests.stories.record import the_runs, unanswered
from tests.stories.telling import Story

Opened = Callable[[str], Story]


def test_a_run_that_cannot_even_begin_leaves_its_bell_unanswered(
    opened_at: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = opened_at("local review")
    before = len(the_runs())

    def unreadable(*_: Any) -> None:
        message = "no database"
        raise ConnectionError(message)

    monkeypatch.setattr(record, "read", unreadable)
    with pytest.raises(ConnectionError):
        story.recommends()
    assert len(the_runs()) == before
    assert unanswered() == ["local-review approved"]
    monkeypatch.undo()
    assert story.turn() == "Awaiting expert review"
    assert unanswered() == []


def test_a_run_that_died_is_noted_and_the_case_goes_on(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("local review")
    with story.engine_away():
        story.recommends()
    with transaction() as session:
        case = held(session, story.case_id)
        bells.rung(session, bells.to_ring(session, case.id)[0])
        dead = runs.begin(session, case, uuid4())
        rounds.close_round.act(session, case, "local-review", 1)
        runs.step_taken(session, dead.id, "close_round", "closed local-review round 1: approved")
    clock.move_to(now() + timedelta(seconds=40))
    with transaction() as session:
        assert [bell.reason for bell, _ in bells.unanswered(session)] == ["local-review approved"]
    clock.move_to(now() + timedelta(minutes=6))
    with transaction() as session:
        assert [run.id for run in runs.lost(session)] == [dead.id]
        assert runs.lost(session) == []
    assert story.turn() == "Awaiting expert review"
    lost, after = the_runs()[-2:]
    assert (lost.state, lost.ended_in, after.attempt) == (RunState.LOST, "Lost", 2)
    assert unanswered() == []


def test_a_run_that_still_takes_steps_is_not_taken_for_dead(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("local review")
    with transaction() as session:
        slow = runs.begin(session, session.get_one(Case, story.case_id), uuid4())
    clock.move_to(now() + timedelta(minutes=6))
    with transaction() as session:
        runs.step_taken(session, slow.id, "open_round", "opened it at last")
    with transaction() as session:
        assert runs.lost(session) == []
    clock.move_to(now() + timedelta(minutes=6))
    with transaction() as session:
        assert [run.id for run in runs.lost(session)] == [slow.id]


def test_a_case_is_in_hand_while_its_run_lives_and_does_something(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("local review")

    def in_hand() -> set[UUID]:
        with transaction() as session:
            return runs.cases_in_hand(session)

    with transaction() as session:
        run = runs.begin(session, held(session, story.case_id), uuid4())
    assert in_hand() == set(), "nobody shows that it lives"
    with PULSE.showing(run.id):
        assert in_hand() == {story.case_id}
        clock.move_to(now() + timedelta(minutes=6))
        assert in_hand() == set(), "it lives and hangs"


def test_a_run_that_was_taken_up_again_is_not_taken_for_dead_at_once(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("local review")
    flow_run = uuid4()
    with transaction() as session:
        runs.begin(session, session.get_one(Case, story.case_id), flow_run)
    clock.move_to(now() + timedelta(minutes=6))
    with transaction() as session:
        again = runs.begin(session, session.get_one(Case, story.case_id), flow_run)
        assert runs.lost(session) == []
    clock.move_to(now() + timedelta(minutes=6))
    with transaction() as session:
        assert [run.id for run in runs.lost(session)] == [again.id]
