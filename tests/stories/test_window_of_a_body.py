"""A body's duty to recommend ends with its window at the latest, wherever the window is moved to."""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from casework.assignments import due
from casework.calls import by_code
from casework.calls.extensions import Later, extend
from casework.demonstration import CALL
from casework.digests import open_duties_of
from casework.turns import turns_of
from core.clock import HUBEI, local
from core.db import reading, transaction
from models.case import Assignment, Case
from models.message import Message
from regulation.outcomes import Outcome
from regulation.policy import policy_of
from regulation.roles import Duty
from tests import cast
from tests.stories.recommending import noon, replay

LONG = {"local_review_days": 60}
"""So many working days that the window is over before them."""
MIDNIGHT = datetime(2026, 11, 10, tzinfo=HUBEI)
"""The window's end: its last day is the ninth."""


def window(until):
    with transaction() as session:
        by_code(session, CALL).recommend_by = until


def extended(until):
    with transaction() as session:
        extend(session, CALL, Later(None, until, "推荐单位集中反映时间不足。"), by=cast.person(cast.OFFICE, session))


def duty() -> Assignment:
    with reading() as session:
        found = select(Assignment).where(Assignment.duty == Duty.RECOMMEND, col(Assignment.ended_at).is_(None))
        return session.exec(found).one()


def told(letter):
    with reading() as session:
        found = select(Message).where(Message.letter == letter).order_by(col(Message.posted_at))
        return [one.facts["due_on"] for one in session.exec(found)]


def ordinary() -> date:
    """The day on which the body's own working days end, without a window."""
    with reading() as session:
        return due(policy_of(by_code(session, CALL).policy), Duty.RECOMMEND, local(duty().assigned_at).date()).day


def test_the_duty_ends_on_the_last_day_of_the_window(story):
    story.under(**LONG)
    window(MIDNIGHT)
    story.submits()
    assert duty().due_on == date(2026, 11, 9) < ordinary()
    assert told("assignment") == ["2026-11-09"]
    with reading() as session:
        assert [turn.due_on for turn in turns_of(session, session.get_one(Case, story.case_id))] == [date(2026, 11, 9)]
    replay(story)


def test_working_days_that_end_before_the_window_stay_as_they_are(story):
    window(MIDNIGHT)
    story.submits()
    assert duty().due_on == ordinary() < date(2026, 11, 9)


def test_the_window_binds_the_round_after_a_correction_too(story, clock):
    story.under(**LONG)
    window(MIDNIGHT)
    story.submits()
    clock.move_to(noon(10, 20))
    story.recommends(Outcome.RETURNED)
    story.corrects()
    assert duty().due_on == date(2026, 11, 9)


def test_an_extension_moves_the_day_and_everybody_is_reminded_of_the_new_one(story, clock):
    story.under(**LONG)
    window(MIDNIGHT)
    story.submits()
    clock.move_to(noon(11, 6))
    story.time_passes()
    assert told("reminder") == ["2026-11-09"]
    extended(datetime(2026, 11, 30, 18, tzinfo=HUBEI))
    assert duty().due_on == date(2026, 11, 30)
    with reading() as session:
        duties = open_duties_of(session, cast.person(cast.RECOMMENDER, session))
        assert [item.assignment.due_on for item in duties] == [date(2026, 11, 30)]
    story.time_passes()
    assert told("reminder") == ["2026-11-09"], "the new day is still far"
    clock.move_to(noon(11, 27))
    story.time_passes()
    story.time_passes()
    assert told("reminder") == ["2026-11-09", "2026-11-30"]
    assert told("late") == []
    replay(story)


def test_what_was_late_is_late_no_longer_and_is_pressed_for_after_its_new_day(story, clock):
    story.under(**LONG)
    window(MIDNIGHT)
    story.submits()
    clock.move_to(noon(11, 10))
    story.time_passes()
    assert told("late") == ["2026-11-09"]
    extended(datetime(2026, 11, 20, tzinfo=HUBEI))
    story.time_passes()
    assert (duty().due_on, duty().pressed_at, told("late")) == (date(2026, 11, 19), None, ["2026-11-09"])
    clock.move_to(noon(11, 20))
    story.time_passes()
    assert told("late") == ["2026-11-09", "2026-11-19"]
    replay(story)


def test_an_extension_gives_no_more_than_the_ordinary_days(story):
    story.under(**LONG)
    window(MIDNIGHT)
    story.submits()
    extended(MIDNIGHT + timedelta(days=365))
    assert duty().due_on == ordinary()


def test_an_extension_of_the_applicants_window_alone_moves_nothing(story, clock):
    story.under(**LONG)
    window(MIDNIGHT)
    story.submits()
    with transaction() as session:
        later = Later(MIDNIGHT - timedelta(days=5), None, "系统维护。")
        extend(session, CALL, later, by=cast.person(cast.OFFICE, session))
    assert duty().due_on == date(2026, 11, 9)
    clock.move_to(noon(11, 6))
    story.time_passes()
    assert told("reminder") == ["2026-11-09"]
