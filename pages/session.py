"""Who is at the door of a page: the cookie of a session, and the person behind it."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from casework.access import require
from casework.by_hand import CONFIRMERS, to_confirm
from casework.inboxes import open_counts
from casework.people import Person
from casework.runs import count_stalled
from casework.sign_ins import Place, signed_in
from core.clients import client_address
from core.db import transaction
from core.errors import NotSignedIn, PasswordUnchanged, SecondFactorOwed
from core.settings import settings
from pages.navigation import ON_DUTY
from regulation.roles import Role

BEFORE_A_PASSWORD = frozenset({"/account", "/sign-out", "/language"})
"""What somebody with an initial password may do; every other page leads to changing it."""
BEFORE_A_SECOND_FACTOR = frozenset({"/account/second-factor", "/sign-out", "/language"})
"""What somebody may do whose role needs a second factor that is not set up yet."""


def place_of(request: Request) -> Place:
    """Return where somebody signs in from."""
    return Place(request.headers.get("user-agent", ""), client_address(request))


def cookie_name() -> str:
    """Return the cookie's name; over HTTPS the browser itself keeps it to this very host."""
    return "__Host-jidi" if is_secure() else "jidi"


def is_secure() -> bool:
    """Whether people reach us over HTTPS."""
    return settings().public_url.startswith("https://")


def recognise(request: Request) -> None:
    """Set `request.state.person` before any page is made, None when nobody is signed in, and what waits for them."""
    request.state.person = person = None
    request.state.waiting = {}
    if token := request.cookies.get(cookie_name()):
        with transaction() as session:
            request.state.person = person = signed_in(session, token)
            if person and person.roles & ON_DUTY:
                inbox, queue = open_counts(session, person)
                request.state.waiting = {"/inbox": inbox, "/queue": queue}
            if person and person.has(Role.OPERATOR):
                request.state.waiting["/operator/stalled"] = count_stalled(session)
            if person and person.has(*CONFIRMERS):
                request.state.waiting["/operator/by-hand"] = to_confirm(session, person)
    if person and person.initial_password and request.url.path not in BEFORE_A_PASSWORD:
        raise PasswordUnchanged
    if person and person.second_factor_owed and not person.initial_password:
        _lead_to_a_second_factor(request)


def _lead_to_a_second_factor(request: Request) -> None:
    if request.url.path not in BEFORE_A_SECOND_FACTOR:
        raise SecondFactorOwed


def remember(response: Response, token: str) -> None:
    """Give the browser the token of a new session."""
    seconds = settings().web.session_hours * 3600
    response.set_cookie(
        cookie_name(), token, max_age=seconds, path="/", httponly=True, samesite="lax", secure=is_secure()
    )


def forget(response: Response) -> None:
    """Take the token from the browser."""
    response.delete_cookie(cookie_name(), path="/", httponly=True, secure=is_secure())


async def whoever(request: Request) -> Person:
    """Return the person who is signed in; raises `NotSignedIn`. Nothing is asked, so no thread is needed for it."""
    person: Person | None = request.state.person
    if not person:
        raise NotSignedIn
    return person


SignedIn = Annotated[Person, Depends(whoever)]
"""The person at a page that needs one."""


class Holding:
    """A dependency: the signed-in person, who must have one of the roles."""

    def __init__(self, *roles: Role) -> None:
        """Take the roles of which one is needed."""
        self.roles = roles

    async def __call__(self, person: SignedIn) -> Person:
        """Return the person; raises `NotPermitted`."""
        require(person, *self.roles)
        return person
