"""The three things that are measured, each one at a time and with nothing else going on."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import psutil

from benchmarks.kit.cases import Waiting
from benchmarks.kit.cost import Measured, Meter, Series, in_turns
from benchmarks.kit.house import House
from core.embedded.engine import ensure_work_pool
from core.settings import settings
from terminal.actors import Actor
from tests import cast

STOCK = "stock"
EMPTY = "benchmarks/kit/empty.py:empty"
FLOOR = "(a) an empty flow"
OURS = ("worker", "server", "postgres")
GATES = 4
"""Gates of the suspended flow: from one to the next there are three steps in a case."""
NEXT_DUTY = "SELECT id FROM assignments WHERE case_id = %s AND duty = 'assemble-panel'"
ITS_RUN = "SELECT flow_run_id FROM runs WHERE case_id = %s AND reason = 'local-review approved'"
YES = {"outcome": "approved", "reasons": "符合规定条件。"}


@dataclass
class Bench:
    """The house, how long its quiet is listened to first, and where progress is told."""

    house: House
    quiet: float
    say: Callable[[str], None]
    chance: random.Random = field(default_factory=lambda: random.Random(2015))  # noqa: S311 - moments, not secrets

    def wakings_beside_floor(self, cases: list[Waiting]) -> tuple[Measured, Measured]:
        """Measure the wakings of these cases, all but the first, and as many runs of an empty flow, in turns."""
        requests: list[float] = []
        with Actor(settings().public_url, cast.RECOMMENDER) as recommender:
            waking = Waking(self, recommender, cases, requests)
            empty = EmptyRun(self, self.house.deploy("empty", EMPTY, settings().engine.work_pool))
            for first in (waking, empty):
                first(-1)  # what a worker and a site do only once: they import, they connect
            requests.clear()
            trees = self.house.trees(*OURS)
            both = self._series("a waking of a case", trees, waking), self._series(FLOOR, trees, empty)
            self.say(f"wakings and empty flows in turns: {len(cases) - 1} of each")
            in_turns(both, len(cases) - 1)
        woken, floor = (self._told(series) for series in both)
        woken.also["request"] = requests
        return woken, floor

    def suspended(self, name: str, cases: int, **environment: str) -> Measured:
        """Run the six stages as one flow that suspends, on the stock worker: from an answer to the next gate."""
        ensure_work_pool(settings().engine.api_url, STOCK, "process")
        six_stages = self.house.deploy("six-stages", "benchmarks.kit.suspended.six_stages", STOCK)
        with self.house.stock_worker(STOCK, **environment) as worker:
            runs = [self.house.run(six_stages, reference=f"JD-{number}") for number in range(cases)]
            for run in runs:
                self.house.until(run, "PAUSED")
            processes_end(worker)

            def once(number: int) -> float:
                self.pause(float(environment.get("PREFECT_WORKER_QUERY_SECONDS", 10)))
                asked = time.monotonic()
                self._answer(runs[number % cases])
                self.house.until(runs[number % cases], "PAUSED")
                suspended = time.monotonic()
                processes_end(worker)
                return suspended - asked

            trees = {"worker": worker, **self.house.trees("server", "postgres")}
            series = self._series(name, trees, once)
            self.say(f"{name}: {cases * (GATES - 1)} steps")
            series.block(cases * (GATES - 1))
        return self._told(series)

    def _answer(self, run: UUID) -> None:
        answer = self.house.ask(f"/flow_runs/{run}/resume", {"run_input": {"outcome": "approved"}})
        if answer["status"] != "ACCEPT":
            message = f"the engine did not take the answer: {answer}"
            raise RuntimeError(message)

    def pause(self, longest: float) -> None:
        """Let a moment pass, so that answers come at any point between two polls of the worker."""
        time.sleep(self.chance.uniform(0, longest))

    def _series(self, name: str, trees: dict[str, psutil.Process], once: Callable[[int], float]) -> Series:
        return Series(name, Meter(trees, self.house.sessions), once, self.quiet)

    def _told(self, series: Series) -> Measured:
        measured = series.measured()
        self.say(f"{measured.name}: {measured.short}")
        return measured


@dataclass
class Waking:
    """A decision recorded over HTTP, until the next person has a duty; the next begins when its run has ended."""

    bench: Bench
    recommender: Actor
    cases: list[Waiting]
    requests: list[float]

    def __call__(self, number: int) -> float:
        """Wake one of the cases; the last of them is number -1."""
        case, house = self.cases[number], self.bench.house
        self.bench.pause(settings().engine.poll_seconds)
        asked = time.monotonic()
        self.recommender.post(f"/assignments/{case.duty}/decision", YES)
        answered = time.monotonic()
        house.facts.until(NEXT_DUTY, case.id)
        visible = time.monotonic()
        self.requests.append(answered - asked)
        house.until(house.facts.until(ITS_RUN, case.id), "COMPLETED")
        return visible - answered


@dataclass
class EmptyRun:
    """An empty flow in the same worker, from its creation to its end."""

    bench: Bench
    deployment: str

    def __call__(self, number: int) -> float:
        """Run it once."""
        del number
        self.bench.pause(settings().engine.poll_seconds)
        asked = time.monotonic()
        self.bench.house.until(self.bench.house.run(self.deployment), "COMPLETED")
        return time.monotonic() - asked


def processes_end(worker: psutil.Process) -> None:
    """Wait until the stock worker has no child left: what it started for a run is counted with that run."""
    while worker.children():
        time.sleep(0.02)
