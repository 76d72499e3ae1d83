"""The failing control of `tests/gates`: what a duplicate does to a flow that suspends itself and is resumed."""

import os
import subprocess
import sys

import pytest

from flows import gateway
from terminal import machine
from tests.engine.suspending import suspending
from tests.machinery import Engine

pytestmark = pytest.mark.engine

POOL = "suspending"
APPROVED = {"run_input": {"outcome": "approved"}}
WHY = (
    "a resume names no gate: the recommending body's approval, delivered twice, is taken for the department's "
    "(docs/decisions/0001); this is why nothing is suspended here and a decision is a row bound to its gate"
)


@pytest.fixture
def run_id(engine: Engine) -> str:
    """Create a run of the flow that suspends itself, in a pool of its own."""
    del engine
    gateway.ask("POST", "/work_pools/", {"name": POOL, "type": "thread"})
    flow = gateway.ask("POST", "/flows/", {"name": suspending.name}).json()["id"]
    entrypoint = "tests/engine/suspending.py:suspending"
    body = {"name": POOL, "flow_id": flow, "entrypoint": entrypoint, "work_pool_name": POOL}
    deployment = gateway.ask("POST", "/deployments/", body).json()["id"]
    return str(gateway.ask("POST", f"/deployments/{deployment}/create_flow_run", {}).json()["id"])


class PassedTheNextGateError(AssertionError):
    """What the control is expected to fail with; any other failure is one of the control itself."""


@pytest.mark.xfail(strict=True, raises=PassedTheNextGateError, reason=WHY)
def test_an_approval_delivered_twice_passes_one_gate(run_id: str) -> None:
    assert carried_on(run_id) == "Suspended"
    resume(run_id)
    assert carried_on(run_id) == "Suspended"
    resume(run_id)
    if carried_on(run_id) == "Certified":
        raise PassedTheNextGateError


def resume(run_id: str) -> None:
    """Deliver the recommending body's approval."""
    gateway.ask("POST", f"/flow_runs/{run_id}/resume", APPROVED)


def carried_on(run_id: str) -> str:
    """Let the run go on as far as it can; return the state it is in then."""
    command = [sys.executable, "-m", "tests.engine.suspending", run_id]
    subprocess.run(command, env={**os.environ, **machine.client_environment()}, check=False, capture_output=True)
    return str(gateway.ask("GET", f"/flow_runs/{run_id}").json()["state"]["name"])
