"""Figures as people and programs read them: a table, and JSON."""

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.kit.cost import Measured, percentile

BEGAN = time.monotonic()
console = Console(highlight=False, soft_wrap=False)


@dataclass(frozen=True)
class Goal:
    """What is wanted of a figure: at least, or at most."""

    name: str
    found: float
    wanted: float
    unit: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether it is as wanted."""
        return self.found >= self.wanted if self.at_least else self.found <= self.wanted

    def row(self) -> tuple[str, str, str, str]:
        """Return a line of the table of goals."""
        wanted = f"{'≥' if self.at_least else '≤'} {self.wanted:g} {self.unit}"
        return self.name, f"{self.found:.1f} {self.unit}", wanted, "[green]✓[/]" if self.reached else "[red]✗[/]"


def say(line: str) -> None:
    """Tell what is going on, with the seconds since the beginning."""
    console.print(f"[dim]{time.monotonic() - BEGAN:6.1f} s[/]  {line}", soft_wrap=True)


def show(measured: Sequence[Measured], goals: Sequence[Goal]) -> None:
    """Print the tables."""
    told = Table("", "times", "p50", "p95", "CPU-s", "worker", "server", "postgres", title=machine())
    for one in measured:
        cpu = [f"{one.cpu[tree]:.3f}" for tree in ("worker", "server", "postgres")]
        told.add_row(one.name, str(len(one.seconds)), f"{one.p50:.2f} s", f"{one.p95:.2f} s", f"{one.total:.3f}", *cpu)
    console.print(told, table_of(goals))


def table_of(goals: Sequence[Goal]) -> Table:
    """Return the table that holds figures against what is wanted of them."""
    wanted = Table("", "found", "goal", "")
    for goal in goals:
        wanted.add_row(*goal.row())
    return wanted


def machine() -> str:
    """Say in a few words where this was measured."""
    busy = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, load {busy:.1f}, Python {platform.python_version()}"


def save(file: Path, measured: Sequence[Measured], goals: Sequence[Goal]) -> None:
    """Write everything that was measured."""
    told: dict[str, Any] = {
        "machine": machine(),
        "measured": [{**asdict(one), "p50": one.p50, "p95": one.p95, "cpu_total": one.total} for one in measured],
        "requests_p95": [percentile(one.also["request"], 95) for one in measured if "request" in one.also],
        "goals": [{**asdict(goal), "reached": goal.reached} for goal in goals],
    }
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
