"""Extending a call: later ends for its windows, with the reasons; a decision on record that is public at once."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.calls import by_code
from casework.calls.extensions import LONGEST_REASONS, Later, extend, faults_of
from casework.people import Person
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Fault, Invalid
from core.i18n import gettext
from models.application import Call
from models.call import Window
from pages.forms import Form
from pages.kit import Crumb
from pages.moments import moment_in
from pages.office_lines import Officer
from pages.public_call_parts import windows
from pages.rendering import page, redirect
from pages.submission import Submitted

router = APIRouter()


@dataclass(frozen=True)
class ExtensionPage:
    """The form, beside the windows as they are."""

    form: Form
    call: Call
    windows: list[tuple[str, str]]
    longest: int
    crumbs: list[Crumb]


@router.get("/office/calls/{code}/extension")
def blank(request: Request, code: Words, person: Officer) -> Response:
    """Offer the form."""
    del person
    return _shown(request, code, Form.of())


@router.post("/office/calls/{code}/extension")
def take(request: Request, code: Words, form: Submitted, person: Officer) -> Response:
    """Extend the call, or show the form again with everything that is wrong."""
    try:
        call = _extended(code, form, person)
    except Invalid as refused:
        return _shown(request, code, form.refused(refused), refused.status)
    said = gettext("“{title}”的时间已延长，并已发函告知。", title=call.title)
    return redirect(request, f"/office/calls/{quote(call.code)}", notice=said)


def _extended(code: str, form: Form, person: Person) -> Call:
    later = Later(
        closes_at=moment_in(form, "closes_at", gettext(Window.APPLICATION.title), required=False),
        recommend_by=moment_in(form, "recommend_by", gettext(Window.RECOMMENDATION.title), required=False),
        reasons=form.value("reasons"),
    )
    with transaction() as session:
        call = by_code(session, code)
        if form.faults:
            raise Invalid(faults=_with(form.faults, faults_of(call, later)))
        extend(session, code, later, by=person)
        return call


def _with(unread: list[Fault], judged: list[Fault]) -> list[Fault]:
    """Add to what cannot be read what is wrong elsewhere; a field that cannot be read is not judged twice."""
    known = {fault.field for fault in unread}
    return unread + [fault for fault in judged if fault.field not in known]


def _shown(request: Request, code: str, form: Form, status: int = 200) -> Response:
    with reading() as session:
        call = by_code(session, code)
    context = ExtensionPage(
        form=form,
        call=call,
        windows=windows(call),
        longest=LONGEST_REASONS,
        crumbs=[
            Crumb(gettext("批次管理"), "/office/calls"),
            Crumb(call.code, f"/office/calls/{quote(call.code)}"),
            Crumb(gettext("延长时间")),
        ],
    )
    return page(request, "office/extension.html", context, status=status)
