"""ThreadWorker: runs the short runs of our flows inside the worker's own process, each in a thread.

A run of a case takes milliseconds; starting a process for it would take seconds. The stock worker types serve the same
deployments (`prefect worker start --type process`), so whoever needs isolation changes the pool and nothing else.
"""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from typing import Any
from uuid import UUID

import anyio
import structlog
from anyio.abc import TaskStatus
from prefect import Flow
from prefect.client.schemas.objects import FlowRun
from prefect.context import SyncClientContext
from prefect.flow_engine import run_flow
from prefect.states import Cancelled
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from core.discretion import words_of
from core.logging import about
from core.settings import settings
from flows import gateway
from flows.clocks import EngineClock
from flows.ticks import is_too_late

log = structlog.get_logger()

THREADS = 8
"""Runs at a time in one worker."""
IN_HAND = 2 * THREADS
"""Runs that a worker takes from the engine before it has done others; what it has in hand is lost when it dies."""
GOING_ON = {"PENDING", "RUNNING"}


class ThreadWorkerResult(BaseWorkerResult):
    """The outcome of a run in a thread: how the run ended is in its state, so the status code is always 0."""


class ThreadWorker(BaseWorker[BaseJobConfiguration, BaseVariables, ThreadWorkerResult]):
    """A Prefect worker of type `thread`."""

    type = "thread"
    job_configuration_variables = BaseVariables
    _description = "Runs flows in threads of the worker's own process."
    _engine_clock = EngineClock()
    _heard: bool | None = None

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        """Ask for what is due by the engine's clock: one that is ahead would take the ticks of the hours to come.

        While the engine is away nothing is: asked a dozen times in vain, the worker would end, and it is to be there
        when the engine is back.
        """
        try:
            if self._heard is False:  # Prefect's client would sleep for seconds after a refusal
                await anyio.to_thread.run_sync(gateway.ask, "GET", "/health")
            with anyio.fail_after(gateway.PATIENCE_SECONDS):
                self._prefetch_seconds = -await anyio.to_thread.run_sync(self._engine_clock.ahead)
                due = await super().get_and_submit_flow_runs()
        except (gateway.Trouble, TimeoutError) as error:
            if gateway.is_final(error):
                raise
            self._misses(error)
            return []
        if not self._heard:  # whatever was lost while there was no worker, or no engine, need not wait for its time
            await anyio.to_thread.run_sync(put_right)
        self._heard = True
        return due

    async def sync_with_backend(self) -> None:
        """Say that we live; to nobody, while the engine is away."""
        try:
            await super().sync_with_backend()
        except gateway.Trouble as error:
            if gateway.is_final(error):
                raise
            self._misses(error)

    async def _submit_run(self, flow_run: FlowRun) -> None:
        """Take a run in hand and run it to its end; when the engine goes away meanwhile, let go of it.

        Whoever starts a process for a run reads its deployment and flow first, and tells the engine that it submits the
        run, by which worker and as which process: five requests, half of what a run costs, and nothing that we need.
        """
        try:
            if await self._propose_pending_state(flow_run):
                await self.run(flow_run, BaseJobConfiguration())
        except gateway.Trouble as error:
            self._misses(error)
        except Exception as error:
            log.exception("run not run", run=str(flow_run.id))
            await self._propose_crashed_state(flow_run, words_of(error))
        finally:
            self._submitting_flow_run_ids.discard(flow_run.id)
            if self._cancelling_observer is not None:
                self._cancelling_observer.remove_in_flight_flow_run_id(flow_run.id)
            self._release_limit_slot(flow_run.id)

    def _misses(self, error: Exception) -> None:
        if self._heard is not False:
            log.warning("the engine is away; trying until it is back", error=words_of(error))
        self._heard = False

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,
        task_status: TaskStatus[int] | None = None,
    ) -> ThreadWorkerResult:
        """Run one flow run to its end."""
        del configuration
        flow = await self._flow_of(flow_run)
        if task_status:
            task_status.started(0)
        if is_too_late(flow_run):
            await self.client.set_flow_run_state(
                flow_run.id, Cancelled(message="A later tick does its work."), force=True
            )
            return ThreadWorkerResult(identifier=str(flow_run.id), status_code=0)
        # Given its deployment, the engine would open a websocket and watch whether somebody suspends the run from
        # outside: 0.2 s and 50 ms of CPU for what we never do (tests/engine/test_worker.py).
        unwatched = flow_run.model_copy(update={"deployment_id": None})
        await anyio.to_thread.run_sync(_wait_for, flow, unwatched, limiter=_turns())
        return ThreadWorkerResult(identifier=str(flow_run.id), status_code=0)

    async def _flow_of(self, flow_run: FlowRun) -> Flow[Any, Any]:
        if flow_run.deployment_id is None:
            message = "only runs of a deployment can be run here"
            raise ValueError(message)
        known = _ENTRYPOINTS.get(flow_run.deployment_id)
        if known is None:
            deployment = await self.client.read_deployment(flow_run.deployment_id)
            known = _ENTRYPOINTS[flow_run.deployment_id] = deployment.entrypoint or ""
        return load(known)


def put_right() -> None:
    """Have the house kept, and tell the engine of what it could not be told."""
    gateway.keep_house()
    while _UNTOLD:
        untold = _UNTOLD.pop()
        fate = gateway.fate_of(untold)
        if fate and fate.type in GOING_ON:
            gateway.declare_crashed(untold, "The engine was away when this run began, or when it ended.")


_ENTRYPOINTS: dict[UUID, str] = {}
_UNTOLD: set[UUID] = set()
"""Runs that the engine would call running for ever."""


@cache
def load(entrypoint: str) -> Flow[Any, Any]:
    """Return the flow of an entrypoint (`flows/accreditation.py:accreditation`), imported as the module it is."""
    path, _, name = entrypoint.partition(":")
    flow: Flow[Any, Any] = getattr(import_module(path.removesuffix(".py").replace("/", ".")), name)
    return flow


def _wait_for(flow: Flow[Any, Any], flow_run: FlowRun) -> None:
    _threads().submit(_carry_out, flow, flow_run).result()


def _carry_out(flow: Flow[Any, Any], flow_run: FlowRun) -> None:
    if SyncClientContext.get() is None:
        # A connection to the engine for the life of this thread. Without it every run makes one of its own and reads
        # all the certificates of the machine for it, which takes longer than most of our runs.
        SyncClientContext().__enter__()
    reference = str((flow_run.parameters or {}).get("reference", ""))
    with about(run=str(flow_run.id), flow=flow.name, **({"case": reference} if reference else {})):
        try:
            state = run_flow(flow, flow_run=flow_run, return_type="state")
        except gateway.Trouble as error:
            _UNTOLD.add(flow_run.id)
            log.warning("the engine was away when the run began or ended", error=words_of(error))
        else:
            log.info("run", state=getattr(state, "name", ""))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="run")


@cache
def _turns() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(THREADS)


async def work(name: str | None = None) -> None:
    """Take runs from the pool until SIGTERM or SIGINT; what is running then is finished first."""
    # A run taken before its time would sit in a thread until then, hence no prefetching.
    pool = settings().engine.work_pool
    worker = ThreadWorker(work_pool_name=pool, name=name, prefetch_seconds=0, limit=IN_HAND)
    working = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        if working:
            loop.add_signal_handler(number, working.cancel)
    try:
        await worker.start()
    except asyncio.CancelledError:
        return
