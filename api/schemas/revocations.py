"""Revoking a certificate, which takes two persons."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.certificates import Number
from api.schemas.common import Given, Instant, Long, Short, Told
from casework.revocations import Proposed


class RevocationGiven(Given):
    """Why a certificate is to be revoked, and by which rule."""

    basis: Annotated[Short, Field(max_length=200, examples=["《行政许可法》第六十九条"])]
    reason: Annotated[Long, Field(max_length=2000, examples=["经查，申报材料不实。"])]


class DeclineGiven(Given):
    """Why a certificate is not revoked."""

    answer: Annotated[Long, Field(max_length=2000, examples=["证据不足，请补充核实。"])]


class RevocationTold(Told):
    """A proposal to revoke, and what the department made of it."""

    id: UUID
    number: Number
    basis: str = Field(examples=["《行政许可法》第六十九条"])
    reasons: str = Field(examples=["经查，申报材料不实。"])
    proposed_by: str = Field(examples=["周敏示例"])
    proposed_at: Instant
    confirmed: bool | None = Field(description="None while nobody has decided.")
    answer: str = Field(description="Why it was declined.")
    decided_by: str = Field(examples=["陈国示例"])
    decided_at: Instant | None

    @classmethod
    def of(cls, proposed: Proposed) -> "RevocationTold":
        """Tell a proposal."""
        own = {"id", "basis", "reasons", "proposed_at", "confirmed", "answer", "decided_at"}
        return cls(
            **proposed.revocation.model_dump(include=own),
            number=proposed.certificate.number,
            proposed_by=proposed.proposer.name,
            decided_by=proposed.decider.name if proposed.decider else "",
        )
