"""Working days by body: the first day not counted, no day twice, corrections, experts and publicity apart."""

from datetime import date

import pytest

from casework.processing import EXPERTS, PUBLIC, Hand, Spell, processing
from regulation.calendar import official
from regulation.roles import Role

OFFICE, UNIT, BUREAU = Role.OFFICE.title, Role.APPLICANT.title, Role.RECOMMENDER.title
TODAY = date(2026, 9, 30)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-09-{text}")


def told(*spells: Spell) -> tuple[int, dict[str, int]]:
    found = processing(spells, TODAY, official())
    return found.days, {hand.body: hand.days for hand in found.hands}


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        pytest.param("14", "14", 0, id="the same day"),
        pytest.param("14", "15", 1, id="the next day"),
        pytest.param("18", "21", 2, id="over a make-up Sunday"),
        pytest.param("24", "28", 1, id="over Mid-Autumn"),
        pytest.param("28", None, 2, id="still open: up to today"),
    ],
)
def test_working_days_after_the_first(since, until, days):
    spell = Spell(BUREAU, day(since), day(until) if until else None)
    assert told(spell) == (days, {BUREAU: days})


def test_the_clock_stands_still_while_the_applicant_corrects_the_experts_review_and_the_list_is_public():
    spells = [
        Spell(BUREAU, day("14"), day("16")),
        Spell(UNIT, day("16"), day("18")),
        Spell(EXPERTS, day("18"), day("22")),
        Spell(PUBLIC, day("22"), day("24")),
        Spell(OFFICE, day("28"), day("29")),
    ]
    assert told(*spells) == (3, {BUREAU: 2, UNIT: 2, EXPERTS: 3, PUBLIC: 2, OFFICE: 1})
    counted = {hand.body for hand in processing(spells, TODAY, official()).hands if hand.counted}
    assert counted == {BUREAU, OFFICE}


def test_a_panel_of_five_has_the_case_once():
    panel = [Spell(EXPERTS, day("14"), day(until)) for until in ("15", "16", "17", "16", "15")]
    assert told(*panel) == (0, {EXPERTS: 3})


def test_a_day_in_two_hands_counts_for_each_and_once_in_the_sum():
    found = processing([Spell(OFFICE, day("14"), day("16")), Spell(BUREAU, day("15"), day("17"))], TODAY, official())
    assert found.hands == [Hand(OFFICE, 2, counted=True), Hand(BUREAU, 2, counted=True)]
    assert found.days == 3


def test_a_period_that_ends_after_today_counts_up_to_today():
    assert told(Spell(PUBLIC, day("28"), date(2026, 10, 9))) == (0, {PUBLIC: 2})


def test_nothing_yet():
    assert told() == (0, {})
