"""An installation watched: the figures of our database and disk, and of the engine.

One look, three faces: the operators' page, `/metrics` for Prometheus, and `jidi doctor`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from casework.figures import Figures, figures
from core.clock import now
from core.db import reading
from flows.engine_room import EngineRoom, look

SLOW = {"housekeeping": timedelta(minutes=5), "deadlines": timedelta(minutes=20)}
"""After how long without a run that went well a flow of the clock is said to be late."""
BELL_PATIENCE = timedelta(minutes=2)
LETTER_PATIENCE = timedelta(minutes=15)
ROOM_BYTES = 2**30


@dataclass(frozen=True)
class Watch:
    """One look; `figures` is None when the database does not answer."""

    at: datetime
    figures: Figures | None
    room: EngineRoom

    def age(self, since: datetime | None) -> float | None:
        """Return how many seconds ago something was; None for what never was."""
        return max(0.0, (self.at - since).total_seconds()) if since else None

    def is_late(self, flow: str) -> bool:
        """Whether a flow of the clock has not run for too long, as far as the engine answers."""
        last = self.room.last_runs.get(flow) or self.room.awaited_since.get(flow)
        return self.room.answers and (last is None or self.at - last > SLOW[flow])


def watch() -> Watch:
    """Look once at everything."""
    try:
        with reading() as session:
            found: Figures | None = figures(session)
    except SQLAlchemyError:
        found = None
    return Watch(now(), found, look())
