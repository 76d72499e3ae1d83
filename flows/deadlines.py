"""What time decides: every few minutes, reminders, word to the office, and corrections that lapse.

Deadlines are rows (`Assignment.due_on`); nothing sleeps until one comes.
"""

from collections.abc import Callable
from uuid import UUID

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed
from sqlmodel import Session

from casework.deadlines import is_due_for_reminder, open_duties, pass_due, remind
from core.clock import today
from core.db import reading, transaction
from flows.gateway import ring
from models.case import Assignment


@flow(name="deadlines", persist_result=False)
def deadlines() -> State[None]:
    """Look at every open duty once; what one of them fails at does not keep the others from their turn."""
    failed = [duty for duty in urgent() if not attend_to(duty)]
    if failed:
        message = f"{len(failed)} duties could not be attended to"
        raise RuntimeError(message)
    return Completed(name="Up to date")


def urgent() -> list[UUID]:
    """Return the duties whose reminder is due or whose day has passed."""
    with reading() as session:
        return [d.id for d in open_duties(session) if d.due_on < today() or is_due_for_reminder(session, d, today())]


def attend_to(duty: UUID) -> bool:
    """Remind of one duty, and do what follows when its day has passed; says whether that went well."""
    acts: tuple[Callable[[Session, Assignment], str], ...] = (remind, pass_due)
    try:
        for act in acts:
            with transaction() as session:
                assignment = session.get_one(Assignment, duty)
                case_id, did = assignment.case_id, act(session, assignment)
            if did:
                ring(case_id)
    except Exception:  # noqa: BLE001 - one duty must not keep the others from their turn
        if FlowRunContext.get():
            get_run_logger().exception("duty %s", duty)
        return False
    return True
