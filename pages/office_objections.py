"""Objections in the office's hands: the list, and one objection from its receipt to its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.objections import handling
from casework.objections.letters import RESULTS
from casework.objections.looking import HANDLERS, Dossier, Listed, dossier, file_of, objections
from casework.people import Person
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, NotFound
from core.files import fetch
from core.i18n import gettext, marked
from flows.gateway import ring
from pages.downloads import download
from pages.forms import Form
from pages.kit import Attachment, Column, Crumb, Option
from pages.public_publicity import KINDS
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.session import Holding
from pages.submission import Submitted
from regulation.roles import Role

router = APIRouter()

Handler = Annotated[Person, Depends(Holding(*HANDLERS))]
Act = Callable[[Session, UUID, Form, Person], object]
LIST = marked("异议办理")


@dataclass(frozen=True)
class ListPage:
    """Every objection, the open ones first."""

    rows: list[Listed]
    columns: list[Column]


@dataclass(frozen=True)
class ObjectionPage:
    """One objection with everything; `open` says what the office may do with it now."""

    dossier: Dossier
    kind: str
    standing: str
    files: list[Attachment]
    may_examine: bool
    may_conclude: bool
    results: list[Option]
    form: Form
    refusal: str
    crumbs: list[Crumb]


@router.get("/office/objections")
def listed(request: Request, person: Handler) -> Response:
    """List the objections."""
    titles = (marked("异议编号"), marked("所异议的申报"), marked("办理情况"), marked("收到"), marked("应办结"))
    with reading() as session:
        context = ListPage(objections(session, by=person), [Column(gettext(title)) for title in titles])
    return page(request, "office/objections.html", context)


@router.get("/office/objections/{objection_id}")
def show(request: Request, objection_id: Words, person: Handler) -> Response:
    """Show one objection to those who handle or decide it."""
    return _shown(request, identity(objection_id), person, View())


@router.post("/office/objections/{objection_id}")
def act(request: Request, objection_id: Words, form: Submitted, person: Handler, after: BackgroundTasks) -> Response:
    """Accept, refuse, note or conclude."""
    wanted = identity(objection_id)
    name = form.value("act")
    if name not in ACTS:
        raise NotFound
    do, done = ACTS[name]
    try:
        with transaction() as session:
            do(session, wanted, form, person)
            case_id = dossier(session, wanted, by=person).listed.case.id
    except Invalid as refused:
        faults = [Fault(fault.field, gettext(fault.message)) for fault in refused.faults]
        return _shown(request, wanted, person, View(form.refused(Invalid(faults=faults)), status=refused.status))
    except Conflict as late:
        return _shown(request, wanted, person, View(form, late.sentence(), late.status))
    after.add_task(ring, case_id)
    return redirect(request, f"/office/objections/{wanted}", notice=gettext(done))


@router.get("/office/objections/{objection_id}/files/{file_id}")
def file(objection_id: Words, file_id: Words, person: Handler) -> Response:
    """Give one of the files that came with an objection."""
    with reading() as session:
        found = file_of(session, identity(objection_id), identity(file_id), by=person)
    return download(fetch(found.sha256), found.filename, found.media_type)


def _accept(session: Session, objection_id: UUID, form: Form, person: Person) -> object:
    return handling.accept(session, objection_id, form.value("gist"), by=person)


def _refuse(session: Session, objection_id: UUID, form: Form, person: Person) -> object:
    return handling.refuse(session, objection_id, form.value("reasons"), by=person)


def _note(session: Session, objection_id: UUID, form: Form, person: Person) -> object:
    return handling.note(session, objection_id, form.value("text"), by=person)


def _conclude(session: Session, objection_id: UUID, form: Form, person: Person) -> object:
    return handling.conclude(session, objection_id, form.value("result"), form.value("reasons"), by=person)


ACTS: dict[str, tuple[Act, str]] = {
    "accept": (_accept, marked("异议已受理，已告知异议人和申报单位。")),
    "refuse": (_refuse, marked("已决定不予受理，并书面答复异议人。")),
    "note": (_note, marked("调查情况已记录。")),
    "conclude": (_conclude, marked("异议已办结，已书面答复异议人并告知申报单位。")),
}
"""What can be done with an objection, and what is said when it is done."""


def _shown(request: Request, objection_id: UUID, person: Person, view: View) -> Response:
    with reading() as session:
        found = dossier(session, objection_id, by=person)
    objection, office = found.objection, person.has(Role.OFFICE)
    here = f"/office/objections/{objection.id}"
    context = ObjectionPage(
        dossier=found,
        kind=gettext(KINDS[objection.kind]),
        standing=gettext(found.listed.standing),
        files=[
            Attachment(
                gettext("盖章的异议书：{name}", name=one.filename) if one.sealed else one.filename,
                f"{here}/files/{one.id}",
                one.size,
                note=f"SHA-256 {one.sha256[:12]}…",
            )
            for one in found.files
        ],
        may_examine=office and objection.accepted is None,
        may_conclude=office and bool(objection.accepted) and not objection.concluded_at,
        results=[Option(str(key), gettext(title)) for key, title in RESULTS.items()],
        form=view.form,
        refusal=view.refusal,
        crumbs=[Crumb(gettext(LIST), "/office/objections"), Crumb(objection.number)],
    )
    return page(request, "office/objection.html", context, status=view.status)
