"""What time does: a reminder before, word to the office after, and a correction that lapses, by working days."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest
from sqlmodel import select
from time_machine import Traveller

from core.clock import HUBEI
from core.db import reading
from core.errors import CaseClosed
from flows.deadlines import deadlines
from models.judgement import Decision
from models.message import Message
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.stories.crowd import at_once
from tests.stories.record import inbox, the_case
from tests.stories.telling import Story

Opened = Callable[[str], Story]
Day = Callable[[str], None]


@pytest.fixture
def day(clock: Traveller, monkeypatch: pytest.MonkeyPatch) -> Day:
    """Let a day dawn in Hubei and the deadlines be looked at; whoever's bell is rung takes a turn at once."""
    monkeypatch.setattr("flows.deadlines.ring", ring_here)

    def dawns(on: str, hour: int = 8) -> None:
        clock.move_to(datetime.combine(date.fromisoformat(on), datetime.min.time(), HUBEI).replace(hour=hour))
        deadlines.fn()

    return dawns


def ring_here(case_id: UUID) -> bool:
    Story(case_id, case_id).turn()
    return True


def letters(kind: str) -> list[str]:
    """Return to whom letters of a kind went, so far."""
    with reading() as session:
        return [m.recipient for m in session.exec(select(Message).where(Message.letter == kind))]


def test_a_correction_that_does_not_come_lapses_on_the_day_after_a_make_up_sunday(opened_at: Opened, day: Day) -> None:
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    day("2026-09-16")
    assert letters("reminder") == []
    day("2026-09-17")
    assert letters("reminder") == ["林晓示例"]
    day("2026-09-18")
    day("2026-09-20")
    assert inbox(cast.APPLICANT) == ["correct"], "Sunday the 20th is a working day, and the last one"
    day("2026-09-21", hour=0)
    assert the_case().outcome is Outcome.LAPSED
    assert letters("reminder") == letters("lapsed") == ["林晓示例"]
    assert letters("overdue") == []
    with reading() as session:
        decision = session.exec(select(Decision).where(Decision.outcome == Outcome.LAPSED)).one()
    assert (decision.by_system, decision.decided_by, decision.stage, decision.round) == (True, None, "submission", 2)
    with pytest.raises(CaseClosed):
        story.corrects()


def test_the_national_day_stops_the_clock(opened_at: Opened, day: Day) -> None:
    story = opened_at("local review")
    day("2026-09-28")
    story.recommends(Outcome.RETURNED)
    assert story.duty(Duty.CORRECT).due_on == date(2026, 10, 10), (
        "two days in September, then 8, 9 and Saturday the 10th"
    )
    day("2026-10-10")
    assert the_case().outcome is None
    day("2026-10-11")
    assert the_case().outcome is Outcome.LAPSED


def test_a_correction_on_the_last_evening_is_in_time(opened_at: Opened, day: Day) -> None:
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    day("2026-09-20", hour=23)
    assert story.corrects() == "Awaiting local review"
    day("2026-09-21")
    assert the_case().outcome is None


def test_an_overdue_duty_is_reminded_of_and_then_told_to_the_office_once(opened_at: Opened, day: Day) -> None:
    story = opened_at("local review")
    assert story.duty(Duty.RECOMMEND).due_on == date(2026, 9, 28), "ten working days around Mid-Autumn"
    for on in ("2026-09-22", "2026-09-23", "2026-09-24", "2026-09-28"):
        day(on)
    assert letters("reminder") == ["王芳示例"]
    assert letters("overdue") == []
    for on in ("2026-09-29", "2026-09-30", "2026-10-09"):
        day(on)
    assert letters("reminder") == ["王芳示例"]
    assert letters("overdue") == ["周敏示例"]
    assert story.recommends() == "Awaiting expert review", "late is not too late"


def test_each_of_a_panel_is_reminded_but_those_who_have_answered(opened_at: Opened, day: Day) -> None:
    story = opened_at("expert review")
    story.reviews(cast.EXPERTS[0], 90)
    day("2026-09-28")
    assert sorted(letters("reminder")) == sorted(["黄主任示例", "钱教授示例"])


def test_no_reminder_after_the_day_has_passed(opened_at: Opened, day: Day) -> None:
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    day("2026-09-25")
    assert letters("reminder") == []
    assert letters("lapsed") == ["林晓示例"]


def test_nobody_is_hurried_about_what_is_decided_already(opened_at: Opened, day: Day) -> None:
    story = opened_at("site inspection")
    with story.engine_away():
        story.withdraws()
    for on in ("2026-10-12", "2026-12-01"):
        day(on)
    assert letters("reminder") == letters("overdue") == []
    assert story.turn() == "Withdrawn"


@pytest.mark.usefixtures("day")
def test_the_deadlines_looked_at_by_eight_at_once(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    clock.move_to(datetime(2026, 9, 18, 8, tzinfo=HUBEI))
    unguarded = deadlines.fn.__wrapped__  # type: ignore[attr-defined]  # as if the lock of `flows/ticks.py` did nothing
    assert [str(state.name) for state in at_once(8, unguarded)] == ["Up to date"] * 8
    assert letters("reminder") == ["林晓示例"]
    clock.move_to(datetime(2026, 9, 21, 8, tzinfo=HUBEI))
    states = {str(state.name) for state in at_once(8, deadlines.fn)}
    assert "Up to date" in states
    assert states <= {"Up to date", "Cancelled"}, "who finds another at work leaves it to that one"
    assert letters("lapsed") == ["林晓示例"]


def test_a_day_that_may_yet_move_ends_no_case(opened_at: Opened, day: Day) -> None:
    story = opened_at("local review")
    day("2026-12-28")
    story.recommends(Outcome.RETURNED)
    duty = story.duty(Duty.CORRECT)
    assert (duty.due_on, duty.provisional) == (date(2027, 1, 4), True), "nobody knows yet how long New Year lasts"
    day("2027-01-05")
    assert the_case().outcome is None
    assert letters("overdue")[-1] == "周敏示例"
    assert story.corrects() == "Awaiting local review"
