"""The register to take away: open data with a documented schema, and a feed of what is new (RFC 4287)."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.publication.feed import Feed, feed
from casework.publication.open_data import (
    FIELDS,
    LICENCE,
    SEPARATOR,
    DataField,
    Published,
    document,
    open_data,
    schema,
)
from core.db import reading
from core.files import digest
from core.guarded_headers import OF_A_FILE
from core.i18n import gettext, speaking
from core.settings import settings
from pages.kit import Column, Crumb
from pages.office_export import BYTE_ORDER_MARK, harmless
from pages.rendering import page, templates

router = APIRouter()

FOR_EVERYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Any page of any site may read the open data; it never depends on who asks."""
CSV, JSON, SCHEMA, ATOM = "text/csv", "application/json", "application/schema+json", "application/atom+xml"


@dataclass(frozen=True)
class Edition:
    """A file of the open data as it is today."""

    path: str
    kind: str
    content: bytes
    changed_at: datetime | None

    @property
    def sha256(self) -> str:
        """The hash by which a reader can tell that the file arrived whole."""
        return digest(self.content)


@dataclass(frozen=True)
class OpenDataPage:
    """What can be taken, what its columns mean, and on what terms."""

    editions: list[Edition]
    fields: list[DataField]
    kinds: dict[str, str]
    columns: list[Column]
    licence: str
    count: int
    changed_at: datetime | None
    crumbs: list[Crumb]


@router.get("/open-data")
def about(request: Request) -> Response:
    """Explain the open data."""
    with reading() as session:
        published = open_data(session)
    titles = (gettext("字段"), gettext("类型"), gettext("含义"), gettext("来源"), gettext("单位或规范"))
    context = OpenDataPage(
        editions=[csv_of(published), json_of(published), schema_file()],
        fields=list(FIELDS),
        kinds={"string": gettext("文本"), "array": gettext("文本列表")},
        columns=[Column(title) for title in titles],
        licence=gettext(LICENCE),
        count=len(published.rows),
        changed_at=published.changed_at,
        crumbs=[Crumb(gettext("基地名录"), "/register"), Crumb(gettext("开放数据"))],
    )
    return page(request, "public/open-data.html", context)


@router.get("/open-data/bases.csv")
def as_csv(request: Request) -> Response:
    """Give the register as CSV."""
    with reading() as session:
        return given(request, csv_of(open_data(session)))


@router.get("/open-data/bases.json")
def as_json(request: Request) -> Response:
    """Give the register as JSON."""
    with reading() as session:
        return given(request, json_of(open_data(session)))


@router.get("/open-data/bases.schema.json")
def as_schema(request: Request) -> Response:
    """Give the schema of the JSON."""
    return given(request, schema_file())


@router.get("/register.atom")
def as_feed(request: Request) -> Response:
    """Give the news of the register as an Atom feed, in Chinese."""
    with reading() as session, speaking("zh"):
        told = feed(session)
    return given(request, atom_of(told))


def csv_of(published: Published) -> Edition:
    """Write the register as CSV: UTF-8 with the mark spreadsheets know it by, and no formula in it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(field.name for field in FIELDS)
    writer.writerows([harmless(_cell(row[field.name])) for field in FIELDS] for row in published.rows)
    return Edition("/open-data/bases.csv", CSV, (BYTE_ORDER_MARK + file.getvalue()).encode(), published.changed_at)


def json_of(published: Published) -> Edition:
    """Write the register as JSON."""
    return Edition("/open-data/bases.json", JSON, _json(document(published)), published.changed_at)


def schema_file() -> Edition:
    """Write the schema of the JSON; it changes only with the edition of the software."""
    return Edition("/open-data/bases.schema.json", SCHEMA, _json(schema()), None)


def atom_of(told: Feed) -> Edition:
    """Write the feed; what people wrote in it is escaped."""
    text = templates().get_template("public/feed.atom").render(feed=told, base=settings().public_url)
    return Edition("/register.atom", ATOM, text.encode(), told.updated)


def given(request: Request, edition: Edition) -> Response:
    """Answer with a file, or that the reader has it already (RFC 9110 §13)."""
    headers = FOR_EVERYBODY | OF_A_FILE | {"ETag": f'"{edition.sha256}"', "Cache-Control": "no-cache"}
    if edition.changed_at:
        headers["Last-Modified"] = format_datetime(edition.changed_at.astimezone(UTC), usegmt=True)
    if _has(request, edition):
        return Response(status_code=304, headers=headers)
    if edition.kind == CSV:
        headers["Content-Disposition"] = 'attachment; filename="bases.csv"'
    return Response(edition.content, media_type=f"{edition.kind}; charset=utf-8", headers=headers)


def _has(request: Request, edition: Edition) -> bool:
    """Whether the reader's copy is this edition; a tag decides over a date."""
    if tags := request.headers.get("if-none-match"):
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(known & {"*", f'"{edition.sha256}"'})
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    aware = since if since.tzinfo else since.replace(tzinfo=UTC)
    return edition.changed_at is not None and edition.changed_at.replace(microsecond=0) <= aware


def _cell(value: object) -> str:
    if isinstance(value, list):
        return SEPARATOR.join(value)
    return "" if value is None else str(value)


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=2).encode()
