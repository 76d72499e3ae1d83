"""The journal's published hashes, for everybody: a page and its JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.publication.heads import MEANING, document, published
from core.addresses import Words
from core.db import reading
from core.i18n import gettext
from models.journal import JournalSeal
from pages.kit import Column, Crumb
from pages.open_data import JSON, Edition, given
from pages.rendering import page

router = APIRouter()

ON_A_PAGE = 30
PATH, FILE = "/register/journal", "/open-data/journal.json"


@dataclass(frozen=True)
class JournalPage:
    """The seals, the newest first."""

    seals: Sequence[JournalSeal]
    meaning: str
    columns: list[Column]
    next: str
    first: bool
    file: str
    crumbs: list[Crumb]


@router.get(PATH)
def heads(request: Request, after: Words = "") -> Response:
    """Show the hashes, day by day."""
    before = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    with reading() as session:
        found = published(session, before=before, limit=ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    titles = (gettext("日期"), gettext("封存号"), gettext("累计记录"), gettext("校验值（SHA-256）"))
    context = JournalPage(
        seals=shown,
        meaning=gettext(MEANING),
        columns=[Column(title) for title in titles],
        next=str(shown[-1].number) if len(found) > ON_A_PAGE else "",
        first=not before,
        file=FILE,
        crumbs=[Crumb(gettext("基地名录"), "/register"), Crumb(gettext("台账校验值"))],
    )
    return page(request, "public/journal.html", context)


@router.get(FILE)
def as_json(request: Request) -> Response:
    """Give the hashes as JSON; `jidi verify --heads` reads it."""
    with reading() as session:
        told = document(session)
        changed = published(session, limit=1)
    content = json.dumps(told, ensure_ascii=False, indent=2).encode()
    return given(request, Edition(FILE, JSON, content, changed[0].sealed_at if changed else None))
