"""Tables of a draft as workbooks: a template to fill in, the rows that are there, and the rows that are brought."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, UploadFile
from starlette.responses import Response

from api.applications import Applicant
from api.deps import VersionSeen, etag
from api.files import download
from api.schemas.applications import RowsTold
from api.schemas.common import refusals
from casework.applications import own
from casework.row_import import Brought, bring, exported, lines_of, table_of, template
from core.addresses import KnownId, Words
from core.db import reading, transaction
from core.i18n import gettext
from core.spreadsheets import MEDIA_TYPE
from regulation.form.field import Field
from regulation.form.place import rows_of

router = APIRouter(prefix="/applications/{application_id}/rows/{table}", tags=["Applications"])

WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The workbook.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@dataclass(frozen=True)
class Sheet:
    """What arrives: for which table, the workbook, and whether its rows are added to those that are there."""

    table: Field
    file: UploadFile
    append: bool


def sheet(
    table: Words,
    file: UploadFile,
    *,
    append: Annotated[bool, Query(description="Keep the rows that are there and add these.")] = False,
) -> Sheet:
    """Return what arrived."""
    return Sheet(table_of(table), file, append)


@router.put("", responses=refusals(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503))
def bring_rows(
    application_id: KnownId,
    person: Applicant,
    version: VersionSeen,
    sheet: Annotated[Sheet, Depends(sheet)],
    response: Response,
) -> RowsTold:
    """Fill a table from the first sheet of an .xlsx workbook (see `template`): all rows, or none when one is wrong.

    `If-Match` says which version of the application they are based on; `ETag` is the one they made.
    422 names each fault; its pointer has the row as the spreadsheet numbers it: `/teachers/317/born`.
    """
    asked = sheet.table
    with transaction() as session:
        own(session, application_id, person)
        brought = Brought(asked, lines_of(sheet.file.file.read()), append=sheet.append)
        application, count = bring(session, application_id, brought, version, by=person)
        response.headers.update(etag(application.version))
        return RowsTold(
            table=asked.key, taken=count, rows=len(rows_of(application.content, asked)), version=application.version
        )


@router.get("", response_class=Response, responses=WORKBOOK | refusals(401, 403, 404))
def read_rows(application_id: KnownId, table: Words, person: Applicant) -> Response:
    """Give the rows that are there as a workbook; brought back unchanged, it changes nothing.

    `ETag` is the application's version, to be given back as `If-Match`.
    """
    asked = table_of(table)
    with reading() as session:
        application = own(session, application_id, person)
        content, version = exported(asked, application), application.version
    answer = download(content, f"{gettext(asked.title)}.xlsx", MEDIA_TYPE)
    answer.headers.update(etag(version))
    return answer


@router.get("/template", response_class=Response, responses=WORKBOOK | refusals(401, 403, 404))
def read_template(application_id: KnownId, table: Words, person: Applicant) -> Response:
    """Give the workbook to fill in: headings, and on a second sheet the permitted words and the units."""
    asked = table_of(table)
    with reading() as session:
        own(session, application_id, person)
    return download(template(asked), f"{gettext(asked.title)}.xlsx", MEDIA_TYPE)
