"""A busy office while processes are killed at random.

    python -m benchmarks.chaos [--cases 100] [--minutes 10] [--every 5] [--seed N]

Everything is as `jidi up` runs it: embedded PostgreSQL, Prefect's server, the worker (which sends the letters and
keeps the house), the website. People act over HTTP and wait for nothing but their duties. Every few seconds one process
is killed with -9 and started again a moment later; which one, a seed says, and the seed is printed.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from benchmarks.chaos.killing import VICTIMS, Reaper
from benchmarks.chaos.outcome import Outcome, answered_bells, cases, left, longest_hung, outcome, recoveries
from benchmarks.chaos.people import Office, gather
from benchmarks.kit import figures
from benchmarks.kit.figures import Goal
from benchmarks.kit.house import House, running
from benchmarks.kit.results import keep
from core.i18n import language
from notifications.delivery import settle_abandoned
from tests.chaos import checking
from tests.chaos.sink import Sink, sinking

CASES, MINUTES, EVERY, RECOVERY_SECONDS = 100, 10.0, 5.0, 90
FILING = 0.7
"""In this share of the time all applications are filed, so that cases of every stage are under way throughout."""
PATIENCE_SECONDS = 600
MAIL_SECONDS = 6


def main(
    of: Annotated[int, typer.Option("--cases", help="How many applications are filed.")] = CASES,
    minutes: Annotated[float, typer.Option(help="For how long processes are killed.")] = MINUTES,
    every: Annotated[float, typer.Option(help="Seconds between two kills.")] = EVERY,
    seed: Annotated[int, typer.Option(help="Which processes; 0: drawn anew.")] = 0,
) -> None:
    """Let people work while processes are killed, and show what became of it beside the goals."""
    language.set("en")
    seed = seed or secrets.randbelow(2**31) + 1
    with house() as (sink, running_house):
        office = gather(of, figures.say)
        reaper = Reaper(running_house.supervisor, seed, every)
        figures.say(f"{of} cases, {minutes:g} minutes, a kill every {every:g} s, seed {seed}")
        ended_after = play(office, reaper, 60 * minutes)
        settle(figures.say)
        found = outcome(cases(office.heard.filed), sink)
        first, whole = recoveries(reaper.kills, answered_bells)
        longest = longest_hung()
    for line in (*found.faults, *office.heard.refused):
        figures.console.print(f"[red]✗[/] {line}", soft_wrap=True)
    goals = goals_of(of, found, max(whole, default=0))
    told = {
        "killed": f"{len(reaper.kills)} processes ({reaper.told()}), seed {seed}",
        "letters unknown": f"{found.unknown} of {len(sink.deliveries)}",
        "a bell answered again, at the latest": f"{max(first, default=0):.0f} s after a kill",
        "every bell that hung, median": f"{sorted(whole)[len(whole) // 2] if whole else 0:.0f} s after a kill",
        "the bell that hung longest": longest,
        "requests sent again": f"{office.heard.again}, the longest wait for an answer {office.heard.longest:.0f} s",
        "all ended": f"{ended_after:.0f} s after the last kill",
    }
    show(goals, told)
    if of >= CASES and minutes >= MINUTES and every <= EVERY:  # a smaller run is a trial
        keep("chaos", "Ten minutes of kills at random", goals, told)


@contextmanager
def house() -> Iterator[tuple[Sink, House]]:
    """Have the whole house, and a mail server that keeps every delivery, for the length of a block."""
    with sinking() as sink:
        mail = {
            "JIDI_MAIL_CATCHER": "false",
            "JIDI_MAIL_PORT": str(sink.port),
            "JIDI_MAIL_TIMEOUT_SECONDS": str(MAIL_SECONDS),
        }
        with running(figures.say, ticking=True, **mail) as it:
            yield sink, it


def play(office: Office, reaper: Reaper, seconds: float) -> float:
    """Let people work while processes are killed, and until all is done; return how long that took after the end."""
    wanted = len(office.drafts)
    with office.working(FILING * seconds):
        for remaining in reaper.rage(seconds):
            figures.say(f"killed {VICTIMS[reaper.kills[-1].of]}; {remaining:.0f} s left, {left(wanted)}")
        began = told = time.monotonic()
        while (still := left(wanted)) and time.monotonic() - began < PATIENCE_SECONDS:
            if time.monotonic() - told > 10:
                told = time.monotonic()
                figures.say(f"no more kills: {still}")
            time.sleep(0.5)
    return time.monotonic() - began


def settle(say: Callable[[str], None]) -> None:
    """Wait until no letter can be in anybody's hands; where one still is, its sender has died."""
    while checking.in_hand():
        say(f"{len(checking.in_hand())} letters were in the hands of processes that died")
        time.sleep(2 * MAIL_SECONDS)
        settle_abandoned(timedelta(seconds=2 * MAIL_SECONDS))


def goals_of(of: int, found: Outcome, recovery: float) -> list[Goal]:
    """Hold what was found against what is wanted."""
    return [
        Goal("cases finished", found.finished, of, "", at_least=True),
        Goal("effects doubled", len(found.doubled), 0, ""),
        Goal("letters doubled", len(found.letters_doubled), 0, ""),
        Goal("people asked again", len(found.asked), 0, ""),
        Goal("whatever else does not hold", len(found.other), 0, ""),
        Goal("longest recovery", recovery, RECOVERY_SECONDS, "s"),
    ]


def show(goals: list[Goal], told: dict[str, str]) -> None:
    """Print the tables."""
    beside = Table("", "", title=figures.machine(), show_header=False)
    for name, words in told.items():
        beside.add_row(name, words)
    figures.console.print(figures.table_of(goals), beside)


if __name__ == "__main__":
    typer.run(main)
