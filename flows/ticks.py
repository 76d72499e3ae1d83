"""What runs by the clock: one at a time, and nothing that comes much too late.

The engine could see to the first by itself, but what it notes for it outlives a process that dies: when a worker was
killed in the middle it let nobody else begin for five minutes, and when its server was killed as well, nobody ever.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Cancelled

from casework.turnstile import is_alone
from core.db import reading
from tasks.step import told_discreetly

TOO_LATE = timedelta(minutes=10)
"""After a night without workers hundreds of ticks wait; the last ones do all their work."""

Tick = Callable[[], State[None]]


def alone(tick: Tick) -> Tick:
    """Let one process at a time be at it; a tick that finds another at work is dropped, not queued."""

    @wraps(tick)
    def tick_alone() -> State[None]:
        """Do it, unless another is at it."""
        with told_discreetly(), reading() as session:
            if is_alone(session, tick.__name__):
                return tick()
        return Cancelled(message="Another is at work.")

    return tick_alone


def is_too_late(flow_run: FlowRun) -> bool:
    """Whether a tick has waited for so long that a later one does its work; the engine's clock says how long."""
    return flow_run.auto_scheduled and flow_run.estimated_start_time_delta > TOO_LATE
