"""The lists of a busy office: how long the board, the table with its filters, and the summary of a call take to answer.

    python -m benchmarks.lists [--cases 2000] [--times 40]

Measured in one process over the application itself (no network): from the request to the whole page. The baseline is
the front page, which asks the record almost nothing. Nothing here fails on a time; how many questions a list asks is
asserted by the tests.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import text

from benchmarks.kit import figures
from benchmarks.kit.cost import percentile
from benchmarks.kit.figures import Goal
from benchmarks.kit.results import keep
from casework.demonstration import demonstration_call, seed
from core.db import transaction
from core.embedded.postgres import Postgres, create_database, running
from core.schema import migrate
from core.settings import settings
from models.application import Call
from tests import cast
from tests.unit.casework.crowd import a_crowd
from tests.unit.pages.visitor import Visitor

CALLS = 10
BASELINE = "/"
PAGES = (
    "/office/board",
    "/office/cases",
    "/office/cases?stage=expert-review",
    "/office/cases?words=示例",
    "/office/cases?call=bench-3",
    "/office/cases?overdue=yes",
    "/office/cases?turn=expert",
    "/office/cases?outcome=approved",
    "/office/calls/bench-3/summary",
)
GOAL_MS = 150


def main(
    cases: Annotated[int, typer.Option(help="How many cases there are, in ten calls.")] = 2000,
    times: Annotated[int, typer.Option(help="How often each page is asked for.")] = 40,
) -> None:
    """Measure, and show the figures beside the goal."""
    with record():
        figures.say(f"entering {cases} cases in {CALLS} calls")
        with transaction() as session:
            batches = list(calls())
            session.add_all(batches)
            session.flush()
            a_crowd(session, cases, batches)
            session.execute(text("ANALYZE"))  # the server does so by itself within a minute
        office = Visitor()
        office.sign_in(cast.OFFICE)
        measured = {path: sorted(seconds(office, path, times)) for path in (BASELINE, *PAGES)}
    show(measured)


@contextmanager
def record() -> Iterator[None]:
    """Have a database of its own with the demonstration's people in it."""
    with TemporaryDirectory(prefix="jidi-bench-") as folder, running(Postgres(Path(folder))) as server:
        os.environ |= {"JIDI_HOME": folder, "JIDI_DATABASE_URL": server.url("lists"), "JIDI_MAIL_HOST": ""}
        settings.cache_clear()
        create_database(settings().database.url)
        migrate()
        with transaction() as session:
            seed(session)
        yield


def calls() -> Iterator[Call]:
    """Make the calls that the cases belong to."""
    for number in range(CALLS):
        call = demonstration_call()
        call.code, call.title = f"bench-{number}", f"第{number + 1}批（演示）"
        yield call


def seconds(office: Visitor, path: str, times: int) -> Iterator[float]:
    """Ask for a page again and again; the first answer, which fills caches, does not count."""
    for number in range(times + 1):
        began = time.perf_counter()
        answer = office.get(path)
        took = time.perf_counter() - began
        if answer.status_code != 200:
            figures.say(f"{path}: {answer.status_code}")
            return
        if number:
            yield took


def show(measured: dict[str, list[float]]) -> None:
    """Print the tables."""
    told = Table("page", "p50", "p95", "times the front page", title=figures.machine())
    floor = percentile(measured[BASELINE], 50)
    for path, found in measured.items():
        if found:
            p50, p95 = percentile(found, 50), percentile(found, 95)
            told.add_row(path, f"{1000 * p50:.0f} ms", f"{1000 * p95:.0f} ms", f"{p50 / floor:.1f}")
    slowest = max(percentile(found, 95) for found in measured.values() if found)
    goal = Goal("the slowest page, p95", 1000 * slowest, GOAL_MS, "ms")
    figures.console.print(told, figures.table_of([goal]))
    told_of = {path: f"p95 {1000 * percentile(found, 95):.0f} ms" for path, found in measured.items() if found}
    keep("lists", "The lists of a busy office: 2,000 cases in ten calls", [goal], told_of)


if __name__ == "__main__":
    typer.run(main)
