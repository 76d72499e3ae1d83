"""The application form, section by section: saved as it is typed, told what is wrong, never lost."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.responses import Response

from casework.applications import save
from casework.people import Person
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, JidiError, PreconditionRequired, Stale
from core.i18n import gettext
from models.application import Application, Call
from pages.applicant_answers import Answers, Group, Sheet, edition, form_of, typed_in
from pages.applicant_long import line_address, long_tables
from pages.applicant_work import (
    PROMISE,
    Applicant,
    ApplicationId,
    Pointer,
    Step,
    Work,
    headed,
    held_draft,
    known_section,
    opened,
    steps,
)
from pages.forms import Form, field_id
from pages.kit import Crumb
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.form.definition import FORM
from regulation.form.field import Kind, Section
from regulation.form.reading import Change, changed, changes, cleaned, faults
from regulation.form.row_words import TABLES
from regulation.policy import policy_of

MOST_ADDED = 10
SECTIONS = [section for section in FORM if section.key != PROMISE]


class Telling(APIRoute):
    """A route for a program in the page: whatever is refused is answered as a problem document."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that answers refusals itself."""
        handler = super().get_route_handler()

        async def telling(request: Request) -> Response:
            try:
                return await handler(request)
            except JidiError as refused:
                return _problem(refused)

        return telling


router = APIRouter()
autosaving = APIRouter(route_class=Telling)


@dataclass(frozen=True)
class SectionPage:
    """One section to fill in; `conflict` is what others saved meanwhile, beside what this person typed."""

    work: Work
    section: Section
    title: str
    groups: list[Group]
    form: Form
    version: str
    steps: list[Step]
    next: Section | None
    crumbs: list[Crumb]
    lacking: bool
    conflict: list[Change] = field(default_factory=list)
    pointers: list[Pointer] = field(default_factory=list)


@router.get("/applications/{application_id}/sections/{key}")
def section_page(request: Request, application_id: ApplicationId, key: str, person: Applicant) -> Response:
    """Show a section to fill in; `?check=1` shows what is missing as well, `?add=teachers-5` gives empty rows.

    `?teachers=3` is the third page of a table that has grown too long to be filled in as a whole.
    """
    section = known_section(key)
    check, add = (request.query_params.get(name, "") for name in ("check", "add"))
    with reading() as session:
        work = opened(session, application_id, person)
    if not work.editable:
        return redirect(request, work.address)
    form = form_of(work.application.content, section)
    state = next(state for state in work.states if state.section is section)
    form.faults += [*state.faults, *(state.lacking if check else ())]
    apart = {table: _page(request, table) for table in long_tables(section, work.application.content)}
    sheet = Sheet(section, work.application.content, form, work.policy, work.documents, _added(add), apart)
    context = _context(work, sheet, edition(section, work.application.content), lacking=bool(check))
    return page(request, "applicant/section.html", context)


@router.post("/applications/{application_id}/sections/{key}")
def save_section(
    request: Request, application_id: ApplicationId, key: str, form: Submitted, person: Applicant
) -> Response:
    """Save what was typed, right or wrong; refused only where it cannot be kept, and then it is shown again."""
    section = known_section(key)
    typed = typed_in(form, section, without=form.value("remove"))
    try:
        with transaction() as session:
            application = keep(session, application_id, (section, typed), form.value("version"), by=person)
    except (Invalid, Stale, Conflict) as refused:
        return _refused(request, application_id, (section, typed), person, refused)
    return redirect(request, _onward(request, application, section, form), notice=gettext("已保存。"))


@autosaving.post("/applications/{application_id}/autosave")
def autosave(request: Request, application_id: ApplicationId, form: Submitted, person: Applicant) -> JSONResponse:
    """Save what was typed so far; answers with the next If-Match and how much is wrong."""
    section = known_section(form.value("section"))
    seen = request.headers.get("if-match", "").strip().strip('"')
    if not seen:
        raise PreconditionRequired
    with transaction() as session:
        application = keep(session, application_id, (section, typed_in(form, section)), seen, by=person)
        policy = policy_of(session.get_one(Call, application.call_id).policy)
    wrong = _within(section, faults(application.content, policy))
    sentence = gettext("已保存，有 {n} 处填写有误。", n=len(wrong)) if wrong else gettext("已保存。")
    return JSONResponse(
        {
            "version": edition(section, application.content),
            "faults": [{"field": fault.field, "message": fault.message} for fault in wrong],
            "sentence": sentence,
        }
    )


def keep(
    session: Session, application_id: UUID, given: tuple[Section, Answers], seen: str, *, by: Person
) -> Application:
    """Save a section that was read in edition `seen`; raises `Stale` when it would overwrite what others wrote."""
    section, typed = given
    application = held_draft(session, application_id, by)
    answers = cleaned(typed)
    if seen != edition(section, application.content):
        stored = {key: application.content.get(key) for key in answers}
        if differing := changed(stored, answers):
            raise Stale(changed=differing)
    return save(session, application_id, typed, None, by=by)


def _refused(
    request: Request, application_id: UUID, given: tuple[Section, Answers], person: Person, refused: JidiError
) -> Response:
    """Show the section again with everything that was typed, why it was not saved, and what others wrote."""
    section, typed = given
    with reading() as session:
        work = opened(session, application_id, person)
    form = form_of(typed, section)
    form.sentence = refused.sentence()
    form.faults += refused.faults if isinstance(refused, Invalid) else []
    content = work.application.content
    conflict = changes({key: content.get(key) for key in typed}, cleaned(typed)) if isinstance(refused, Stale) else []
    apart = {asked.key: 1 for asked in section.fields if asked.kind is Kind.ROWS and asked.key not in typed}
    shown = {**typed, **{table: content.get(table) for table in apart}}
    sheet = Sheet(section, shown, form, work.policy, work.documents, apart=apart)
    context = _context(work, sheet, edition(section, content), conflict=conflict)
    return page(request, "applicant/section.html", context, status=refused.status)


def _context(
    work: Work, sheet: Sheet, version: str, *, lacking: bool = False, conflict: list[Change] | None = None
) -> SectionPage:
    section = sheet.section
    title = headed(section)
    after = SECTIONS.index(section) + 1
    return SectionPage(
        work=work,
        section=section,
        title=title,
        groups=sheet.groups(),
        form=sheet.form,
        version=version,
        steps=steps(work, section),
        next=SECTIONS[after] if after < len(SECTIONS) else None,
        crumbs=[Crumb(gettext("我的申报"), "/applications"), Crumb(work.title, work.address), Crumb(title)],
        lacking=lacking,
        conflict=conflict or [],
        pointers=[Pointer(fault.message, _where(work, sheet, fault)) for fault in sheet.form.faults],
    )


def _where(work: Work, sheet: Sheet, fault: Fault) -> str:
    """Return where a fault is mended: at its field, or on the page of its row where the table is only read."""
    table, _, rest = fault.field.partition(".")
    row = rest.partition(".")[0]
    if table in sheet.apart and row.isdigit():
        return line_address(work.address, table, int(row) + 1)
    return f"#{field_id(fault.field)}"


def _onward(request: Request, application: Application, section: Section, form: Form) -> str:
    """Return where to go after saving: on to the next section, to new rows, or back to the same place."""
    address = f"/applications/{application.id}"
    if there := _into_a_table(address, section, form.value("then")):
        return there
    if form.value("then") == "next":
        after = SECTIONS[SECTIONS.index(section) + 1 :]
        return f"{address}/sections/{after[0].key}" if after else address
    query = {"check": "1"} if request.query_params.get("check") else {}
    anchor = ""
    for table in _added(form.value("add")):
        query["add"] = form.value("add")
        anchor = f"#f-{table}-{len(application.content.get(table) or [])}"
    if form.value("remove"):
        anchor = f"#f-{form.value('remove').rpartition('-')[0]}"
    return f"{address}/sections/{section.key}{'?' + urlencode(query) if query else ''}{anchor}"


def _into_a_table(address: str, section: Section, then: str) -> str:
    """Understand `rows-teachers` (fill it from Excel), `line-teachers-317` and `page-teachers-7`."""
    what, _, rest = then.partition("-")
    table, _, number = rest.partition("-")
    if table not in TABLES or (number and not (number.isascii() and number.isdigit())):
        return ""
    ways = {
        "rows": f"{address}/rows/{table}",
        "line": line_address(address, table, int(number or 0)),
        "page": f"{address}/sections/{section.key}?{table}={number}#f-{table}",
    }
    return ways.get(what, "")


def _page(request: Request, table: str) -> int:
    wanted = request.query_params.get(table, "")
    return int(wanted[:3]) if wanted.isascii() and wanted.isdigit() else 1


def _added(wanted: str) -> dict[str, int]:
    """Understand `teachers-5`: five more rows for the teachers."""
    table, _, count = wanted.rpartition("-")
    if not table or not (count.isascii() and count.isdigit()):
        return {}
    return {table: min(int(count[:3]), MOST_ADDED)}


def _within(section: Section, found: list[Fault]) -> list[Fault]:
    keys = {asked.key for asked in section.fields}
    return [fault for fault in found if fault.field.partition(".")[0] in keys]


def _problem(refused: JidiError) -> JSONResponse:
    """Say what was refused to the program in the page (RFC 9457)."""
    detail = refused.sentence()
    if isinstance(refused, Stale):
        detail += gettext("请点“保存”，核对后再决定采用哪一份。")
    told: dict[str, object] = {"title": gettext(refused.title), "status": refused.status, "detail": detail}
    if isinstance(refused, Invalid):
        told["faults"] = [{"field": fault.field, "message": fault.message} for fault in refused.faults]
    return JSONResponse(told, status_code=refused.status, media_type="application/problem+json")
