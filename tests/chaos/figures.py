"""What a whole run under faults has found, kept where the benchmarks keep theirs: `docs/reference/reliability.md`."""

from collections import Counter

import pytest

from benchmarks.kit.figures import Goal
from benchmarks.kit.results import keep

TOLD = {
    "killed": "killed: the worker, at every point of a run and of a letter",
    "website": "killed: the website, at every point of a decision",
    "letters": "the mail server: down, deaf, greylisting, refusing; its sender killed",
    "disk": "the disk full, while a document is written",
    "outages": "the engine away or emptied, PostgreSQL crashing, clocks wrong, two of each",
}
"""What the tests of a file are about."""


class Found:
    """Counts the tests under faults that were run and that passed, file by file."""

    def __init__(self) -> None:
        """Begin with none."""
        self.asked: Counter[str] = Counter()
        self.passed: Counter[str] = Counter()
        self.begun = 0
        self.seconds = 0.0

    def ask(self, nodeid: str) -> None:
        """Count one that is to be run."""
        self.asked[about(nodeid)] += 1

    def hear(self, report: pytest.TestReport) -> None:
        """Count one that has passed, and the time that each of its parts took."""
        self.seconds += report.duration
        self.begun += report.when == "setup"
        self.passed[about(report.nodeid)] += report.when == "call" and report.passed

    @property
    def whole(self) -> bool:
        """Whether no file was left out, and no test."""
        return self.asked.keys() >= TOLD.keys() and self.begun == sum(self.asked.values())

    def keep(self) -> None:
        """Keep what was found."""
        took = {"all of them": f"{self.seconds / 60:.0f} minutes"}
        keep("faults", "Faults at every named point", goals(self.asked, self.passed), took)


def about(nodeid: str) -> str:
    """Return which of the files a test stands in, by the key of `TOLD`."""
    return nodeid.split("::", maxsplit=1)[0].rpartition("test_")[2].removesuffix(".py")


def goals(asked: Counter[str], passed: Counter[str]) -> list[Goal]:
    """Hold what has passed against what was to be run."""
    return [Goal(TOLD[key], passed[key], asked[key], "", at_least=True) for key in TOLD if key in asked]
