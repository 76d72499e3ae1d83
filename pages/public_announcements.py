"""Announcements for everybody: the numbered documents, what they list, and the PDF as it was made."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.certificates import Validity, validity_of
from casework.publication.announcement_pdf import Line
from casework.publication.announcements import Published, announcement_of, announcements
from core.addresses import Words, identity
from core.db import reading
from core.files import fetch
from core.i18n import gettext, marked
from pages.downloads import download
from pages.kit import Column, Crumb
from pages.public_register import badges
from pages.rendering import page

router = APIRouter()

LIST = marked("公布文件")
TITLES = (marked("序号"), marked("单位名称"), marked("基地名称"), marked("领域"), marked("推荐单位"),
          marked("证书编号"), marked("有效期"))  # fmt: skip


@dataclass(frozen=True)
class ListPage:
    """Every announcement, the newest first."""

    found: list[Published]


@dataclass(frozen=True)
class AnnouncementPage:
    """One announcement; each line with a badge where its certificate holds no longer."""

    told: Published
    lines: list[tuple[Line, tuple[str, str] | None]]
    columns: list[Column]
    crumbs: list[Crumb]


@router.get("/announcements")
def listed(request: Request) -> Response:
    """List the announcements."""
    with reading() as session:
        context = ListPage(announcements(session))
    return page(request, "public/announcements.html", context)


@router.get("/announcements/{announcement_id}")
def announcement(request: Request, announcement_id: Words) -> Response:
    """Show one announcement."""
    with reading() as session:
        told, lines = announcement_of(session, identity(announcement_id))
    says = badges()
    held = [(line, validity_of(certificate)) for line, certificate in lines]
    context = AnnouncementPage(
        told=told,
        lines=[(line, None if state is Validity.VALID else says[state]) for line, state in held],
        columns=[Column(gettext(title)) for title in TITLES],
        crumbs=[Crumb(gettext(LIST), "/announcements"), Crumb(told.announcement.number)],
    )
    return page(request, "public/announcement.html", context)


@router.get("/announcements/{announcement_id}/file.pdf")
def document(announcement_id: Words) -> Response:
    """Give the document as it was made."""
    with reading() as session:
        told, _ = announcement_of(session, identity(announcement_id))
    return download(fetch(told.announcement.sha256), f"{told.announcement.number}.pdf")
