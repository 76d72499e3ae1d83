"""The journal's published hashes: what a page and the open data say of the seals, and nothing else of the journal."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from casework.trust.seals import newest
from core.clock import HUBEI
from core.i18n import marked
from models.journal import JournalSeal

ALL = 100_000
TITLE = marked("台账校验值")
MEANING = marked(
    "每个校验值概括了当时为止的全部台账；办理记录事后如被改动、删除或补写，就再也算不出同一个值。任何人都可以保存这些校验值，日后要求核对。"
)


def published(session: Session, *, before: int = 0, limit: int = 50) -> Sequence[JournalSeal]:
    """Return the seals for a page, the newest first."""
    return newest(session, before=before, limit=limit)


def document(session: Session) -> dict[str, Any]:
    """Return the whole list as open data, the newest first."""
    seals = newest(session, limit=ALL)
    return {
        "title": TITLE,
        "description": MEANING,
        "algorithm": "SHA-256",
        "seals": [
            {
                "number": one.number,
                "date": one.sealed_at.astimezone(HUBEI).date().isoformat(),
                "sealed_at": one.sealed_at.isoformat(),
                "lines": one.lines,
                "previous": one.previous or None,
                "hash": one.hash,
            }
            for one in seals
        ],
    }
