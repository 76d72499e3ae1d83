"""The policy's parameters in time: what holds on a day, what was recorded, and the next value."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator
from sqlmodel import Session
from starlette.responses import Response

from api.deps import Holding, SignedIn
from api.idempotency import Made, OnlyOnce
from api.schemas.calls import ParameterTold, PolicyChangeGiven, PolicyChangeTold
from api.schemas.common import day_of, refusals
from casework.access import OVERSEERS
from casework.people import Person
from casework.policies import NewValue, change_policy, changes_of, policy_on
from core.addresses import Words
from core.clock import today
from core.db import reading, transaction
from models.person import User

router = APIRouter(prefix="/policy", tags=["Calls"])

Overseer = Annotated[Person, Depends(Holding(*OVERSEERS))]
On = Annotated[date | None, BeforeValidator(day_of), Query(description="A day; empty: today.", examples=["2027-01-01"])]


@router.get("", responses=refusals(401, 403, 422))
def read_policy(person: Overseer, on: On = None) -> list[ParameterTold]:
    """Tell the policy of a call that would open on a day, each parameter with what it rests on."""
    del person
    with reading() as session:
        standing = policy_on(session, on or today())
    return [ParameterTold.of(one) for one in standing.parameters()]


@router.get("/{parameter}/changes", responses=refusals(401, 403, 404))
def list_policy_changes(parameter: Words, person: Overseer) -> list[PolicyChangeTold]:
    """List the values recorded for a parameter, the newest effective day first."""
    with reading() as session:
        return [PolicyChangeTold.of(change, user) for change, user in changes_of(session, parameter, by=person)]


@router.post(
    "/{parameter}/changes",
    status_code=201,
    response_model=PolicyChangeTold,
    responses=refusals(400, 401, 403, 404, 409, 415, 422),
)
def record_policy_change(parameter: Words, given: PolicyChangeGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Record a value for calls that open on a day or later (the office); calls that are open keep theirs."""
    with transaction() as session:
        return once.answer(session, lambda: _recorded(session, parameter, given, person))


def _recorded(session: Session, parameter: str, given: PolicyChangeGiven, person: Person) -> Made:
    new = NewValue(parameter, given.value, given.effective_on, given.source, given.citation)
    change = change_policy(session, new, by=person)
    user = session.get_one(User, change.recorded_by)
    return Made(PolicyChangeTold.of(change, user), location=f"/api/v1/policy/{parameter}/changes")
