"""What time decides: every few minutes, reminders, word to superiors, what lapses or ends by itself, digests, a seal.

Deadlines are rows (`Assignment.due_on`, `Publicity.last_on`); nothing sleeps until one comes.
"""

from collections.abc import Callable
from uuid import UUID

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed
from sqlmodel import Session

from casework.deadlines import is_due_for_reminder, open_duties, pass_due, remind
from casework.digests import awaiting_digest, post_digest
from casework.experts.answers import lapse, lapsed
from casework.objections.reminding import due_objections, remind_of
from casework.publicity import end_publicity, over
from casework.trust.seals import seal_of_the_day
from core.clock import today
from core.db import reading, transaction
from flows.gateway import ring
from flows.ticks import alone
from models.case import Assignment


@flow(name="deadlines", persist_result=False)
@alone
def deadlines() -> State[None]:
    """Look at every duty, publicity and digest once; what fails at one does not keep the others from their turn.

    Once a day the journal is sealed.
    """
    failed = [duty for duty in urgent() if not went_well(attend_to, duty)]
    failed += [case_id for case_id in publicised() if not went_well(end, case_id)]
    failed += [objection for objection in objected() if not went_well(remind_office, objection)]
    failed += [invitation for invitation in unanswered() if not went_well(go_on_to_the_next, invitation)]
    failed += [user_id for user_id in awaiting() if not went_well(send_digest, user_id)]
    with transaction() as session:
        seal_of_the_day(session)
    if failed:
        message = f"{len(failed)} duties, periods or digests could not be attended to"
        raise RuntimeError(message)
    return Completed(name="Up to date")


def urgent() -> list[UUID]:
    """Return the duties whose reminder is due or whose day has passed."""
    with reading() as session:
        return [d.id for d in open_duties(session) if d.due_on < today() or is_due_for_reminder(session, d, today())]


def publicised() -> list[UUID]:
    """Return the cases whose publicity is over."""
    with reading() as session:
        return over(session)


def end(case_id: UUID) -> None:
    """End the publicity of one case, unless an objection holds it up."""
    with transaction() as session:
        did = end_publicity(session, case_id)
    if did:
        ring(case_id)


def objected() -> list[UUID]:
    """Return the open objections whose day comes near or has passed."""
    with reading() as session:
        return due_objections(session)


def remind_office(objection: UUID) -> None:
    """Tell the office of an objection that it has to settle."""
    with transaction() as session:
        remind_of(session, objection)


def unanswered() -> list[UUID]:
    """Return the invitations that nobody has answered in time."""
    with reading() as session:
        return lapsed(session)


def go_on_to_the_next(invitation: UUID) -> None:
    """End an invitation and invite the next expert in order."""
    with transaction() as session:
        lapse(session, invitation)


def awaiting() -> list[UUID]:
    """Return the people whose digest of today is due."""
    with reading() as session:
        return awaiting_digest(session)


def send_digest(user_id: UUID) -> None:
    """Post the digest of one person."""
    with transaction() as session:
        post_digest(session, user_id)


def attend_to(duty: UUID) -> None:
    """Remind of one duty, and do what follows when its day has passed."""
    acts: tuple[Callable[[Session, Assignment], str], ...] = (remind, pass_due)
    for act in acts:
        with transaction() as session:
            assignment = session.get_one(Assignment, duty)
            case_id, did = assignment.case_id, act(session, assignment)
        if did:
            ring(case_id)


def went_well(do: Callable[[UUID], None], to: UUID) -> bool:
    """Do something and say whether that went well: what fails at one must not keep the others from their turn."""
    try:
        do(to)
    except Exception:  # noqa: BLE001 - see above
        if FlowRunContext.get():
            get_run_logger().exception("%s %s", do.__name__, to)
        return False
    return True
