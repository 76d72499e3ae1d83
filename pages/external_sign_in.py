"""Signing in by an OpenID Connect provider, and linking one's account to it."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.limits import Limited
from casework.external import link, sign_in_by, take_up
from casework.limits import SIGN_IN
from casework.links import PATHS, look_at
from casework.people import Person
from casework.sign_ins import Attempt, signed_in
from core import oidc
from core.addresses import Words
from core.db import reading, transaction
from core.errors import NotFound, NotSignedIn
from core.i18n import gettext
from core.settings import settings
from models.sign_in import LinkPurpose
from pages.account import ask_for_code, landing
from pages.rendering import local_path, redirect
from pages.session import is_secure, place_of, remember

router = APIRouter()

COOKIE, OURS = "external", "same-origin"


@router.get("/sign-in/external", dependencies=[Depends(Limited(SIGN_IN))])
def begin(request: Request) -> Response:
    """Lead to the provider; the browser keeps, sealed, what it will be asked for when it comes back."""
    if not settings().oidc.issuer:
        raise NotFound
    person: Person | None = request.state.person
    came_for = local_path(request.query_params.get("next", ""), "")
    return _leading(*oidc.start(came_for, str(person.id) if person else ""))


@router.get("/invitations/{token}/external", dependencies=[Depends(Limited(SIGN_IN))])
def begin_invited(request: Request, token: Words) -> Response:
    """Lead whoever was invited by letter to the provider; whoever is signed in here is somebody already.

    Only from our own page, which names the account: else another site could have somebody's identity linked to it.
    """
    if not settings().oidc.issuer or request.state.person:
        raise NotFound
    if request.headers.get("sec-fetch-site", OURS) != OURS:
        return redirect(request, PATHS[LinkPurpose.INVITATION] + token)
    with reading() as session:
        look_at(session, LinkPurpose.INVITATION, token)
    return _leading(*oidc.start(invitation=token))


@router.get(oidc.CALLBACK, dependencies=[Depends(Limited(SIGN_IN))])
def come_back(request: Request, state: str = "", code: str = "") -> Response:
    """Take whoever comes back: link the account at hand, or sign in whoever is linked."""
    if not settings().oidc.issuer:
        raise NotFound
    started = oidc.Started.opened(request.cookies.get(COOKIE, ""))
    person: Person | None = request.state.person
    if not started or started.person != (str(person.id) if person else ""):
        raise NotSignedIn(oidc.REFUSED)
    identity = oidc.finish(started, state, code)
    response = _linked(request, identity, person) if person else _signed_in(request, identity, started)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=is_secure())
    return response


def _leading(started: oidc.Started, address: str) -> Response:
    response = RedirectResponse(address, status_code=303)
    response.set_cookie(
        COOKIE, started.sealed(), max_age=oidc.FLOW_SECONDS, path="/", httponly=True, samesite="lax", secure=is_secure()
    )
    return response


def _linked(request: Request, identity: oidc.Identity, person: Person) -> Response:
    with transaction() as session:
        link(session, identity, by=person)
    return redirect(request, "/account", notice=gettext("已关联{name}账号。", name=settings().oidc.name))


def _signed_in(request: Request, identity: oidc.Identity, started: oidc.Started) -> Response:
    place, came_for = place_of(request), started.came_for
    with transaction() as session:
        invited = started.invitation
        attempt: Attempt = (
            take_up(session, identity, invited, place) if invited else sign_in_by(session, identity, place)
        )
        person = signed_in(session, attempt.token) if attempt.token else None
    if attempt.refusal:
        raise attempt.refusal
    if attempt.awaits_code:
        return ask_for_code(request, attempt, came_for)
    response = redirect(request, local_path(came_for, landing(person) if person else "/"))
    remember(response, attempt.token)
    return response
