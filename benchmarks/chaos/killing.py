"""Kills processes, drawn by lot, and starts them again; notes when, so that it can be seen how long that was felt."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from core.clock import now
from core.embedded.supervision import Supervisor

VICTIMS = {"prefect": "Prefect's server", "worker": "the worker", "web": "the website"}
"""What runs beside PostgreSQL, by its log. The worker's process is also the mail sender and the housekeeper."""
RESTING_SECONDS = 1.0
"""How soon a process that fell is started again, as the supervisor of `jidi up` does for the first fall."""
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Kill:
    """One process that was killed."""

    of: str
    at: datetime


@dataclass
class Reaper:
    """Whoever kills, and whoever mends; the same seed draws the same processes in the same order.

    It works in the thread it was made in, the main one: Linux ends a child with the thread that has started it.
    """

    supervisor: Supervisor
    seed: int
    every: float
    kills: list[Kill] = field(default_factory=list)
    fallen: dict[str, float] = field(default_factory=dict)

    def rage(self, seconds: float) -> Iterator[float]:
        """Kill at every turn for so long, and start again what fell; yields the seconds that are left."""
        lots = random.Random(self.seed)  # noqa: S311 - no secret
        began = time.monotonic()
        turns = int(seconds / self.every)
        for turn in range(1, turns + 1):
            due = began + turn * self.every
            self.mend(lambda due=due: time.monotonic() >= due)
            self.kill(lots.choice(sorted(VICTIMS)))
            yield seconds - turn * self.every
        self.mend(lambda: not self.fallen)

    def kill(self, victim: str) -> None:
        """End a process, and whatever it has started, as a power cut would."""
        self.mend(lambda: victim not in self.fallen)
        child = self.supervisor.newest(victim)
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        self.kills.append(Kill(victim, now()))
        self.fallen[victim] = time.monotonic()

    def mend(self, enough: Callable[[], bool]) -> None:
        """Start again what has fallen, when it has lain there for a moment, until it is enough."""
        while not enough():
            for child in self.supervisor.children:
                if child.died and self.lay(child.service.log) > RESTING_SECONDS:
                    self.supervisor.replace(child)
                    del self.fallen[child.service.log]
            time.sleep(LOOK_SECONDS)

    def lay(self, name: str) -> float:
        """Return for how long a process has lain there."""
        return time.monotonic() - self.fallen.setdefault(name, time.monotonic())

    def told(self) -> str:
        """Say how often each was killed."""
        counted = Counter(kill.of for kill in self.kills)
        return ", ".join(f"{VICTIMS[name]} {times}" for name, times in sorted(counted.items()))
