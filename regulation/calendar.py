"""Working days of the official calendar: weekends, public holidays and make-up workdays (调休).

The days come from the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知). A year without a notice
is counted by weekends alone, and whoever shows such a date must say so: see `Reckoning.provisional`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Self

from core.errors import Invalid
from core.i18n import marked
from core.settings import settings

UNREADABLE = marked("工作日历文件 {file} 无法使用：{reason}")
DATA = Path(__file__).parent / "data"
SATURDAY = 5


@dataclass(frozen=True)
class Reckoning:
    """A day that was counted to, and whether a year on the way still lacks its official notice."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Days off and make-up workdays of the years that have their notice."""

    years: frozenset[int]
    off: frozenset[date]
    made_up: frozenset[date]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `{"2026": {"off": ["2026-01-01", …], "work": [...]}}`; ValueError says what is wrong."""
        try:
            years = {int(year): lists for year, lists in json.loads(text).items()}
            off = [date.fromisoformat(day) for lists in years.values() for day in lists["off"]]
            work = [date.fromisoformat(day) for lists in years.values() for day in lists["work"]]
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            message = f"not a calendar: {error}"
            raise ValueError(message) from error
        both = sorted(set(off) & set(work))
        if both:
            message = f"both a day off and a workday: {both[0]}"
            raise ValueError(message)
        return cls(frozenset(years), frozenset(off), frozenset(work))

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        return day in self.made_up or (day.weekday() < SATURDAY and day not in self.off)

    def with_years_of(self, newer: "Calendar") -> "Calendar":
        """Return both calendars as one; the years that `newer` has are taken from it."""
        kept_off = {day for day in self.off if day.year not in newer.years}
        kept_made_up = {day for day in self.made_up if day.year not in newer.years}
        return Calendar(self.years | newer.years, newer.off | kept_off, newer.made_up | kept_made_up)

    def after(self, start: date, days: int, *, count_first: bool = False) -> Reckoning:
        """Return the last day of a period of `days` working days.

        The day of the event is not counted (民法典 Art. 201) unless `count_first`, as Hubei's public notices do it.
        """
        day, left = (start - timedelta(1), days) if count_first else (start, days)
        passed: list[date] = [start]
        while left > 0:
            day += timedelta(1)
            passed.append(day)
            left -= self.is_working(day)
        return Reckoning(day, self.lacks(passed))

    def before(self, end: date, days: int) -> date:
        """Return the day that lies `days` working days before `end`."""
        day, left = end, days
        while left > 0:
            day -= timedelta(1)
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative when `end` lies before."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + timedelta(n)) for n in range(1, (end - start).days + 1))

    def lacks(self, days: Iterable[date]) -> bool:
        """Whether one of the days lies in a year without an official notice."""
        return any(day.year not in self.years for day in days)


@cache
def official() -> Calendar:
    """Return the years that came with this edition (2025 and 2026), and those of the file that `JIDI_CALENDAR` names.

    A year that both have is the file's. Raises `Invalid` for a file that cannot be read, saying what is wrong with it.
    """
    ours = Calendar.parse((DATA / "holidays.json").read_text(encoding="utf-8"))
    added = settings().calendar
    if not added:
        return ours
    try:
        return ours.with_years_of(Calendar.parse(added.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise Invalid(UNREADABLE, file=str(added), reason=str(error)) from error
