"""Plays the closing day against a running house, and says what became of it."""

import csv
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from sqlmodel import Session, col, func, select

from benchmarks.load.scene import Scene
from core.db import reading
from models.case import Case, StageRound
from models.engine import Bell

EVERY_SECONDS = 2.0


@dataclass(frozen=True)
class Line:
    """What locust has counted of one thing that people did; times in milliseconds."""

    name: str
    count: int
    failed: int
    p50: float
    p95: float
    p99: float


@dataclass
class Played:
    """The closing day as it was: what was done, what failed, and what was filed."""

    lines: list[Line]
    failures: list[str]
    filed: list[str]
    memory: dict[str, list[float]] = field(default_factory=dict)

    @property
    def whole(self) -> Line:
        """All of it."""
        return next(one for one in self.lines if one.name == "Aggregated")

    @property
    def pages(self) -> list[Line]:
        """The pages that were opened."""
        return [one for one in self.lines if one.name.startswith("page ")]


def play(host: str, scene: Scene, seconds: int, thinking: float, watched: dict[str, psutil.Process]) -> Played:
    """Let the people of a scene do what they do for so many seconds, all of them from a tenth of it on."""
    people = sum(len(players) for players in scene.players.values()) + scene.outside
    with TemporaryDirectory(prefix="jidi-load-") as name, memory_of(watched) as memory:
        folder = Path(name)
        scene.write(folder / "scene.json")
        (folder / "filed").touch()
        command = [
            sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("people.py")), "--headless",
            "--users", str(people), "--spawn-rate", str(max(1, people * 10 // seconds)), "--run-time", f"{seconds}s",
            "--host", host, "--csv", str(folder / "told"), "--only-summary", "--stop-timeout", "30",
        ]  # fmt: skip
        environment = {
            **os.environ,
            "JIDI_LOAD_SCENE": str(folder / "scene.json"),
            "JIDI_LOAD_FILED": str(folder / "filed"),
            "JIDI_LOAD_THINKING": str(thinking),
        }
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not (folder / "told_stats.csv").exists():
            raise RuntimeError(done.stderr[-4000:])
        filed = (folder / "filed").read_text(encoding="utf-8").split()
        return Played(list(lines(folder)), list(failures(folder)), filed, memory)


def lines(folder: Path) -> Iterator[Line]:
    """Read what locust has counted."""
    with (folder / "told_stats.csv").open(encoding="utf-8") as told:
        for row in csv.DictReader(told):
            p50, p95, p99 = (float(row[key] or 0) for key in ("50%", "95%", "99%"))
            yield Line(row["Name"], int(row["Request Count"]), int(row["Failure Count"]), p50, p95, p99)


def failures(folder: Path) -> Iterator[str]:
    """Read what went wrong, each kind once with how often."""
    with (folder / "told_failures.csv").open(encoding="utf-8") as told:
        for row in csv.DictReader(told):
            yield f"{row['Occurrences']} × {row['Name']}: {row['Error']}"


@contextmanager
def memory_of(watched: dict[str, psutil.Process]) -> Iterator[dict[str, list[float]]]:
    """Note every few seconds how many megabytes processes hold."""
    found: dict[str, list[float]] = {name: [] for name in watched}
    over = threading.Event()

    def look() -> None:
        while not over.wait(EVERY_SECONDS):
            for name, process in watched.items():
                with suppress(psutil.NoSuchProcess):
                    found[name].append(process.memory_info().rss / 1_000_000)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield found
    finally:
        over.set()
        looking.join()


def growth(megabytes: list[float]) -> float:
    """Return by how many per cent memory grew from the second fifth of a run to its last."""
    fifth = max(1, len(megabytes) // 5)
    early, late = megabytes[fifth : 2 * fifth], megabytes[-fifth:]
    return 100 * (sum(late) / len(late)) / (sum(early) / len(early)) - 100 if early else 0


def lost(filed: Collection[str]) -> list[str]:
    """Return what was answered with a reference and is not there, or got no further than its filing."""
    with reading() as session:
        return [reference for reference in filed if not _went_on(session, reference)]


def _went_on(session: Session, reference: str) -> bool:
    opened = select(func.count()).select_from(StageRound).join(Case, col(Case.id) == StageRound.case_id)
    return session.exec(opened.where(Case.reference == reference, StageRound.stage != "submission")).one() > 0


def seconds_until_answered(patience: float, say: Callable[[str], None]) -> float:
    """Wait until no bell hangs unanswered; return how long that took, or the whole patience."""
    began = time.monotonic()
    while (took := time.monotonic() - began) < patience:
        with reading() as session:
            hanging = session.exec(select(func.count()).where(col(Bell.answered_at).is_(None))).one()
        if not hanging:
            return took
        say(f"{hanging} bells are unanswered")
        time.sleep(1)
    return patience
