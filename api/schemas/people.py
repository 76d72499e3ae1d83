"""Signing in, tokens and people."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.common import Given, Instant, Short, Told, Word
from casework.people import Person
from models.person import ApiToken

Days = Annotated[int, Field(ge=1, le=365, description="How many days the token lives.", examples=[90])]
Name = Annotated[Short, Field(description="What the token is for.", examples=["学校数据平台"])]


class SignInGiven(Given):
    """An account's address and password, and the second factor's code where the account has one."""

    email: Annotated[Short, Field(examples=["shenbao@example.com"])]
    password: Annotated[Short, Field(examples=["correct horse battery staple"])]
    code: Annotated[Short, Field(description="Of the authenticator, or a recovery code.", examples=["492039"])] = ""
    name: Name = "API"
    days: Days = 30


class TokenGiven(Given):
    """A further token."""

    name: Name
    days: Days = 90


class TokenTold(Told):
    """A token, without its text."""

    id: UUID
    name: str = Field(examples=["学校数据平台"])
    created_at: Instant
    expires_at: Instant
    last_used_at: Instant | None = None

    @classmethod
    def of(cls, token: ApiToken) -> "TokenTold":
        """Tell a token."""
        return cls.model_validate(token)


class TokenMade(TokenTold):
    """A new token with its text, which is told this once."""

    token: str = Field(description="Send it as `Authorization: Bearer …`.", examples=["jidi_3q2-7w8…"])

    @classmethod
    def with_text(cls, token: ApiToken, text: str) -> "TokenMade":
        """Tell a new token."""
        return cls(**TokenTold.of(token).model_dump(), token=text)


class PersonTold(Told):
    """Whom the token stands for."""

    id: UUID
    name: str = Field(examples=["林晓示例"])
    email: str = Field(examples=["shenbao@example.com"])
    organisation_id: UUID
    organisation: str = Field(examples=["江汉示例职业技术学院"])
    roles: list[Word]

    @classmethod
    def of(cls, person: Person) -> "PersonTold":
        """Tell a person."""
        return cls(
            id=person.id,
            name=person.name,
            email=person.email,
            organisation_id=person.organisation_id,
            organisation=person.organisation_name,
            roles=[Word.of(role, role.title) for role in sorted(person.roles)],
        )


def place_of(token: ApiToken) -> tuple[datetime, str]:
    """Return where a token stands in the list."""
    return token.created_at, str(token.id)
