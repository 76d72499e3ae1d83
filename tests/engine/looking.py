"""A flow that looks round: does the engine watch, in a thread beside it, whether somebody suspends the run?

As a process: `python -m tests.engine.looking` runs what waits in its pool with our worker, with an id after it that run
as the stock workers do.
"""

import sys
import threading
from uuid import UUID

import anyio
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow
from prefect.states import Completed, State

from flows.worker import ThreadWorker

POOL = "looking"


@flow(name="looking", persist_result=False)
def looking() -> State[None]:
    """End in a state that says whether it was watched."""
    watched = any("observer" in thread.name for thread in threading.enumerate())
    return Completed(name="Watched" if watched else "Unwatched")


async def work_once() -> None:
    """Run what waits in the pool with our worker."""
    await ThreadWorker(work_pool_name=POOL, prefetch_seconds=0, limit=2).start(run_once=True)


async def read(flow_run_id: str) -> FlowRun:
    """Return a run as the engine has it."""
    async with get_client() as client:
        return await client.read_flow_run(UUID(flow_run_id))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_flow(looking, flow_run=anyio.run(read, sys.argv[1]), return_type="state")
    else:
        anyio.run(work_once)
