"""Whether the process lives, and whether everything it needs answers."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate

import structlog
from fastapi import APIRouter, Response

from api.schemas.operator import CheckTold, Health, Readiness
from core.db import ping
from core.schema import is_current
from core.settings import settings
from flows import gateway
from notifications.delivery import greet

router = APIRouter(tags=["Operating"])
log = structlog.get_logger()

PATIENCE_SECONDS = 4.0
NO_ANSWER = "does not answer"
UNAVAILABLE = 503


class NotReadyError(Exception):
    """A part answers, but not as it should; the text is told."""


def database() -> None:
    """Ask the database for a sign of life and for its schema."""
    ping()
    if not is_current():
        message = "its schema is not the newest"
        raise NotReadyError(message)


def engine() -> None:
    """Ask the engine for our deployment."""
    if not gateway.is_there():
        raise NotReadyError(NO_ANSWER)


def mail() -> None:
    """Ask the mail server for its greeting; without a mail server letters are kept, which is a way to run."""
    if settings().mail.host:
        greet()


CHECKS: dict[str, Callable[[], None]] = {"database": database, "engine": engine, "mail": mail}


@router.get("/healthz")
def healthz() -> Health:
    """Say that the process lives; asks nobody else."""
    return Health()


@router.get("/readyz", responses={UNAVAILABLE: {"model": Readiness, "description": "Something does not answer."}})
def readyz(response: Response) -> Readiness:
    """Say of the database, the engine and the mail server whether each answers, within a few seconds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    asked = {name: started(check) for name, check in CHECKS.items()}
    checks = {name: told(name, future, deadline - time.monotonic()) for name, future in asked.items()}
    ready = all(check.ok for check in checks.values())
    response.status_code = 200 if ready else UNAVAILABLE
    return Readiness(ready=ready, checks=checks)


def started(check: Callable[[], None]) -> Future[None]:
    """Start a check in a thread of its own, which may hang without holding up anybody else."""
    future: Future[None] = Future()

    def carry_out() -> None:
        try:
            check()
        except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
            future.set_exception(error)
        else:
            future.set_result(None)

    threading.Thread(target=carry_out, daemon=True).start()
    return future


def told(name: str, future: Future[None], patience: float) -> CheckTold:
    """Wait for a check and tell how it went; what went wrong is in the log, not in the answer."""
    try:
        future.result(timeout=max(0.0, patience))
    except NotReadyError as trouble:
        return CheckTold(ok=False, error=str(trouble))
    except TooLate:
        log.warning("not ready", part=name, error="no answer in time")
        return CheckTold(ok=False, error=NO_ANSWER)
    except Exception as error:  # noqa: BLE001
        log.warning("not ready", part=name, error=f"{type(error).__name__}: {error}")
        return CheckTold(ok=False, error=NO_ANSWER)
    return CheckTold(ok=True)
