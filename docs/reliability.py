"""Writes `docs/reference/reliability.md` from the figures that the benchmarks and the runs under faults left behind."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent / "reference" / "reliability.md"
RESULTS = Path(__file__).parent.parent / "benchmarks" / "results"
HEAD = """# Reliability in figures

What was found by the last run of each benchmark and of each run under faults, beside what is wanted. Machines differ
and are busy: nothing in the tests fails on a time. A figure that misses its goal stands here with ✗ until it does not.

| to measure anew | |
|---|---|
| `make bench` | the lists of a busy office, what a waking costs, what the chain of the journal costs |
| `make chaos` | processes killed at every step, servers away, disks full, clocks wrong: what stood it |
| `make random` | ten minutes in which a process drawn by lot is killed every five seconds |
| `make load` | the closing day of a call |
| `make docs` | writes this page |
"""


def reliability_page() -> str:
    """Return the page of all figures."""
    found = (json.loads(file.read_text(encoding="utf-8")) for file in sorted(RESULTS.glob("*.json")))
    return "\n\n".join([HEAD.strip(), *("\n".join(section(kept)) for kept in found)]) + "\n"


def section(kept: dict[str, Any]) -> Iterator[str]:
    """Yield the lines about one run."""
    yield f"## {kept['title']}"
    yield ""
    yield f"Measured on {kept['measured_on']}: {kept['machine']}."
    yield ""
    yield "| | found | goal | |"
    yield "|---|---|---|---|"
    for goal in kept["goals"]:
        wanted = f"{'≥' if goal['at_least'] else '≤'} {goal['wanted']:g} {goal['unit']}".strip()
        found = f"{goal['found']:.1f}".removesuffix(".0")
        yield f"| {goal['name']} | {found} {goal['unit']} | {wanted} | {'✓' if goal['reached'] else '✗'} |"
    for name, found in kept["told"].items():
        yield f"| {name} | {found} | | |"
