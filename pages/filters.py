"""How values are shown: days, moments, spans of time and sizes, in the reader's language."""

from collections.abc import Callable
from datetime import date, datetime

from babel.dates import format_date

from core import clock
from core.i18n import gettext, language, marked
from pages.forms import field_id

NOTHING = "—"
MINUTE, HOUR, DAY = 60, 3600, 86400


def today() -> date:
    """Return the present day in Hubei."""
    return clock.today()


def day(value: date | datetime | None) -> str:
    """Show a day: 2026年11月24日, or 24 Nov 2026."""
    if value is None:
        return NOTHING
    shown = clock.local(value).date() if isinstance(value, datetime) else value
    if language.get() == "en":
        return format_date(shown, "d MMM y", locale="en")
    return clock.on_paper(shown)


def moment(value: datetime | None) -> str:
    """Show an instant on Hubei's clocks: 2026-11-24 15:04."""
    return f"{clock.local(value):%Y-%m-%d %H:%M}" if value else NOTHING


def hour(value: datetime | None) -> str:
    """Show the hour and minute of an instant on Hubei's clocks: 15:04."""
    return f"{clock.local(value):%H:%M}" if value else NOTHING


def iso(value: date | datetime | None) -> str:
    """Show a day or an instant for the `datetime` attribute of a `time` element."""
    if value is None:
        return ""
    return clock.local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def days_left(value: date | None) -> int:
    """Count the calendar days until a day; negative when it is over."""
    return (value - clock.today()).days if value else 0


def due(value: date | None) -> str:
    """Say how long there is until a day: 还有 3 天, 今天到期, 已逾期 2 天."""
    if value is None:
        return NOTHING
    left = days_left(value)
    if left == 0:
        return gettext("今天到期")
    if left > 0:
        return gettext("还有 {n} 天", n=left)
    return gettext("已逾期 {n} 天", n=-left)


def ago(value: datetime | None) -> str:
    """Say how long an instant is past: 刚刚, 12 分钟前, 3 小时前, 5 天前."""
    if value is None:
        return NOTHING
    seconds = int((clock.now() - value).total_seconds())
    for unit, text in ((DAY, marked("{n} 天前")), (HOUR, marked("{n} 小时前")), (MINUTE, marked("{n} 分钟前"))):
        if seconds >= unit:
            return gettext(text, n=seconds // unit)
    return gettext("刚刚")


def count(value: float | None) -> str:
    """Show a number with its thousands apart: 12,600."""
    return NOTHING if value is None else f"{value:,}"


def size(value: int | None) -> str:
    """Show how large a file is: 820 KB, 3.4 MB."""
    if value is None:
        return NOTHING
    megabyte = 1024 * 1024
    return f"{value / megabyte:.1f} MB" if value >= megabyte else f"{max(1, round(value / 1024))} KB"


FILTERS: dict[str, Callable[..., object]] = {
    f.__name__: f for f in (day, moment, hour, iso, days_left, due, ago, count, size, field_id)
}
