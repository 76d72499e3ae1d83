"""People with accounts: who they are, for office and administrator; opening, closing, roles, resets, for the latter."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from api.deps import Holding
from api.idempotency import Made, Once, OnlyOnce
from api.paging import Paging
from api.schemas.common import Given, Page, refusals
from api.schemas.staff import AccountGiven, AccountTold, ResetGiven, RolesGiven
from casework.accounts import (
    change_roles,
    close_account,
    open_account,
    reopen_account,
    reset_second_factor,
    send_password_link,
    unlock_account,
)
from casework.people import Person
from casework.staff import StaffSearch, account_of, accounts
from core.addresses import KnownId, Words
from core.db import reading, transaction
from models.person import User
from regulation.roles import Role

router = APIRouter(prefix="/people", tags=["People"])

Keeper = Annotated[Person, Depends(Holding(Role.OFFICE, Role.ADMINISTRATOR))]
Administrator = Annotated[Person, Depends(Holding(Role.ADMINISTRATOR))]
ACT_REFUSALS = refusals(401, 403, 404, 409, 422)


class PeopleAsked(Given):
    """Which people are asked for."""

    model_config = ConfigDict(extra="ignore", strict=False)

    q: Words = Field("", description="Words of the name, the address, the position or the organisation.")
    role: Words = Field("", description="One role, such as `expert`; without it everybody but the applicants.")
    organisation_id: UUID | None = Field(None, description="Only people of this organisation.")
    state: Words = Field("", description="open, locked, initial or closed.")


@router.get("", responses=refusals(401, 403, 422))
def list_people(person: Keeper, paging: Paging, asked: Annotated[PeopleAsked, Query()]) -> Page[AccountTold]:
    """List the people with accounts by name, with how much waits for each."""
    del person
    search = StaffSearch(asked.q, asked.role, asked.organisation_id, asked.state, paging.after, paging.limit)
    with reading() as session:
        found = accounts(session, search)
    return paging.told(found, AccountTold.of)


@router.get("/{person_id}", responses=refusals(401, 403, 404))
def read_person(person_id: KnownId, person: Keeper) -> AccountTold:
    """Tell one account."""
    del person
    with reading() as session:
        return AccountTold.of(account_of(session, person_id))


@router.post("", status_code=201, responses=refusals(400, 401, 403, 415, 422))
def open_an_account(given: AccountGiven, person: Administrator, response: Response) -> AccountTold:
    """Open an account; its holder chooses a password by the link of a letter.

    A repeated request opens no second account: it is refused because the address is taken.
    """
    with transaction() as session:
        user = open_account(session, given.new(), by=person)
        session.flush()
        response.headers["Location"] = f"/api/v1/people/{user.id}"
        return AccountTold.of(account_of(session, user.id))


@router.post("/{person_id}/password", response_model=AccountTold, responses=ACT_REFUSALS)
def send_a_password_link(person_id: KnownId, person: Administrator, once: OnlyOnce) -> Response:
    """Post a link to choose a password: the invitation again, or a reset, after which sign-ins and tokens end."""
    return _done(send_password_link, person_id, person, once)


@router.post(
    "/{person_id}/second-factor/reset",
    response_model=AccountTold,
    responses=refusals(400, 401, 403, 404, 409, 415, 422),
)
def reset_a_second_factor(person_id: KnownId, given: ResetGiven, person: Administrator, once: OnlyOnce) -> Response:
    """Take a lost authenticator away, with a reason; its holder is told by letter."""

    def reset(session: Session, user_id: UUID, *, by: Person) -> User:
        return reset_second_factor(session, user_id, given.reason, by=by)

    return _done(reset, person_id, person, once)


@router.put("/{person_id}/roles", responses=refusals(400, 401, 403, 404, 409, 415, 422))
def set_roles(person_id: KnownId, given: RolesGiven, person: Administrator) -> AccountTold:
    """Say which roles somebody has; refused while a duty would be left that nobody else could do."""
    with transaction() as session:
        change_roles(session, person_id, [Role(role) for role in given.roles], by=person)
        session.flush()
        return AccountTold.of(account_of(session, person_id))


@router.post("/{person_id}/close", response_model=AccountTold, responses=ACT_REFUSALS)
def close_an_account(person_id: KnownId, person: Administrator, once: OnlyOnce) -> Response:
    """Close an account: its sign-ins and tokens end; refused while there is a duty that nobody else could do."""
    return _done(close_account, person_id, person, once)


@router.post("/{person_id}/reopen", response_model=AccountTold, responses=ACT_REFUSALS)
def reopen_an_account(person_id: KnownId, person: Administrator, once: OnlyOnce) -> Response:
    """Open a closed account again, with the roles and the password it had."""
    return _done(reopen_account, person_id, person, once)


@router.post("/{person_id}/unlock", response_model=AccountTold, responses=ACT_REFUSALS)
def unlock_an_account(person_id: KnownId, person: Administrator, once: OnlyOnce) -> Response:
    """End a lock-out before its time."""
    return _done(unlock_account, person_id, person, once)


def _done(act: Callable[..., User], person_id: UUID, person: Person, once: Once) -> Response:
    with transaction() as session:
        return once.answer(session, lambda: _effect(session, act, person_id, person))


def _effect(session: Session, act: Callable[..., User], person_id: UUID, person: Person) -> Made:
    act(session, person_id, by=person)
    session.flush()
    return Made(AccountTold.of(account_of(session, person_id)), 200)
