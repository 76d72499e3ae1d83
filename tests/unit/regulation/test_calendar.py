from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from regulation.calendar import Calendar, Reckoning, official
from tests.conftest import environment

VECTORS = [
    (date(2026, 9, 28), 5, date(2026, 10, 9), date(2026, 10, 10)),
    (date(2026, 2, 12), 5, date(2026, 2, 25), date(2026, 2, 26)),
    (date(2026, 9, 18), 5, date(2026, 9, 23), date(2026, 9, 24)),
    (date(2026, 4, 30), 5, date(2026, 5, 9), date(2026, 5, 11)),
    (date(2026, 10, 8), 7, date(2026, 10, 15), date(2026, 10, 16)),
]
WHOLE_YEARS = st.dates(date(2025, 1, 1), date(2026, 11, 1))


@pytest.mark.parametrize(("start", "days", "first_counted", "first_not_counted"), VECTORS)
def test_periods_of_real_notices(start, days, first_counted, first_not_counted):
    assert official().after(start, days, count_first=True).day == first_counted
    assert official().after(start, days).day == first_not_counted


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_make_up_weekends_are_worked(day):
    assert date.fromisoformat(day).weekday() >= 5
    assert official().is_working(date.fromisoformat(day))


def test_a_holiday_on_a_weekday_is_not_worked():
    assert date(2026, 2, 17).weekday() < 5
    assert not official().is_working(date(2026, 2, 17))


def test_a_period_into_a_year_without_notice_is_provisional():
    assert official().after(date(2026, 12, 30), 5).provisional
    assert not official().after(date(2026, 12, 1), 5).provisional
    assert official().after(date(2027, 3, 1), 5).day == date(2027, 3, 8)


@given(start=WHOLE_YEARS, days=st.integers(1, 30))
@settings(database=None, max_examples=50)
def test_counting_forward_back_and_between_agree(start, days):
    end = official().after(start, days).day
    assert official().is_working(end)
    assert official().between(start, end) == days
    assert official().between(end, start) == -days
    back = official().before(end, days)
    assert official().between(back, end) == days


def test_no_days_end_where_they_begin():
    assert official().after(date(2026, 3, 2), 0).day == date(2026, 3, 2)
    assert official().between(date(2026, 3, 2), date(2026, 3, 2)) == 0


def test_days_off_and_workdays_never_overlap_and_stay_in_their_years():
    calendar = official()
    assert not calendar.off & calendar.made_up
    assert {day.year for day in calendar.off | calendar.made_up} <= calendar.years
    assert calendar.years == {2025, 2026}


def test_an_import_is_used():
    calendar = Calendar.parse('{"2027": {"off": ["2027-01-01"], "work": ["2027-01-02"]}}')
    assert not calendar.is_working(date(2027, 1, 1))
    assert calendar.is_working(date(2027, 1, 2))
    assert not calendar.lacks([date(2027, 6, 1)])
    assert calendar.lacks([date(2027, 6, 1) - timedelta(365)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"2026": []}',
        '{"2026": {"off": []}}',
        '{"next": {"off": [], "work": []}}',
        '{"2026": {"off": ["2026-02-30"], "work": []}}',
        '{"2026": {"off": [20260101], "work": []}}',
        '{"2026": {"off": ["2026-01-01"], "work": ["2026-01-01"]}}',
    ],
)
def test_a_wrong_import_is_refused_with_a_reason(text):
    with pytest.raises(ValueError, match=r"not a calendar|both a day off and a workday"):
        Calendar.parse(text)


def test_a_new_years_notice_is_imported_from_a_file(tmp_path):
    notice = tmp_path / "2027.json"
    notice.write_text('{"2027": {"off": ["2027-01-01"], "work": ["2027-01-02"]}}', encoding="utf-8")
    with environment(JIDI_CALENDAR=str(notice)):
        official.cache_clear()
        assert official().years == {2025, 2026, 2027}
        assert official().after(date(2026, 12, 31), 1) == Reckoning(date(2027, 1, 2), provisional=False)
    official.cache_clear()


def test_a_file_that_is_no_calendar_is_refused_by_name(tmp_path):
    (tmp_path / "wrong.json").write_text('{"2027": 1}', encoding="utf-8")
    with environment(JIDI_CALENDAR=str(tmp_path / "wrong.json")):
        official.cache_clear()
        with pytest.raises(Invalid, match=r"wrong\.json"):
            official()
    official.cache_clear()
