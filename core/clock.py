"""The one clock: instants are aware and in UTC, days are those of Hubei."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HUBEI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in Hubei."""
    return now().astimezone(HUBEI).date()


def local(instant: datetime) -> datetime:
    """Return the instant as Hubei's clocks show it."""
    return instant.astimezone(HUBEI)
