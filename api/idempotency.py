"""The same request twice is one effect: `Idempotency-Key`, kept with the answer in the transaction of the effect."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Header
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from api.deps import SignedIn
from core.clock import now
from core.errors import Invalid
from core.i18n import marked
from models.person import IdempotencyKey

OTHER_REQUEST = marked("该 Idempotency-Key 已用于另一请求，请为新的请求另取一个。")


@dataclass(frozen=True)
class Made:
    """What an effect answers with; `body` None: nothing but the status."""

    body: BaseModel | None
    status: int = 201
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Once:
    """A request that may come again: its person, key and content."""

    person: SignedIn
    key: str
    sha256: str

    def answer(self, session: Session, effect: Callable[[], Made]) -> Response:
        """Have the effect and keep the answer, or give the answer of the first time.

        Of two at once the second waits here until the first is committed; if that one failed, this one has the effect.
        """
        if not self.key:
            return answered(effect())
        first = self.claim(session)
        kept = session.exec(
            select(IdempotencyKey).where(IdempotencyKey.user_id == self.person.id, IdempotencyKey.key == self.key)
        ).one()
        if first:
            made = effect()
            kept.status, kept.location = made.status, made.location
            kept.body = made.body.model_dump_json() if made.body else ""
            return answered(made)
        if kept.request_sha256 != self.sha256:
            raise Invalid(OTHER_REQUEST)
        headers = {"Idempotent-Replayed": "true"} | ({"Location": kept.location} if kept.location else {})
        return Response(kept.body, kept.status, headers, "application/json")

    def claim(self, session: Session) -> bool:
        """Enter the key; says whether it is new."""
        entry = insert(IdempotencyKey).values(
            id=uuid4(), user_id=self.person.id, key=self.key, request_sha256=self.sha256,
            status=0, body="", location="", created_at=now(),
        )  # fmt: skip
        entered = entry.on_conflict_do_nothing(index_elements=["user_id", "key"]).returning(col(IdempotencyKey.id))
        return session.execute(entered).first() is not None


def answered(made: Made) -> Response:
    """Return the answer to an effect."""
    headers = dict(made.headers) | ({"Location": made.location} if made.location else {})
    body = made.body.model_dump_json() if made.body else ""
    return Response(body, made.status, headers, "application/json" if made.body else None)


async def once(
    request: Request,
    person: SignedIn,
    idempotency_key: Annotated[
        str,
        Header(
            max_length=200,
            pattern=r"^[\x21-\x7e]*$",
            description="Any text of your own; the same key with the same request has one effect and one answer.",
            examples=["3f0c2f8e-submit-1"],
        ),
    ] = "",
) -> Once:
    """Take the key and the content of a request."""
    whole = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body()
    return Once(person, idempotency_key, hashlib.sha256(whole).hexdigest())


OnlyOnce = Annotated[Once, Depends(once)]
