"""Taking back one's own mistaken decision while nothing irrevocable has followed."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks
from pydantic import Field
from starlette.responses import Response

from api.deps import SignedIn
from api.idempotency import Made, OnlyOnce
from api.schemas.cases import DecisionTold
from api.schemas.common import Given, Long, refusals
from casework.naming import naming_of
from casework.undoing import LONGEST_REASON, sighted, undo
from core.addresses import KnownId
from core.db import transaction
from flows.gateway import ring
from models.person import User

router = APIRouter(tags=["Cases"])


class UndoingGiven(Given):
    """Why the decision is taken back."""

    reason: Annotated[Long, Field(max_length=LONGEST_REASON, examples=["结论选择有误，应为退回补正。"])]


@router.post(
    "/decisions/{decision_id}/undoing",
    status_code=201,
    response_model=DecisionTold,
    responses=refusals(400, 401, 403, 404, 409, 415, 422),
)
def undo_decision(
    decision_id: KnownId, given: UndoingGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Undo a decision of one's own (the system's: the office), within the days of the call's policy.

    Refused when anybody has acted since, when the certificate was issued, or a list was published. Both the decision
    and its undoing stay in the record; the stage begins anew.
    """
    with transaction() as session:

        def effect() -> Made:
            decision, case = sighted(session, decision_id, person)
            undo(session, decision.id, given.reason, by=person)
            naming = naming_of(session, case, person)
            after.add_task(ring, case.id)
            user = session.get(User, decision.decided_by) if decision.decided_by else None
            told = DecisionTold.of(decision, user, naming)
            return Made(told, location=f"/api/v1/cases/{case.reference}")

        return once.answer(session, effect)
