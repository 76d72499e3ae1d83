"""What operations ask for: who is acting, what stands in the address, and which version is meant."""

import re
from typing import Annotated

from fastapi import Depends, Header
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, Field

from casework.access import require
from casework.api_tokens import bearer
from casework.people import Person
from core.addresses import words
from core.db import transaction
from core.errors import NotSignedIn, PreconditionRequired, SecondFactorOwed, Stale
from core.i18n import marked
from regulation.roles import Role

VERSION = re.compile(r'"([0-9]{1,9})"')
NO_TOKEN = marked("请在 Authorization 请求头中给出令牌：Bearer jidi_…。")
OTHER_TOKEN = marked("令牌无效、已作废或已过期，请重新登录。")

scheme = HTTPBearer(auto_error=False, scheme_name="token", description="`jidi_…`, from `POST /api/v1/sign-in`.")


def signed_in(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)]) -> Person:
    """Return the person whom the token stands for; raises `NotSignedIn`."""
    if not credentials:
        raise NotSignedIn(NO_TOKEN)
    with transaction() as session:
        person = bearer(session, credentials.credentials)
    if not person:
        raise NotSignedIn(OTHER_TOKEN)
    if person.second_factor_owed:
        raise SecondFactorOwed
    return person


SignedIn = Annotated[Person, Depends(signed_in)]


class Holding:
    """A dependency: the signed-in person, who must have one of the roles."""

    def __init__(self, *roles: Role) -> None:
        """Take the roles of which one is needed."""
        self.roles = roles

    async def __call__(self, person: SignedIn) -> Person:
        """Return the person; raises `NotPermitted`."""
        require(person, *self.roles)
        return person


CaseReference = Annotated[str, AfterValidator(words), Field(examples=["JD-2026-0001"])]


async def version_seen(
    if_match: Annotated[str | None, Header(description='The `ETag` of what you are changing, such as `"7"`.')] = None,
) -> int:
    """Return the version that an edit is based on; raises `PreconditionRequired`, or `Stale` for what is none."""
    if not if_match:
        raise PreconditionRequired
    version = VERSION.fullmatch(if_match.strip())
    if not version:
        raise Stale
    return int(version[1])


VersionSeen = Annotated[int, Depends(version_seen)]


def etag(version: int) -> dict[str, str]:
    """Return the header that names a version."""
    return {"ETag": f'"{version}"'}
