"""What the applying institution sees of an objection to its case, and its own words about it."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.objections.looking import is_open, standing_of, told_of
from casework.objections.statements import state
from casework.people import Person
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, NotFound
from core.i18n import gettext
from models.objection import Objection
from pages.case_pages import File, opened, way_to
from pages.forms import Form
from pages.kit import Crumb
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.session import SignedIn
from pages.submission import Submitted

router = APIRouter()


@dataclass(frozen=True)
class ToldPage:
    """An objection without its author."""

    file: File
    objection: Objection
    standing: str
    open: bool
    form: Form
    refusal: str
    crumbs: list[Crumb]


@router.get("/cases/{reference}/objections/{objection_id}")
def show(request: Request, reference: Words, objection_id: Words, person: SignedIn) -> Response:
    """Show what was objected, as the institution is told of it."""
    return _shown(request, (reference, objection_id), person, View())


@router.post("/cases/{reference}/objections/{objection_id}")
def say(request: Request, reference: Words, objection_id: Words, form: Submitted, person: SignedIn) -> Response:
    """Take the institution's statement, once."""
    with reading() as session:
        file = opened(session, reference, person)
        if not file.sight.owner:
            raise NotFound
        told_of(session, file.case, identity(objection_id), by=person)
    try:
        with transaction() as session:
            state(session, identity(objection_id), form.value("statement"), by=person)
    except Invalid as refused:
        faults = [Fault(fault.field, gettext(fault.message)) for fault in refused.faults]
        view = View(form.refused(Invalid(faults=faults)), status=refused.status)
        return _shown(request, (reference, objection_id), person, view)
    except Conflict as late:
        return _shown(request, (reference, objection_id), person, View(form, late.sentence(), late.status))
    address = f"/cases/{reference}/objections/{identity(objection_id)}"
    return redirect(request, address, notice=gettext("说明已提交。"))


def _shown(request: Request, place: tuple[str, str], person: Person, view: View) -> Response:
    with reading() as session:
        file = opened(session, place[0], person)
        objection = told_of(session, file.case, identity(place[1]), by=person)
    context = ToldPage(
        file=file,
        objection=objection,
        standing=gettext(standing_of(objection)),
        open=file.sight.owner and is_open(objection) and not objection.stated_at,
        form=view.form,
        refusal=view.refusal,
        crumbs=[*way_to(file), Crumb(file.case.reference, file.address), Crumb(objection.number)],
    )
    return page(request, "case/objection.html", context, status=view.status)
