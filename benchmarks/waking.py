"""From a decision to the next person's duty: how long it takes and what it costs, beside two baselines.

    python -m benchmarks.waking [--wakings 50] [--waiting 100] [--json FILE]

Measured in one run on one machine: a decision recorded over HTTP until the next stage's assignment is in the database;
(a) the floor, an empty flow in the same worker; (b) the same six stages as one flow that suspends, on Prefect's stock
process worker. Absolute times depend on the machine; the ratios are what counts. Nothing here fails on a time.
"""

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.kit import figures
from benchmarks.kit.cases import waiting_cases
from benchmarks.kit.cost import Measured
from benchmarks.kit.figures import Goal
from benchmarks.kit.house import running
from benchmarks.kit.phases import Bench
from benchmarks.kit.results import keep
from core.i18n import language

ONE_SECOND = {"PREFECT_WORKER_QUERY_SECONDS": "1"}


def main(
    wakings: Annotated[int, typer.Option(help="How many wakings, and empty flows.")] = 50,
    waiting: Annotated[int, typer.Option(help="How many cases wait.")] = 100,
    suspended: Annotated[int, typer.Option(help="How many cases are taken through (b), three steps each.")] = 4,
    quiet: Annotated[float, typer.Option(help="Seconds of quiet before each measurement.")] = 8,
    json: Annotated[Path | None, typer.Option(help="Write every figure to this file.")] = None,
) -> None:
    """Measure, and show the figures beside the goals."""
    language.set("en")
    with running(figures.say) as house:
        figures.say(f"making {waiting} cases that wait")
        cases = waiting_cases(max(waiting, wakings + 1), figures.say)
        bench = Bench(house, quiet, figures.say)
        waking, floor = bench.wakings_beside_floor(cases[: wakings + 1])
        slow = bench.suspended("(b) suspended, asks every 1 s", suspended, **ONE_SECOND)
        default = bench.suspended("(b') suspended, every 10 s", 1)
    measured, goals = [waking, floor, slow, default], list(goals_of(waking, floor, slow))
    figures.show(measured, goals)
    told = {one.name: f"p50 {one.p50:.2f} s, p95 {one.p95:.2f} s, {one.total:.3f} CPU-s" for one in measured}
    keep("waking", "From a decision to the next person's duty", goals, told)
    if json:
        figures.save(json, measured, goals)


def goals_of(waking: Measured, floor: Measured, suspended: Measured) -> Iterator[Goal]:
    """Hold the ratios against what was asked for; (b) is taken at its better setting."""
    yield Goal("faster than (b), at p50", suspended.p50 / waking.p50, 8, "times", at_least=True)
    yield Goal("CPU of (a)", waking.total / floor.total, 2, "times")
    yield Goal("the person's request, p50", 1000 * statistics.median(waking.also["request"]), 50, "ms")


if __name__ == "__main__":
    typer.run(main)
