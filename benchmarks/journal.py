"""What the chain of the journal costs: a chained line beside an unchained one, and how fast it is verified.

    python -m benchmarks.journal [--cases 200] [--lines 10] [--rounds 3]

Each case writes its lines one transaction each, as acts do, on a server that survives a power cut (fsync on). The
baseline is the same with the trigger off, in the same run, round by round in turn.
"""

import time
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import text
from sqlmodel import Session, select

from benchmarks.kit import figures
from benchmarks.kit.results import keep
from benchmarks.lists import calls, record
from casework import journal
from casework.trust.chains import Line, broken_chains, every_line
from core.db import reading, transaction
from models.case import Case
from tests.unit.casework.crowd import a_crowd

TRIGGER = "ALTER TABLE journal {} TRIGGER journal_is_chained"
UNCHAINED = """
ALTER TABLE journal ALTER COLUMN number SET DEFAULT 1000000 + nextval('journal_id_seq'),
    ALTER COLUMN previous SET DEFAULT repeat('0', 64), ALTER COLUMN hash SET DEFAULT repeat('0', 64)
"""
"""Unchained lines are as long as chained ones."""
FORGET = """
ALTER TABLE journal DISABLE TRIGGER USER; DELETE FROM journal WHERE number > 1000000;
ALTER TABLE journal ENABLE TRIGGER USER
"""
AT_ONCE = 20
"""Lines of one case in one transaction: about as many as there ever are."""
MANY = """
INSERT INTO journal (at, case_id, act, stage, round, detail)
SELECT now(), cases.id, 'measured', 'expert-review', 1, jsonb_build_object('number', n, 'reason', repeat('理由', 10))
FROM generate_series(1, :lines) n, cases
"""


def main(
    cases: Annotated[int, typer.Option(help="How many cases there are.")] = 200,
    lines: Annotated[int, typer.Option(help="How many lines each writes in a round.")] = 10,
    rounds: Annotated[int, typer.Option(help="How often both are measured in turn.")] = 3,
    many: Annotated[int, typer.Option(help="How many lines each case has when the journal is verified.")] = 1000,
) -> None:
    """Measure, and show the figures."""
    spent: dict[str, list[float]] = {"DISABLE": [], "ENABLE": []}
    together: dict[str, list[float]] = {"DISABLE": [], "ENABLE": []}
    with record():
        with transaction() as session:
            batches = list(calls())
            session.add_all(batches)
            session.flush()
            a_crowd(session, cases, batches)
            session.execute(text(UNCHAINED))
            ours = list(session.exec(select(Case)))
        for _ in range(rounds):
            for trigger, found in spent.items():
                with transaction() as session:
                    session.execute(text(TRIGGER.format(trigger)))
                found.append(write(ours, lines))
                together[trigger].append(write_together(ours, lines))
        with transaction() as session:
            session.execute(text(FORGET))
        for _ in range(many // AT_ONCE):
            with transaction() as session:
                session.execute(text(MANY), {"lines": AT_ONCE})
        figures.say("verifying")
        show(spent, together, verified())


def write(cases: list[Case], lines: int) -> float:
    """Write lines, a transaction each; return the milliseconds of one."""
    started = time.perf_counter()
    for number in range(lines):
        for case in cases:
            with transaction() as session:
                note(session, case, number)
    return (time.perf_counter() - started) * 1000 / (lines * len(cases))


def write_together(cases: list[Case], lines: int) -> float:
    """Write the lines of a case in one transaction; return the milliseconds of one line."""
    started = time.perf_counter()
    for case in cases:
        with transaction() as session:
            for number in range(lines):
                note(session, case, number)
    return (time.perf_counter() - started) * 1000 / (lines * len(cases))


def note(session: Session, case: Case, number: int) -> None:
    """Write one line as every act does."""
    journal.note(session, "measured", case=case, by=None, stage="expert-review", round=1, number=number)


def verified() -> tuple[int, float]:
    """Verify the whole journal; return its lines and the seconds that took."""
    counted = 0

    def lines() -> Iterator[Line]:
        nonlocal counted
        for line in every_line(session):
            counted += 1
            yield line

    started = time.perf_counter()
    with reading() as session:
        assert list(broken_chains(lines())) == []
    return counted, time.perf_counter() - started


def show(spent: dict[str, list[float]], together: dict[str, list[float]], read: tuple[int, float]) -> None:
    """Show a chained line beside an unchained one, and how fast a journal is verified."""
    told = {}
    table = Table("one line of the journal", "unchained", "chained", "ratio", title=figures.machine())
    for name, found in (("a transaction of its own", spent), ("many in one transaction", together)):
        before, after = min(found["DISABLE"]), min(found["ENABLE"])
        table.add_row(name, f"{before:.3f} ms", f"{after:.3f} ms", f"{after / before:.2f}")
        told[name] = f"{after:.3f} ms chained, {before:.3f} ms unchained, {after / before:.2f} times"
    figures.console.print(table)
    lines, seconds = read
    told["verified"] = f"{lines:,} lines in {seconds:.1f} s, {lines / seconds:,.0f} a second"
    figures.console.print(f"verified: {told['verified']}")
    keep("journal", "What the chain of the journal costs", [], told)


if __name__ == "__main__":
    typer.run(main)
