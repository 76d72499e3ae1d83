"""Kills a process every few seconds, and starts it again."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

from core.embedded.supervision import Supervisor

VICTIMS = ("worker", "web", "prefect")
LOOK_SECONDS = 0.5
TOLD_SECONDS = 15


class Killer:
    """Kills what a seed says. It works in the main thread: a process dies with the thread that has started it."""

    def __init__(self, supervisor: Supervisor, seed: int, pause: float) -> None:
        """Take the seed, and the seconds between two kills."""
        self.supervisor = supervisor
        self.chance = random.Random(seed)  # noqa: S311 - what it draws is to be drawn again
        self.pause = pause
        self.kills: Counter[str] = Counter()

    def kill_for(self, seconds: float, tell: Callable[[], None]) -> None:
        """Kill for so long, tell now and then how far it has come, and have everything up in the end."""
        began = time.monotonic()
        next_kill, next_word = began + self.pause, began + TOLD_SECONDS
        while (moment := time.monotonic()) < began + seconds:
            if moment >= next_kill:
                next_kill += self.pause
                self.kill(self.chance.choice(VICTIMS))
            self.revive()
            if moment >= next_word:
                next_word += TOLD_SECONDS
                tell()
            time.sleep(LOOK_SECONDS)
        for name in VICTIMS:
            self.supervisor.wait(self.supervisor.newest(name))

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        child = self.supervisor.newest(name)
        if not child.died:
            os.kill(child.process.pid, signal.SIGKILL)
            child.process.wait()
            self.kills[name] += 1

    def revive(self) -> None:
        """Start again what has fallen."""
        for name in VICTIMS:
            child = self.supervisor.newest(name)
            if child.died:
                self.supervisor.launch(child.service)
