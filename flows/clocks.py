"""How far our clock is from the engine's: what is due is asked for by the engine's, because ours may be wrong."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flows import gateway

ANEW_SECONDS = 60.0
TOLERANCE_SECONDS = 5.0
"""The engine tells its time in whole seconds, and an answer takes its time; less than this is no difference."""


class EngineClock:
    """The engine's clock as seen from here; looked at anew once a minute, and at once when ours was moved."""

    def __init__(self) -> None:
        """Begin without having looked."""
        self._ahead = 0.0
        self._looked_at = -ANEW_SECONDS
        self._moved = 0.0

    def ahead(self) -> float:
        """Return by how many seconds our clock is ahead of the engine's, 0 for next to nothing; raises `Trouble`."""
        since_start = time.monotonic()
        moved = time.time() - since_start
        if since_start - self._looked_at >= ANEW_SECONDS or abs(moved - self._moved) > TOLERANCE_SECONDS:
            self._ahead = measured()
            self._looked_at, self._moved = since_start, moved
        return self._ahead


def measured() -> float:
    """Ask the engine for its time."""
    told = parsedate_to_datetime(gateway.ask("GET", "/health").headers["date"])
    ahead = (datetime.now(UTC) - told).total_seconds()
    return ahead if abs(ahead) > TOLERANCE_SECONDS else 0.0
