"""The engine seen from outside, over HTTP: ring a bell, ask what became of a run, declare one dead.

The only door for `api` and `pages`. Nothing here raises towards a person: a bell that could not be rung stays
unanswered, and housekeeping rings it again.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from uuid import UUID

import httpx
import structlog

from casework import bells
from casework.foresight import Foreseen, Plan
from core.db import transaction
from core.discretion import words_of
from core.settings import settings
from models.case import Case
from models.engine import Bell

PATIENCE_SECONDS = 5.0
AGAIN_AFTER = (0.2, 1.0)
"""Pauses before a request is repeated that met a conflict or an overloaded server."""
HOUSEKEEPING = "housekeeping/housekeeping"
MOST_AT_ONCE = 200
"""Runs that the engine tells of in one answer."""
BUSY = frozenset({httpx.codes.CONFLICT, httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})

Trouble = httpx.HTTPError
"""What is raised where the engine does not answer, or not as it should."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Fate:
    """What became of a run, in Prefect's own words: the type of its state, and the name its flow gave it."""

    type: str
    name: str


def ring(case_id: UUID) -> bool:
    """Start a run for the case's news, if it has any that nobody was told yet; says whether the engine took it.

    The attempt is committed before the engine hears of it: whatever happens in between, the bell rings again later.
    The idempotency key is the bell and the attempt, so the same ring twice is one run. An attempt that was not heard
    is none: the next has its number, and need not wait the longer for it.
    """
    with transaction() as session:
        due = bells.to_ring(session, case_id)
        if not due:
            return False
        reference = session.get_one(Case, case_id).reference
        for bell in due:
            bells.rung(session, bell)
        newest = due[-1]
        body: dict[str, object] = {
            "idempotency_key": f"{newest.id}/{newest.attempts}",
            "tags": [reference],
            "parameters": {"case_id": str(case_id), "reference": reference},
        }
    try:
        run = ask("POST", f"/deployments/{deployment_id()}/create_flow_run", body).json()
    except Trouble as error:
        deployment_id.cache_clear()
        log.warning("bell not heard", case=reference, error=words_of(error))
        with transaction() as session:
            bells.unheard(session, [bell.id for bell in due])
        return False
    with transaction() as session:
        session.get_one(Bell, newest.id).flow_run_id = UUID(run["id"])
    return True


def start(deployment: str, at: datetime | None = None) -> UUID:
    """Start a run of another deployment ("deadlines/deadlines") at once, or at an instant; raises `Trouble`.

    However often a run for the same second is asked for, it is one.
    """
    body: dict[str, object] = {}
    if at:
        details = {"scheduled_time": at.isoformat()}
        body = {"state": {"type": "SCHEDULED", "state_details": details}, "idempotency_key": f"{at:%Y-%m-%dT%H:%M:%S}"}
    found = ask("GET", f"/deployments/name/{deployment}").json()["id"]
    return UUID(ask("POST", f"/deployments/{found}/create_flow_run", body).json()["id"])


def keep_house(at: datetime | None = None) -> None:
    """Have the house kept now, or at an instant, besides the regular times; is the engine away, at those alone."""
    try:
        start(HOUSEKEEPING, at)
    except Trouble as error:
        log.warning("house not kept besides", error=words_of(error))


def queued(flow_run_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these runs wait at the engine for a worker; raises `Trouble`."""
    found: set[UUID] = set()
    for first in range(0, len(flow_run_ids), MOST_AT_ONCE):
        ids = [str(one) for one in flow_run_ids[first : first + MOST_AT_ONCE]]
        waiting = {"id": {"any_": ids}, "state": {"type": {"any_": ["SCHEDULED"]}}}
        answer = ask("POST", "/flow_runs/filter", {"flow_runs": waiting, "limit": MOST_AT_ONCE})
        found |= {UUID(one["id"]) for one in answer.json()}
    return found


def is_final(error: Exception) -> bool:
    """Whether asking again is in vain: the engine was there, and would not hear of it."""
    return isinstance(error, httpx.HTTPStatusError) and error.response.is_client_error


def fate_of(flow_run_id: UUID) -> Fate | None:
    """Return what became of a run; None when the engine does not know it, or does not answer."""
    try:
        state = ask("GET", f"/flow_runs/{flow_run_id}").json()["state"]
    except Trouble:
        return None
    return Fate(state["type"], state["name"]) if state else None


def declare_crashed(flow_run_id: UUID, why: str = "The worker died without a word.") -> bool:
    """Tell the engine that a run is dead, which nobody else would; says whether it was told."""
    state = {"type": "CRASHED", "name": "Crashed", "message": why}
    try:
        ask("POST", f"/flow_runs/{flow_run_id}/set_state", {"state": state, "force": True})
    except Trouble as error:
        log.warning("run not declared crashed", flow_run=str(flow_run_id), error=str(error))
        return False
    return True


def is_there() -> bool:
    """Whether the engine answers and has our deployment."""
    try:
        ask("GET", f"/deployments/name/{settings().engine.deployment}")
    except Trouble:
        return False
    return True


def plans_of(case_ids: Sequence[UUID]) -> dict[UUID, Plan]:
    """Return what a run of each case would do now, without doing anything.

    The procedure is loaded, and Prefect with it, when somebody first asks: 40 MB that no other page needs.
    """
    plans: dict[UUID, Plan] = import_module("flows.rehearsal").plans_of(case_ids)
    return plans


def standing_at(case: Case) -> Foreseen | None:
    """Return the step at which a stalled case stands; none where it is not stalled."""
    return plans_of([case.id])[case.id].first if case.stalled_at else None


def page_of(flow_run_id: UUID) -> str:
    """Return the address of a run's page in Prefect's own pages."""
    return f"{settings().engine_ui_url}/runs/flow-run/{flow_run_id}"


@cache
def deployment_id() -> str:
    """Return the id of the deployment a bell starts; raises `Trouble` when there is none."""
    return str(ask("GET", f"/deployments/name/{settings().engine.deployment}").json()["id"])


def ask(method: str, path: str, body: dict[str, object] | None = None) -> httpx.Response:
    """Send one request; a conflict or an overloaded server is asked again, any other refusal raises."""
    for pause in (*AGAIN_AFTER, None):
        answer = client().request(method, f"{settings().engine.api_url}{path}", json=body)
        if pause is None or answer.status_code not in BUSY:
            break
        time.sleep(pause)
    return answer.raise_for_status()


@cache
def client() -> httpx.Client:
    """Return this process's connections to the engine."""
    return httpx.Client(timeout=PATIENCE_SECONDS)
