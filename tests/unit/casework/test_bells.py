"""Bells: rung at once, again after ever longer quiet, never when answered."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from casework import bells, runs
from core.clock import now
from core.db import reading, transaction
from models.case import Case
from models.engine import Bell


@pytest.fixture
def hung(opened_at):
    """Hang one bell at a case that has none waiting."""
    story = opened_at("local review")
    with transaction() as session:
        bells.hang(session, session.get_one(Case, story.case_id), "news", by=None)
    return story


def to_ring(story):
    with transaction() as session:
        return [bell.reason for bell in bells.to_ring(session, story.case_id)]


def rings(story):
    with transaction() as session:
        for bell in bells.waiting(session, story.case_id):
            bells.rung(session, bell)


def lost():
    with transaction() as session:
        return [bell.reason for bell, _ in bells.unanswered(session)]


def test_a_new_bell_is_to_be_rung_at_once_and_lost_after_ten_seconds(hung, clock):
    assert to_ring(hung) == ["news"]
    assert lost() == []
    clock.move_to(now() + timedelta(seconds=11))
    assert lost() == ["news"]


def test_a_rung_bell_has_time_to_be_answered(hung, clock):
    rings(hung)
    assert to_ring(hung) == lost() == []
    clock.move_to(now() + bells.QUIET - timedelta(seconds=5))
    assert to_ring(hung) == lost() == []
    clock.move_to(now() + timedelta(seconds=6))
    assert to_ring(hung) == lost() == ["news"]


def test_the_quiet_doubles_from_the_fourth_ring_on_up_to_half_an_hour():
    quiets = [bells.quiet(Bell(case_id=uuid4(), reason="news", attempts=attempts)) for attempts in range(12)]
    assert quiets[:6] == [bells.QUIET * times for times in (1, 1, 1, 1, 2, 4)]
    assert quiets[-1] == bells.LONGEST_QUIET == timedelta(minutes=30)


def test_what_nobody_heard_does_not_make_the_next_ring_later(hung, clock):
    for _ in range(5):
        rings(hung)
        with transaction() as session:
            bells.unheard(session, [bell.id for bell in bells.waiting(session, hung.case_id)])
    clock.move_to(now() + timedelta(seconds=11))
    assert to_ring(hung) == lost() == ["news"]


def test_a_bell_that_was_rung_by_a_clock_a_day_ahead_is_not_left_hanging_for_a_day(hung, clock):
    right = now()
    clock.move_to(right + timedelta(days=1))
    rings(hung)
    clock.move_to(right)
    assert to_ring(hung) == lost() == ["news"]


def test_a_run_answers_what_it_heard_and_not_what_came_later(hung):
    with transaction() as session:
        case = session.get_one(Case, hung.case_id)
        waiting = bells.waiting(session, case.id)
        run = runs.begin(session, case, uuid4(), waiting)
        heard = [bell.id for bell in waiting]
        bells.hang(session, case, "later", by=None)
        session.flush()
        runs.end(session, run, heard, "Awaiting local review")
        assert run.reason == "news"
    assert to_ring(hung) == ["later"]
    with reading() as session:
        assert session.exec(select(Bell.answered_by).where(Bell.reason == "news")).one() == run.id


def test_two_who_ring_at_once_do_not_ring_the_same_bell(hung):
    with transaction() as one, transaction() as other:
        assert len(bells.to_ring(one, hung.case_id)) == 1
        assert bells.to_ring(other, hung.case_id) == []
