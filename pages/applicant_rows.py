"""Rows of a table out of a spreadsheet: uploaded or pasted, all of them taken or none, with a report of each fault."""

import base64
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.people import Person
from casework.row_import import (
    REPORTED,
    Brought,
    RowsInvalid,
    bring,
    exported,
    lines_of,
    pasted,
    report,
    table_of,
    template,
)
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, JidiError, Stale
from core.i18n import gettext, marked
from core.spreadsheets import MEDIA_TYPE
from models.application import Application
from pages.applicant_answers import edition
from pages.applicant_work import Applicant, ApplicationId, Work, headed, held_draft, opened
from pages.downloads import download
from pages.forms import Form
from pages.kit import Column, Crumb, Option
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.form.field import MOST_ROWS, Field, Section
from regulation.form.place import rows_of
from regulation.form.row_faults import RowFault
from regulation.form.row_words import columns_of, permitted, section_of

MEGABYTES = 5
MOST_SHOWN = 200
REPLACE, APPEND = "replace", "append"
HOW = (Option(REPLACE, marked("替换本表现有的行")), Option(APPEND, marked("接在现有的行之后")))
TWO_WAYS = marked("请只用一种方式：上传工作簿，或粘贴内容。")
NO_WAY = marked("请选择工作簿，或粘贴从 Excel 复制的内容。")
TAKEN = marked("已导入 {n} 行，“{table}”现有 {all} 行。")

router = APIRouter()


@dataclass(frozen=True)
class RowsPage:
    """How a table is filled from a spreadsheet; `found` is what was wrong with the rows that were brought."""

    work: Work
    table: Field
    title: str
    back: str
    address: str
    rows: int
    most: int
    fixed: bool
    columns: list[tuple[str, str, bool]]
    ways: list[Option]
    form: Form
    version: str
    crumbs: list[Crumb]
    heads: list[Column]
    found: list[RowFault] = field(default_factory=list)
    more: int = 0
    report: str = ""


@router.get("/applications/{application_id}/rows/{rows}")
def rows_page(request: Request, application_id: ApplicationId, rows: Words, person: Applicant) -> Response:
    """Show how to fill a table from a spreadsheet."""
    table = table_of(rows)
    with reading() as session:
        work = opened(session, application_id, person)
    if not work.editable:
        return redirect(request, work.address)
    return page(request, "applicant/rows.html", _context(work, table, Form.of({"how": REPLACE})))


@router.get("/applications/{application_id}/rows/{rows}/template")
def rows_template(application_id: ApplicationId, rows: Words, person: Applicant) -> Response:
    """Give the workbook to fill in."""
    table = table_of(rows)
    with reading() as session:
        opened(session, application_id, person)
    return download(template(table), f"{gettext(table.title)}-{gettext('模板')}.xlsx", MEDIA_TYPE)


@router.get("/applications/{application_id}/rows/{rows}/workbook")
def rows_workbook(application_id: ApplicationId, rows: Words, person: Applicant) -> Response:
    """Give the rows that are there as a workbook, to be changed and brought back."""
    table = table_of(rows)
    with reading() as session:
        application = opened(session, application_id, person).application
    return download(exported(table, application), f"{gettext(table.title)}.xlsx", MEDIA_TYPE)


@router.post("/applications/{application_id}/rows/{rows}")
def bring_rows(
    request: Request, application_id: ApplicationId, rows: Words, form: Submitted, person: Applicant
) -> Response:
    """Take the rows, all of them or none; refused, the page says what is wrong in each row."""
    table = table_of(rows)
    try:
        brought = _brought(form, table)
        with transaction() as session:
            application, count = _kept(session, application_id, brought, form.value("version"), person)
    except (Invalid, Stale, Conflict) as refused:
        return _refused(request, (application_id, table), form, person, refused)
    said = gettext(TAKEN, n=count, table=gettext(table.title), all=len(rows_of(application.content, table)))
    return redirect(request, _back(application, table), notice=said)


def _brought(form: Form, table: Field) -> Brought:
    """Return the lines that were uploaded or pasted; raises `Invalid`."""
    upload = form.file("file", marked("工作簿"), required=False, megabytes=MEGABYTES)
    text = form.value("text")
    how = form.choice("how", marked("导入方式"), (REPLACE, APPEND))
    if not form.faults and bool(upload) == bool(text.strip()):
        form.fault("file", TWO_WAYS if upload else NO_WAY)
    form.refuse_faults()
    lines = lines_of(upload.content) if upload else pasted(text)
    return Brought(table, lines, headed=bool(upload), append=how == APPEND)


def _kept(
    session: Session, application_id: UUID, brought: Brought, seen: str, person: Person
) -> tuple[Application, int]:
    """Fill the table as this person saw it; raises `Stale` when somebody has changed it meanwhile."""
    application = held_draft(session, application_id, person)
    if seen != edition(_alone(brought.table), application.content):
        raise Stale(changed=[gettext(brought.table.title)])
    return bring(session, application_id, brought, None, by=person)


def _refused(request: Request, asked: tuple[UUID, Field], form: Form, person: Person, refused: JidiError) -> Response:
    """Show the page again with what was typed and everything that is wrong."""
    application_id, table = asked
    with reading() as session:
        work = opened(session, application_id, person)
    form.sentence = refused.sentence()
    found = refused.found if isinstance(refused, RowsInvalid) else []
    if isinstance(refused, Invalid) and not found:
        form.faults = [Fault(fault.field, fault.message) for fault in refused.faults]
    return page(request, "applicant/rows.html", _context(work, table, form, found), status=refused.status)


def _context(work: Work, table: Field, form: Form, found: list[RowFault] | None = None) -> RowsPage:
    section, title, back = section_of(table), gettext(table.title), _back(work.application, table)
    address = f"{work.address}/rows/{table.key}"
    wrong = found or []
    return RowsPage(
        work=work,
        table=table,
        title=gettext("“{table}”从 Excel 导入", table=title),
        back=back,
        address=address,
        rows=len(rows_of(work.application.content, table)),
        most=len(table.row_titles) or MOST_ROWS,
        fixed=bool(table.row_titles),
        columns=_columns(table),
        ways=[Option(way.value, gettext(way.title)) for way in HOW],
        form=form,
        version=edition(_alone(table), work.application.content),
        crumbs=[
            Crumb(gettext("我的申报"), "/applications"),
            Crumb(work.title, work.address),
            Crumb(headed(section), back),
            Crumb(gettext("从 Excel 导入")),
        ],
        heads=[Column(gettext(head)) for head in REPORTED],
        found=wrong[:MOST_SHOWN],
        more=max(0, len(wrong) - MOST_SHOWN),
        report=_inline(report(wrong)) if wrong else "",
    )


def _columns(table: Field) -> list[tuple[str, str, bool]]:
    """Return heading, permitted words and whether it must be filled in, column by column."""
    comma = gettext("、")
    return [
        (column.heading, comma.join(permitted(table, column)), column.field is None or column.field.required)
        for column in columns_of(table)
    ]


def _alone(table: Field) -> Section:
    """Return the table as a section of its own, so that only its own changes count."""
    return Section(table.key, "", table.title, (table,))


def _back(application: Application, table: Field) -> str:
    return f"/applications/{application.id}/sections/{section_of(table).key}#f-{table.key}"


def _inline(workbook: bytes) -> str:
    """Return a workbook as an address that holds it: the report is kept nowhere else."""
    return f"data:{MEDIA_TYPE};base64,{base64.b64encode(workbook).decode()}"
