"""The closing day of a call, measured.

    python -m benchmarks.load [--people 300] [--minutes 5] [--thinking 20]

Everything runs on this machine: site, worker, Prefect's server, PostgreSQL, the mail catcher, and the people themselves
(locust), who take their share of the processors. Nothing here fails on a time.
"""

from typing import Annotated

import psutil
import typer
from rich.table import Table

from benchmarks.kit import figures
from benchmarks.kit.figures import Goal
from benchmarks.kit.house import running
from benchmarks.kit.results import keep
from benchmarks.load import closing, scene
from core.i18n import language
from core.settings import settings

PEOPLE, MINUTES, BACKLOG_SECONDS = 300, 5, 120


def main(
    people: Annotated[int, typer.Option(help="How many people of all roles.")] = PEOPLE,
    minutes: Annotated[float, typer.Option(help="How long they are at it.")] = MINUTES,
    thinking: Annotated[float, typer.Option(help="Seconds between two things somebody does, on average.")] = 20,
) -> None:
    """Measure, and show the figures beside the goals."""
    language.set("en")
    with running(figures.say, ticking=True) as house:
        figures.say(f"entering {people} people")
        cast = scene.enter(people, figures.say)
        trees = house.trees("web", "worker")
        figures.say(f"the closing day: {minutes:g} minutes")
        played = closing.play(settings().public_url, cast, int(60 * minutes), thinking, trees)
        backlog = closing.seconds_until_answered(4 * BACKLOG_SECONDS, figures.say)
        missing = closing.lost(played.filed)
        processors = psutil.cpu_count()
    show(played)
    goals = [
        Goal("errors", played.whole.failed, 0, ""),
        Goal("lost submissions", len(missing), 0, ""),
        Goal("the slowest page, p95", max(one.p95 for one in played.pages), 500, "ms"),
        Goal("bells answered after the end", backlog, BACKLOG_SECONDS, "s"),
        *(Goal(f"memory of the {name} grew", closing.growth(held), 10, "%") for name, held in played.memory.items()),
    ]
    figures.console.print(figures.table_of(goals))
    told = {
        "people": f"{people} on {processors} processors, for {minutes:g} minutes",
        "requests": f"{played.whole.count}, p50 {played.whole.p50:.0f} ms, p95 {played.whole.p95:.0f} ms",
        "applications filed": f"{len(played.filed)}",
    }
    if people >= PEOPLE and minutes >= MINUTES:  # a smaller day is a trial
        keep("load", "The closing day of a call", goals, told)


def show(played: closing.Played) -> None:
    """Print what people did."""
    told = Table("", "times", "failed", "p50", "p95", "p99", title=figures.machine())
    for one in played.lines:
        told.add_row(one.name, str(one.count), str(one.failed), *(f"{ms:.0f} ms" for ms in (one.p50, one.p95, one.p99)))
    figures.console.print(told)
    for failure in played.failures:
        figures.console.print(f"[red]✗[/] {failure}", soft_wrap=True)


if __name__ == "__main__":
    typer.run(main)
