"""The three things that are measured, each one at a time and with nothing else going on."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import psutil

from benchmarks.kit.cases import Waiting
from benchmarks.kit.cost import Measured, Meter, measure
from benchmarks.kit.house import House
from core.embedded.engine import ensure_work_pool
from core.settings import settings
from terminal.actors import Actor
from tests import cast

STOCK = "stock"
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

    def wakings(self, cases: list[Waiting]) -> Measured:
        """Record a decision in each case over HTTP and wait for the next person's duty."""
        requests: list[float] = []
        with Actor(settings().public_url, cast.RECOMMENDER) as recommender:

            def once(number: int) -> float:
                case = cases[number]
                self._pause(settings().engine.poll_seconds)
                asked = time.monotonic()
                recommender.post(f"/assignments/{case.duty}/decision", YES)
                answered = time.monotonic()
                self.house.facts.until(NEXT_DUTY, case.id)
                visible = time.monotonic()
                requests.append(answered - asked)
                self.house.until(self.house.facts.until(ITS_RUN, case.id), "COMPLETED")
                return visible - answered

            found = self._measure("a waking of a case", self.house.trees(*OURS), once, len(cases))
        found.also["request"] = requests
        return found

    def floor(self, times: int) -> Measured:
        """Run an empty flow in the same worker, from its creation to its end."""
        empty = self.house.deploy("empty", "benchmarks/kit/empty.py:empty", settings().engine.work_pool)

        def once(_number: int) -> float:
            self._pause(settings().engine.poll_seconds)
            asked = time.monotonic()
            self.house.until(self.house.run(empty), "COMPLETED")
            return time.monotonic() - asked

        once(0)  # the worker imports the flow
        return self._measure("(a) an empty flow in the same worker", self.house.trees(*OURS), once, times)

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
                self._pause(float(environment.get("PREFECT_WORKER_QUERY_SECONDS", 1)))
                asked = time.monotonic()
                self._answer(runs[number % cases])
                self.house.until(runs[number % cases], "PAUSED")
                suspended = time.monotonic()
                processes_end(worker)
                return suspended - asked

            trees = {"worker": worker, **self.house.trees("server", "postgres")}
            return self._measure(name, trees, once, cases * (GATES - 1))

    def _answer(self, run: UUID) -> None:
        answer = self.house.ask(f"/flow_runs/{run}/resume", {"run_input": {"outcome": "approved"}})
        if answer["status"] != "ACCEPT":
            message = f"the engine did not take the answer: {answer}"
            raise RuntimeError(message)

    def _pause(self, longest: float) -> None:
        """Let a moment pass, so that answers come at any point between two polls of the worker."""
        time.sleep(self.chance.uniform(0, longest))

    def _measure(
        self, name: str, trees: dict[str, psutil.Process], once: Callable[[int], float], times: int
    ) -> Measured:
        self.say(f"{name}: {times} times, after {self.quiet:.0f} quiet seconds")
        found = measure(name, Meter(trees, self.house.sessions), once, times=times, quiet=self.quiet)
        self.say(found.short)
        return found


def processes_end(worker: psutil.Process) -> None:
    """Wait until the stock worker has no child left: what it started for a run is counted with that run."""
    while worker.children():
        time.sleep(0.02)
