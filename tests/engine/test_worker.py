"""The worker's liberties with the engine: nobody watches whether a run is suspended; it waits while there is none."""

import asyncio
import os
import subprocess
import sys
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_URL, temporary_settings

from core.embedded.ports import free_port
from flows import gateway, worker
from flows.worker import ThreadWorker
from terminal import machine
from tests.conftest import environment
from tests.engine.looking import POOL, looking
from tests.machinery import HOST, Engine

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def deployment(engine: Engine) -> str:
    """Deploy the flow that looks round, in a pool of its own."""
    del engine
    gateway.ask("POST", "/work_pools/", {"name": POOL, "type": "thread"})
    flow = gateway.ask("POST", "/flows/", {"name": looking.name}).json()["id"]
    entrypoint = "tests/engine/looking.py:looking"
    body = {"name": POOL, "flow_id": flow, "entrypoint": entrypoint, "work_pool_name": POOL}
    return f"/deployments/{gateway.ask('POST', '/deployments/', body).json()['id']}/create_flow_run"


def test_a_run_of_a_worker_is_not_watched(deployment: str) -> None:
    ours = gateway.ask("POST", deployment, {}).json()["id"]
    run()
    assert name_of(ours) == "Unwatched"
    stock = gateway.ask("POST", deployment, {}).json()["id"]
    run(stock)
    assert name_of(stock) == "Watched", "the engine has changed: the worker's liberty can be given back"


@pytest.mark.allow_hosts([HOST])
def test_a_worker_takes_the_engine_s_absence_for_nothing_to_do() -> None:
    nowhere = f"http://{HOST}:{free_port()}/api"

    async def asks() -> None:
        async with ThreadWorker(work_pool_name=POOL, limit=1) as asking:
            assert await asking.get_and_submit_flow_runs() == []
            await asking.sync_with_backend()
            taken = FlowRun(flow_id=uuid4(), deployment_id=uuid4())
            asking.limiter.acquire_on_behalf_of_nowait(taken.id)
            await asking._submit_run(taken)
            assert not asking.limiter.borrowed_tokens

    with environment(JIDI_ENGINE_API_URL=nowhere), temporary_settings({PREFECT_API_URL: nowhere}):
        asyncio.run(asks())


def test_the_engine_hears_at_last_of_a_run_whose_end_it_could_not_be_told(deployment: str) -> None:
    ended, untold = (UUID(gateway.ask("POST", deployment, {}).json()["id"]) for _ in range(2))
    for run_id, state in ((ended, "COMPLETED"), (untold, "RUNNING")):
        gateway.ask("POST", f"/flow_runs/{run_id}/set_state", {"state": {"type": state}, "force": True})
    worker._UNTOLD.update((ended, untold))
    worker.put_right()
    assert [(gateway.fate_of(one) or gateway.Fate("", "")).type for one in (ended, untold)] == ["COMPLETED", "CRASHED"]


def run(*flow_run_id: str) -> None:
    """Run what waits in the pool with our worker, or one run as the stock workers do."""
    command = [sys.executable, "-m", "tests.engine.looking", *flow_run_id]
    subprocess.run(command, env={**os.environ, **machine.client_environment()}, check=True, capture_output=True)


def name_of(flow_run_id: str) -> str:
    return str(gateway.ask("GET", f"/flow_runs/{flow_run_id}").json()["state"]["name"])
