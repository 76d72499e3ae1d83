"""What processes cost: CPU-seconds of whole process trees, less what they spend when nothing happens."""

import statistics
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

SETTLE_SECONDS = 3.0
"""Logs and events are sent in batches of two seconds; what the last repetition caused is counted with it."""
BLOCK = 10
LONGEST_SECONDS = 120.0
"""No block goes on for longer."""


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


@dataclass
class Series:
    """Something that is repeated in blocks, so that two things can be measured in turns while the machine changes."""

    name: str
    meter: Meter
    once: Callable[[int], float]
    quiet: float
    idle: dict[str, float] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=dict)

    def block(self, times: int) -> None:
        """Repeat it some more, from silence to silence; what is idle meanwhile is not its cost.

        On a machine that is busy with other things a block ends before it has been repeated that often.
        """
        self.idle = self.idle or self.meter.idle(self.quiet)
        before, began, done = self.meter.read(), time.monotonic(), 0
        while done < times and time.monotonic() - began < LONGEST_SECONDS:
            self.seconds.append(self.once(len(self.seconds)))
            done += 1
        time.sleep(SETTLE_SECONDS)
        elapsed, after = time.monotonic() - began, self.meter.read()
        for tree, cpu in after.items():
            cost = cpu - before[tree] - self.idle[tree] * elapsed
            self.spent[tree] = self.spent.get(tree, 0.0) + cost

    def measured(self) -> Measured:
        """Return what was measured."""
        cpu = {tree: spent / len(self.seconds) for tree, spent in self.spent.items()}
        return Measured(self.name, self.seconds, cpu, self.idle)


def in_turns(series: Sequence[Series], times: int) -> None:
    """Repeat several things, a block of each in turn."""
    for begun in range(0, times, BLOCK):
        for one in series:
            one.block(min(BLOCK, times - begun))
