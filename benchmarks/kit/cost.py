"""What processes cost: CPU-seconds of whole process trees, less what they spend when nothing happens."""

import statistics
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

SETTLE_SECONDS = 3.0
"""Logs and events are sent in batches of two seconds; what the last repetition caused is counted with it."""
LONGEST_SECONDS = 120.0
"""No measurement goes on for longer."""


@dataclass
class Meter:
    """Reads the CPU-seconds of process trees by name; `ours` are database sessions that only watch."""

    trees: Mapping[str, psutil.Process]
    ours: Collection[int] = ()

    def read(self) -> dict[str, float]:
        """Return what every tree has spent since it began."""
        return {name: sum(self._spent(root)) for name, root in self.trees.items()}

    def _spent(self, root: psutil.Process) -> list[float]:
        spent = []
        for process in (root, *root.children(recursive=True)):
            if process.pid not in self.ours:
                with suppress(psutil.NoSuchProcess):
                    spent.append(sum(process.cpu_times()[:4]))  # its own, and that of the children it has buried
        return spent

    def idle(self, seconds: float) -> dict[str, float]:
        """Return what every tree spends in a second while nothing happens."""
        before, began = self.read(), time.monotonic()
        time.sleep(seconds)
        return self._since(before, time.monotonic() - began)

    def _since(self, before: Mapping[str, float], divisor: float) -> dict[str, float]:
        return {name: (now - before[name]) / divisor for name, now in self.read().items()}


@dataclass
class Measured:
    """One thing done many times: how long each took, and what one cost by process."""

    name: str
    seconds: list[float]
    cpu: dict[str, float]
    idle: dict[str, float]
    also: dict[str, list[float]] = field(default_factory=dict)

    @property
    def p50(self) -> float:
        """The median in seconds."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """The slowest but one in twenty."""
        return percentile(self.seconds, 95)

    @property
    def short(self) -> str:
        """The figures in a line."""
        cpu = " + ".join(f"{tree} {seconds:.3f}" for tree, seconds in self.cpu.items())
        return f"p50 {self.p50:.2f} s, p95 {self.p95:.2f} s, CPU-seconds {self.total:.3f} = {cpu}"

    @property
    def total(self) -> float:
        """CPU-seconds of one repetition in all processes."""
        return sum(self.cpu.values())


def percentile(values: list[float], percent: int) -> float:
    """Return a percentile, measured values only."""
    ranked = sorted(values)
    return ranked[max(0, -(-len(ranked) * percent // 100) - 1)]


def measure(name: str, meter: Meter, once: Callable[[int], float], *, times: int, quiet: float) -> Measured:
    """Measure the quiet first, then repeat something; what is idle meanwhile is not its cost.

    On a machine that is busy with other things it ends before it has been repeated that often.
    """
    idle = meter.idle(quiet)
    before, began = meter.read(), time.monotonic()
    seconds: list[float] = []
    while len(seconds) < times and time.monotonic() - began < LONGEST_SECONDS:
        seconds.append(once(len(seconds)))
    time.sleep(SETTLE_SECONDS)
    elapsed, after = time.monotonic() - began, meter.read()
    cpu = {tree: (after[tree] - before[tree] - idle[tree] * elapsed) / len(seconds) for tree in before}
    return Measured(name, seconds, cpu, idle)
