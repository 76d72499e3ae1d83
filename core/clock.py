"""The one clock: instants are aware and in UTC, days are those of Hubei.

In the embedded mode it may be put forward by whole days, so that a demonstration need not wait for a period to end.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import NotPermitted
from core.i18n import marked
from core.settings import settings

HUBEI = ZoneInfo("Asia/Shanghai")
AHEAD = "days-ahead"
"""The file in the home folder that says how many days the demonstration's clock is ahead."""


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC) + timedelta(days=days_ahead())


def today() -> date:
    """Return the present day in Hubei."""
    return now().astimezone(HUBEI).date()


def local(instant: datetime) -> datetime:
    """Return the instant as Hubei's clocks show it."""
    return instant.astimezone(HUBEI)


def on_paper(day: date) -> str:
    """Return a day as Chinese papers write it: 2026年11月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_ahead() -> int:
    """Return how many days the demonstration's clock is ahead; always 0 outside the embedded mode."""
    if not settings().embedded:
        return 0
    kept = settings().home / AHEAD
    try:
        state = kept.stat()
    except FileNotFoundError:
        return 0
    return written_in(kept, state.st_ino, state.st_mtime_ns)


@lru_cache(maxsize=1)
def written_in(kept: Path, inode: int, written_at: int) -> int:  # noqa: ARG001 - they say which writing of the file it is
    """Return the days that a writing of the file says; every instant asks, so each writing is read once."""
    return int(kept.read_text(encoding="ascii"))


def put_forward(days: int) -> int:
    """Put the demonstration's clock forward, for every process of this home; return how many days it is ahead now.

    Raises `NotPermitted` outside the embedded mode, and for a number that is not positive: time does not go back.
    """
    if not settings().embedded or days < 1:
        raise NotPermitted(marked("只有内置演示模式的时钟可以拨快，且只能向前。"))
    ahead = days_ahead() + days
    fresh = settings().home / f"{AHEAD}.new"
    fresh.write_text(str(ahead), encoding="ascii")
    fresh.replace(settings().home / AHEAD)
    return ahead
