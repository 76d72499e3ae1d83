"""The policy's parameters in time: what holds on a day, what was recorded, and the next value, which takes two."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator
from sqlmodel import Session
from starlette.responses import Response

from api.deps import Holding, SignedIn
from api.idempotency import Made, OnlyOnce
from api.schemas.calls import ParameterTold, PolicyAnswerGiven, PolicyChangeGiven, PolicyChangeTold
from api.schemas.common import day_of, refusals
from casework.access import OVERSEERS
from casework.people import Person
from casework.policies import NewValue, policy_on, propose_value
from casework.policy_rulings import Change, change_of, changes_of, confirm, decline, withdraw
from core.addresses import KnownId, Words
from core.clock import today
from core.db import reading, transaction

router = APIRouter(prefix="/policy", tags=["Calls"])

REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)

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
    """List the values recorded for a parameter, the newest effective day first; `confirmed` says which count."""
    with reading() as session:
        return [PolicyChangeTold.of(one) for one in changes_of(session, parameter, by=person)]


@router.post("/{parameter}/changes", status_code=201, response_model=PolicyChangeTold, responses=REFUSALS)
def propose_policy_change(parameter: Words, given: PolicyChangeGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Propose a value for calls that open on a day or later (the office); it counts once another person confirms it."""
    with transaction() as session:
        return once.answer(session, lambda: _proposed(session, parameter, given, person))


@router.post(
    "/{parameter}/changes/{change_id}/confirmation",
    status_code=201,
    response_model=PolicyChangeTold,
    responses=REFUSALS,
)
def confirm_policy_change(parameter: Words, change_id: KnownId, person: SignedIn, once: OnlyOnce) -> Response:
    """Confirm a proposed value (the office or the department, another person); calls that are open keep theirs."""
    with transaction() as session:
        return once.answer(session, lambda: _told(confirm(session, parameter, change_id, by=person)))


@router.post(
    "/{parameter}/changes/{change_id}/refusal", status_code=201, response_model=PolicyChangeTold, responses=REFUSALS
)
def decline_policy_change(
    parameter: Words, change_id: KnownId, given: PolicyAnswerGiven, person: SignedIn, once: OnlyOnce
) -> Response:
    """Decline a proposed value (the office or the department, another person), and say why."""
    with transaction() as session:
        return once.answer(session, lambda: _told(decline(session, parameter, change_id, given.answer, by=person)))


@router.post(
    "/{parameter}/changes/{change_id}/withdrawal", status_code=201, response_model=PolicyChangeTold, responses=REFUSALS
)
def withdraw_policy_change(parameter: Words, change_id: KnownId, person: SignedIn, once: OnlyOnce) -> Response:
    """Withdraw a value one has proposed oneself, as long as nobody has decided it; another may be proposed then."""
    with transaction() as session:
        return once.answer(session, lambda: _told(withdraw(session, parameter, change_id, by=person)))


def _proposed(session: Session, parameter: str, given: PolicyChangeGiven, person: Person) -> Made:
    new = NewValue(parameter, given.value, given.effective_on, given.source, given.citation)
    change = propose_value(session, new, by=person)
    return _told(change_of(session, change.id, by=person))


def _told(found: Change) -> Made:
    return Made(PolicyChangeTold.of(found), location=f"/api/v1/policy/{found.change.parameter}/changes")
