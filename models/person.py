"""People: their roles, sign-ins and tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, instant, maybe_instant, present, to, word
from regulation.roles import Role


class User(SQLModel, table=True):
    """A person with an account; `superior_id` hears of what is long overdue, `digest` is the daily list by letter.

    `initial_password`: the person has not chosen a password of their own yet. `failed_sign_ins` in a row.
    """

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("superior_id <> id", name="superior_is_another"),)

    id: UUID = identity()
    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=50)
    title: str = Field(default="", max_length=50)
    password_hash: str
    initial_password: bool = False
    organisation_id: UUID = to("organisations")
    locale: str = Field(default="zh", max_length=2)
    failed_sign_ins: int = 0
    locked_until: datetime | None = maybe_instant()
    closed_at: datetime | None = maybe_instant()
    created_at: datetime = present()
    superior_id: UUID | None = Field(default=None, foreign_key="users.id")
    digest: bool = True


class UserRole(SQLModel, table=True):
    """One role of one person."""

    __tablename__ = "user_roles"

    user_id: UUID = Field(foreign_key="users.id", primary_key=True)
    role: Role = word(Role, primary_key=True)


class SignIn(SQLModel, table=True):
    """A session: its token is kept as a hash, and it can be ended; `awaits_code` until the second factor is given."""

    __tablename__ = "sign_ins"

    id: UUID = identity()
    user_id: UUID = to("users")
    token_hash: str = Field(unique=True)
    agent: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=45)
    started_at: datetime = present()
    last_seen_at: datetime = present()
    expires_at: datetime = instant()
    ended_at: datetime | None = maybe_instant()
    awaits_code: bool = False


class ApiToken(SQLModel, table=True):
    """A token for programs; shown once, kept as a hash."""

    __tablename__ = "api_tokens"

    id: UUID = identity()
    user_id: UUID = to("users")
    name: str = Field(max_length=50)
    token_hash: str = Field(unique=True)
    created_at: datetime = present()
    expires_at: datetime = instant()
    last_used_at: datetime | None = maybe_instant()
    ended_at: datetime | None = maybe_instant()


class IdempotencyKey(SQLModel, table=True):
    """The answer given to a creating request, given again when the request is repeated."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: UUID = identity()
    user_id: UUID = to("users")
    key: str = Field(max_length=200)
    request_sha256: str
    status: int = 0
    body: str = ""
    location: str = ""
    created_at: datetime = present()
