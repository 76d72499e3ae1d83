"""One row of a long table: changed, added or taken away by itself; the other rows are not even sent."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.applications import save
from casework.people import Person
from casework.row_import import table_of
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, JidiError, NotFound, Stale
from core.i18n import gettext, marked
from models.application import Application
from pages.applicant_answers import Question, Sheet, form_of, typed_in
from pages.applicant_long import line_address, page_of
from pages.applicant_work import Applicant, ApplicationId, Work, headed, held_draft, opened
from pages.forms import Form
from pages.kit import Crumb
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.form.field import MOST_ROWS, Field, Section
from regulation.form.place import row_label
from regulation.form.reading import Change, changes, cleaned
from regulation.form.row_words import section_of

FULL = marked("本表最多 {most} 行。")
REMOVED = marked("已删除第 {n} 行。")

router = APIRouter()

Row = Mapping[str, Any]


@dataclass(frozen=True)
class LinePage:
    """One row to change; `conflict` is what others wrote in it meanwhile, beside what this person typed."""

    work: Work
    title: str
    address: str
    back: str
    line: Question
    form: Form
    new: bool
    version: str
    crumbs: list[Crumb]
    summary: str
    conflict: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """Which row of which table of which application."""

    application_id: UUID
    table: Field
    number: int

    def rows(self, application: Application) -> list[Row]:
        """Return the rows that are there, among which this one is or directly after which it would be."""
        rows = list(application.content.get(self.table.key) or [])
        if self.table.row_titles or self.table.rows_by or not 1 <= self.number <= len(rows) + 1:
            raise NotFound
        return rows

    def row(self, application: Application) -> Row:
        """Return what the row says; nothing, for one that is to be added."""
        return dict(enumerate(self.rows(application), 1)).get(self.number, {})


def asked_for(application_id: ApplicationId, rows: Words, line: Words) -> Asked:
    """Return which row the address means; raises `NotFound` for what is no table or no number."""
    if not (line.isascii() and line.isdigit() and len(line) <= len(str(MOST_ROWS))):
        raise NotFound
    return Asked(application_id, table_of(rows), int(line))


@router.get("/applications/{application_id}/rows/{rows}/lines/{line}")
def line_page(request: Request, asked: Annotated[Asked, Depends(asked_for)], person: Applicant) -> Response:
    """Show a row to change, with what is wrong in it; the number after the last adds one."""
    with reading() as session:
        work = opened(session, asked.application_id, person)
    if not work.editable:
        return redirect(request, work.address)
    row = asked.row(work.application)
    form = form_of({asked.table.key: [row]}, alone(asked.table))
    form.faults += _faults(work, asked) if row else []
    return page(request, "applicant/line.html", _context(work, asked, row, form))


@router.post("/applications/{application_id}/rows/{rows}/lines/{line}")
def keep_line(
    request: Request, asked: Annotated[Asked, Depends(asked_for)], form: Submitted, person: Applicant
) -> Response:
    """Keep the row, or take it away; refused where others changed it meanwhile."""
    typed = (typed_in(form, alone(asked.table)).get(asked.table.key) or [{}])[0]
    removing = bool(form.value("remove"))
    try:
        with transaction() as session:
            application = _kept(session, asked, None if removing else typed, form.value("version"), person)
    except (Invalid, Stale, Conflict) as refused:
        return _refused(request, asked, typed, person, refused)
    last = len(application.content[asked.table.key])
    if form.value("then") == "next":
        number = min(asked.number, last) + 1
        following = line_address(f"/applications/{application.id}", asked.table.key, number)
        return redirect(request, following, notice=gettext("已保存。"))
    said = gettext(REMOVED, n=asked.number) if removing else gettext("已保存。")
    return redirect(request, back_to(application, asked.table, min(asked.number, last)), notice=said)


def alone(table: Field) -> Section:
    """Return a table as a section of its own."""
    return Section(table.key, "", table.title, (table,))


def edition_of(row: Row) -> str:
    """Return a short word for what a row says; it changes when the row does, whatever becomes of the others."""
    said = json.dumps(dict(row), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def back_to(application: Application, table: Field, number: int) -> str:
    """Return the page of the section on which a row is."""
    section = section_of(table).key
    return f"/applications/{application.id}/sections/{section}?{table.key}={page_of(number)}#f-{table.key}-{number - 1}"


def _kept(session: Session, asked: Asked, typed: Row | None, seen: str, person: Person) -> Application:
    """Put a row in its place, or take it away (None, or nothing typed); the others stay as they are now."""
    application = held_draft(session, asked.application_id, person)
    rows, stored = asked.rows(application), asked.row(application)
    kept = [] if typed is None else cleaned({asked.table.key: [typed]})[asked.table.key]
    if seen != edition_of(stored) and kept != [stored]:
        raise Stale(changed=[row_label(asked.table, asked.number - 1)])
    rows[asked.number - 1 : asked.number] = kept
    if len(rows) > MOST_ROWS:
        raise Invalid(FULL, most=MOST_ROWS)
    return save(session, asked.application_id, {asked.table.key: rows}, None, by=person)


def _refused(request: Request, asked: Asked, typed: Row, person: Person, refused: JidiError) -> Response:
    """Show the row again as it was typed, why it was not kept, and what others wrote in it."""
    with reading() as session:
        work = opened(session, asked.application_id, person)
    stored = asked.row(work.application)
    form = form_of({asked.table.key: [typed]}, alone(asked.table))
    form.sentence = refused.sentence()
    form.faults += [fault for fault in refused.faults if fault.message] if isinstance(refused, Invalid) else []
    key = asked.table.key
    conflict = changes({key: [stored]}, {key: [typed]}) if isinstance(refused, Stale) else []
    context = replace(_context(work, asked, typed, form), version=edition_of(stored), conflict=conflict)
    return page(request, "applicant/line.html", context, status=refused.status)


def _faults(work: Work, asked: Asked) -> list[Fault]:
    """Return what is wrong in the row, or missing from it, as faults of a table that has only this row."""
    section = section_of(asked.table)
    state = next(state for state in work.states if state.section is section)
    path = f"{asked.table.key}.{asked.number - 1}."
    found = [fault for fault in (*state.faults, *state.lacking) if fault.field.startswith(path)]
    return [Fault(f"{asked.table.key}.0.{fault.field.removeprefix(path)}", fault.message) for fault in found]


def _context(work: Work, asked: Asked, row: Row, form: Form) -> LinePage:
    table, section = asked.table, section_of(asked.table)
    sheet = Sheet(alone(table), {table.key: [row]}, form, work.policy, work.documents)
    question = sheet.groups()[0].blocks[0].questions[0]
    rows = asked.rows(work.application)
    back = back_to(work.application, table, min(asked.number, max(len(rows), 1)))
    title = row_label(table, asked.number - 1)
    return LinePage(
        work=work,
        title=title,
        address=line_address(work.address, table.key, asked.number),
        back=back,
        line=question,
        form=form.row(table.key, 0),
        new=asked.number > len(rows),
        version=edition_of(asked.row(work.application)),
        crumbs=[
            Crumb(gettext("我的申报"), "/applications"),
            Crumb(work.title, work.address),
            Crumb(headed(section), back),
            Crumb(title),
        ],
        summary=question.rows[0].summary if question.rows else "",
    )
