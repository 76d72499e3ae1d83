"""The procedure as one would first write it on Prefect: a flow that suspends itself and is resumed with the answer.

As a process: `python -m tests.engine.suspending RUN` carries the run on to its next suspension, as stock workers do.
"""

import sys

import anyio
from prefect import flow, suspend_flow_run
from prefect.flow_engine import run_flow
from prefect.input import RunInput
from prefect.states import Completed, State

from tests.engine.looking import read


class Answer(RunInput):
    """What a person says at a gate."""

    outcome: str


@flow(name="suspending", persist_result=False)
def suspending() -> State[None]:
    """Ask the recommending body, then the department; each question has a key of its own."""
    for gate in ("local-review", "certification"):
        suspend_flow_run(wait_for_input=Answer, key=gate, timeout=None)
    return Completed(name="Certified")


if __name__ == "__main__":
    run_flow(suspending, flow_run=anyio.run(read, sys.argv[1]), return_type="state")
