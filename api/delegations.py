"""Who stands in for whom, from day to day; the office arranges it for somebody who is ill, and keeps the superiors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from api.deps import Holding, SignedIn
from api.idempotency import Made, OnlyOnce
from api.schemas.common import Day, Given, GivenDay, GivenId, Instant, Long, Page, Told, refusals
from casework.delegations import LONGEST_REASON, NewDelegation, delegate, delegations_of, end_delegation
from casework.people import Person
from casework.superiors import set_superior
from core.addresses import KnownId
from core.db import reading, transaction
from models.delegation import Delegation
from models.person import User
from regulation.roles import STAFF, Role

router = APIRouter(tags=["People"])

Staff = Annotated[Person, Depends(Holding(*sorted(STAFF)))]
Officer = Annotated[Person, Depends(Holding(Role.OFFICE))]


class DelegationGiven(Given):
    """Who stands in, and when."""

    deputy: GivenId
    first_on: GivenDay
    last_on: Annotated[GivenDay, Field(description="Counted.")]
    reason: Annotated[Long, Field(max_length=LONGEST_REASON, examples=["外出学习。"])]
    absent: GivenId | None = Field(None, description="For the office: in whose name. Without it, oneself.")


class SuperiorGiven(Given):
    """Who hears of it when a duty is long overdue; none: the office."""

    superior: GivenId | None = None


class SuperiorTold(Told):
    """Who somebody's superior is."""

    person: UUID
    superior: UUID | None = None


class DelegationTold(Told):
    """One delegation."""

    id: UUID
    absent: str = Field(examples=["王芳示例"])
    deputy: str = Field(examples=["李明示例"])
    first_on: Day
    last_on: Day
    reason: str = Field(examples=["外出学习。"])
    ended_at: Instant | None = None

    @classmethod
    def of(cls, one: Delegation, absent: User, deputy: User) -> "DelegationTold":
        """Tell a delegation."""
        days = {"first_on": one.first_on, "last_on": one.last_on, "ended_at": one.ended_at}
        return cls(id=one.id, absent=absent.name, deputy=deputy.name, reason=one.reason, **days)


@router.get("/delegations", responses=refusals(401, 403))
def list_delegations(person: Staff) -> Page[DelegationTold]:
    """List the delegations that hold or are to come, given or taken by me."""
    with reading() as session:
        found = delegations_of(session, person.id)
    return Page(items=[DelegationTold.of(*one) for one in found], next="")


@router.post(
    "/delegations", status_code=201, response_model=DelegationTold, responses=refusals(400, 401, 403, 404, 415, 422)
)
def make_a_delegation(given: DelegationGiven, person: Staff, once: OnlyOnce) -> Response:
    """Have somebody stand in; reviews, conclusions and decisions are personal and not handed on."""
    new = NewDelegation(given.absent or person.id, given.deputy, given.first_on, given.last_on, given.reason)
    with transaction() as session:
        return once.answer(session, lambda: _made(session, delegate(session, new, by=person), 201))


@router.post(
    "/delegations/{delegation_id}/end",
    response_model=DelegationTold,
    responses=refusals(400, 401, 404, 409, 422),
)
def end_a_delegation(delegation_id: KnownId, person: SignedIn, once: OnlyOnce) -> Response:
    """End a delegation before its last day; whoever was away, whoever stands in, or the office."""
    with transaction() as session:
        return once.answer(session, lambda: _made(session, end_delegation(session, delegation_id, by=person), 200))


@router.put("/people/{person_id}/superior", responses=refusals(400, 401, 403, 404, 415, 422))
def say_who_is_the_superior(person_id: KnownId, given: SuperiorGiven, person: Officer) -> SuperiorTold:
    """Say who hears of it when somebody's duty is long overdue."""
    with transaction() as session:
        user = set_superior(session, person_id, given.superior, by=person)
        return SuperiorTold(person=user.id, superior=user.superior_id)


def _made(session: Session, one: Delegation, status: int) -> Made:
    absent, deputy = session.get_one(User, one.absent_id), session.get_one(User, one.deputy_id)
    return Made(DelegationTold.of(one, absent, deputy), status, location="/api/v1/delegations")
