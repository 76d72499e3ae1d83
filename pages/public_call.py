"""One call for everybody: its windows, its notice with the papers, its rules with their sources, its dates to keep."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from casework.applications import in_call
from casework.calls import by_code, is_open
from casework.calls.attachments import attachment_of, attachments_of
from casework.calls.calendars import calendar_of
from casework.calls.extensions import extensions_of
from casework.people import Person
from core.addresses import Words
from core.clock import now
from core.db import reading
from core.files import fetch
from core.i18n import gettext
from core.settings import settings
from models.application import Call
from pages.downloads import download
from pages.kit import Attachment, Column, Crumb
from pages.public import CallLine
from pages.public_call_parts import (
    ExtensionLine,
    extension_columns,
    extension_lines,
    materials,
    papers,
    rule_columns,
    windows,
)
from pages.public_sources import RuleChapter, rules
from pages.rendering import page
from regulation.roles import Role
from regulation.sourced import SourcedPolicy

router = APIRouter()


@dataclass(frozen=True)
class CallPage:
    """One call."""

    call: Call
    line: CallLine
    open: bool
    coming: bool
    windows: list[tuple[str, str]]
    extensions: list[ExtensionLine]
    extension_columns: list[Column]
    papers: list[Attachment]
    materials: list[str]
    rules: list[RuleChapter]
    rule_columns: list[Column]
    own: UUID | None
    may_begin: bool
    crumbs: list[Crumb]


@router.get("/calls/{code}.ics")
def call_calendar(code: Words) -> Response:
    """Give the dates of a call for a calendar; a calendar that keeps the address follows extensions by itself."""
    with reading() as session:
        found = by_code(session, code)
        extensions = [extension for extension, _ in extensions_of(session, found)]
        content = calendar_of(found, extensions, f"{settings().public_url}/calls/{quote(found.code)}")
    return download(content, f"{found.code}.ics", "text/calendar; charset=utf-8")


@router.get("/calls/{code}")
def call(request: Request, code: Words) -> Response:
    """Show one call with its rules; an institution goes on from here to its application."""
    person: Person | None = request.state.person
    applicant = person if person and person.has(Role.APPLICANT) else None
    with reading() as session:
        found = by_code(session, code)
        own = in_call(session, found, applicant) if applicant else None
        extended = extensions_of(session, found)
        attached = attachments_of(session, found)
    kept = SourcedPolicy.kept(found.policy)
    context = CallPage(
        call=found,
        line=CallLine.of(found),
        open=is_open(found),
        coming=found.opens_at > now(),
        windows=windows(found),
        extensions=extension_lines(extended, names=False),
        extension_columns=extension_columns(),
        papers=papers(found, attached),
        materials=materials(kept.policy),
        rules=rules(kept),
        rule_columns=rule_columns(),
        own=own.id if own else None,
        may_begin=person is None or applicant is not None,
        crumbs=[Crumb(gettext("申报批次"), "/calls"), Crumb(found.code)],
    )
    return page(request, "public/call.html", context)


@router.get("/calls/{code}/attachments/{sha256}")
def notice_attachment(code: Words, sha256: Annotated[str, Path(max_length=64)]) -> Response:
    """Give a paper of a call's notice as it was attached."""
    with reading() as session:
        attachment = attachment_of(session, by_code(session, code), sha256)
    return download(fetch(attachment.sha256), attachment.filename)
