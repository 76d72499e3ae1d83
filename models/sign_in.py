"""What signing in rests on beside the password: second factors, single-use links, identities elsewhere, counters."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import identity, instant, maybe_instant, present, to, word


class SecondFactor(SQLModel, table=True):
    """A person's authenticator (RFC 6238): its sealed secret, and the last step it was used at."""

    __tablename__ = "second_factors"

    user_id: UUID = Field(foreign_key="users.id", primary_key=True)
    secret: str
    last_step: int = Field(default=0, sa_type=BigInteger)
    begun_at: datetime = present()
    confirmed_at: datetime | None = maybe_instant()


class RecoveryCode(SQLModel, table=True):
    """A code for the day the authenticator is lost: shown once, kept as a hash, good once."""

    __tablename__ = "recovery_codes"

    id: UUID = identity()
    user_id: UUID = to("users")
    code_hash: str = Field(unique=True)
    used_at: datetime | None = maybe_instant()


class LinkPurpose(StrEnum):
    """What a single-use link is for; it is good for nothing else."""

    INVITATION = "invitation"
    RESET = "reset"


class SingleUseLink(SQLModel, table=True):
    """A link sent by letter with which a password is chosen, once and before it expires; kept as a hash."""

    __tablename__ = "single_use_links"

    id: UUID = identity()
    user_id: UUID = to("users")
    purpose: LinkPurpose = word(LinkPurpose)
    token_hash: str = Field(unique=True)
    made_at: datetime = present()
    expires_at: datetime = instant()
    ended_at: datetime | None = maybe_instant()


class ExternalIdentity(SQLModel, table=True):
    """Who an OpenID Connect provider says somebody is: a subject of an issuer, linked to one account."""

    __tablename__ = "external_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("issuer", "user_id"))

    id: UUID = identity()
    user_id: UUID = to("users")
    issuer: str = Field(max_length=200)
    subject: str = Field(max_length=255)
    linked_at: datetime = present()


class Counter(SQLModel, table=True):
    """How often something was done from one place since an instant; the place is kept as a signature only."""

    __tablename__ = "counters"

    key: str = Field(primary_key=True, max_length=100)
    counted: int = 0
    since: datetime = present()
