"""Signing in to the API: tokens, and who one is."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.deps import SignedIn
from api.limits import Limited
from api.paging import Paging
from api.schemas.common import Page, refusals
from api.schemas.people import PersonTold, SignInGiven, TokenGiven, TokenMade, TokenTold, place_of
from casework.api_tokens import api_tokens_of, end_api_token, new_api_token
from casework.limits import SIGN_IN
from casework.sign_ins import Place, give_code, sign_in, sign_out, signed_in
from core.addresses import KnownId
from core.clients import client_address
from core.db import reading, transaction
from core.errors import CodeNeeded

router = APIRouter(tags=["Signing in"])


@router.post(
    "/sign-in",
    status_code=201,
    responses=refusals(400, 401, 403, 415, 422, 429),
    dependencies=[Depends(Limited(SIGN_IN))],
)
def sign_in_for_a_token(given: SignInGiven, request: Request) -> TokenMade:
    """Exchange an account's password, and the second factor's code where there is one, for a token.

    Wrong passwords and codes lock the account for a while; that is answered like a wrong password.
    """
    with transaction() as session:
        attempt = sign_in(session, given.email, given.password, _place_of(request))
        if attempt.awaits_code and given.code:
            attempt = give_code(session, attempt.token, given.code)
        if person := signed_in(session, attempt.token) if attempt.token else None:
            made = TokenMade.with_text(*new_api_token(session, given.name, by=person, days=given.days))
            if person.sign_in_id:
                sign_out(session, person.sign_in_id, by=person)
    if attempt.refusal:
        raise attempt.refusal
    if attempt.awaits_code:
        raise CodeNeeded
    return made


def _place_of(request: Request) -> Place:
    return Place(request.headers.get("user-agent", ""), client_address(request))


@router.get("/me", responses=refusals(401))
def who_am_i(person: SignedIn) -> PersonTold:
    """Tell whom the token stands for, with roles and organisation."""
    return PersonTold.of(person)


@router.get("/tokens", responses=refusals(401, 422))
def list_tokens(person: SignedIn, paging: Paging) -> Page[TokenTold]:
    """List one's own living tokens; their texts are not kept."""
    with reading() as session:
        tokens = api_tokens_of(session, person)
    return paging.told(paging.cut(tokens, "tokens", place_of), TokenTold.of)


@router.post("/tokens", status_code=201, responses=refusals(400, 401, 415, 422))
def make_token(given: TokenGiven, person: SignedIn) -> TokenMade:
    """Make a further token; its text is told this once and not kept, so this post takes no `Idempotency-Key`."""
    with transaction() as session:
        return TokenMade.with_text(*new_api_token(session, given.name, by=person, days=given.days))


@router.delete("/tokens/{token_id}", status_code=204, responses=refusals(401, 404))
def end_token(token_id: KnownId, person: SignedIn) -> Response:
    """End one of one's own tokens, also the one in use: that is signing out."""
    with transaction() as session:
        end_api_token(session, token_id, by=person)
    return Response(status_code=204)
