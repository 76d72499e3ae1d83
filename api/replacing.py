"""Who was named for a case, and giving the duty of somebody who cannot come to another; for the office."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends
from sqlmodel import Session
from starlette.responses import Response

from api.deps import CaseReference, Holding
from api.idempotency import Made, OnlyOnce
from api.schemas.assignments import MemberTold, ReplacementGiven
from api.schemas.common import Page, refusals
from casework.cases import by_reference
from casework.people import Person
from casework.replacing import replace_member, replaceable_in
from core.addresses import KnownId
from core.db import reading, transaction
from flows.gateway import ring
from models.case import Assignment, Case
from models.person import User
from regulation.roles import Role

router = APIRouter(tags=["Assignments"])

Officer = Annotated[Person, Depends(Holding(Role.OFFICE))]


@router.get("/cases/{reference}/members", responses=refusals(401, 403, 404))
def list_members(reference: CaseReference, officer: Officer) -> Page[MemberTold]:
    """List the members of a case's panel or team whose duty is still open, those who lead first."""
    del officer
    with reading() as session:
        found = replaceable_in(session, by_reference(session, reference))
        return Page(items=[MemberTold.of(*one) for one in found], next="")


@router.post(
    "/assignments/{assignment_id}/replacement",
    status_code=201,
    response_model=MemberTold,
    responses=refusals(400, 401, 403, 404, 409, 415, 422),
)
def replace_assignment(
    assignment_id: KnownId, given: ReplacementGiven, officer: Officer, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Give the duty of a panel or team member who cannot come to another; the lead goes with it, the days begin anew.

    Both are told by letter. Tells the new duty.
    """
    with transaction() as session:

        def effect() -> Made:
            return replaced(session, replace_member(session, assignment_id, given.member, by=officer), after)

        return once.answer(session, effect)


def replaced(session: Session, successor: Assignment, after: BackgroundTasks) -> Made:
    """Tell the new duty; the bell is rung after the commit."""
    after.add_task(ring, successor.case_id)
    case = session.get_one(Case, successor.case_id)
    told = MemberTold.of(successor, session.get_one(User, successor.user_id))
    return Made(told, location=f"/api/v1/cases/{case.reference}")
