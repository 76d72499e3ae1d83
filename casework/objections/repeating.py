"""The same objection sent again by a program: one key and one content are one objection, found by both hashes."""

import hashlib
import json
from uuid import UUID

from sqlmodel import Session, select

from casework.objections.filing import NewObjection, object_to
from casework.turnstile import pass_through
from core.errors import Invalid
from core.files import digest
from core.i18n import marked
from core.security import signature
from models.objection import Objection
from models.publicity import PublicityItem

OTHER_OBJECTION = marked("该 Idempotency-Key 已用于另一请求，请为新的请求另取一个。")


def object_once(session: Session, item: PublicityItem, new: NewObjection, *, key: str, address: str) -> Objection:
    """File an objection unless the one of this key was filed already; raises `Invalid` for another content.

    The key counts together with where the request came from, so that nobody meets a stranger's objection by it.
    """
    if not key:
        return object_to(session, item.id, new, address=address)
    request_key, content = signature("objection", f"{address} {key}"), content_of(item.id, new)
    pass_through(session, f"objection {request_key}")
    before = session.exec(select(Objection).where(Objection.request_key == request_key)).first()
    if before and before.request_sha256 != content:
        raise Invalid(OTHER_OBJECTION)
    if before:
        return before
    filed = object_to(session, item.id, new, address=address)
    filed.request_key, filed.request_sha256 = request_key, content
    return filed


def content_of(item_id: UUID, new: NewObjection) -> str:
    """Return the SHA-256 of what an objection says and encloses: a multipart body differs each time it is written."""
    files = [new.sealed, *new.evidence]
    words = [new.kind, new.name, new.contact, new.phone, new.email, new.facts, new.grounds]
    enclosed = [[one.filename, digest(one.content)] if one else [] for one in files]
    whole = json.dumps([str(item_id), words, enclosed], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
