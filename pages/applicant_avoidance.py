"""The applicant names experts to be avoided, with reasons, before the panel is drawn."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.experts.avoiding import MOST, Avoided, ask_to_avoid, asked_for, may_still_ask
from casework.people import Person
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned
from core.i18n import gettext
from pages.account import spoken
from pages.case_pages import File, opened, way_to
from pages.forms import Form
from pages.kit import Crumb
from pages.rendering import page, redirect
from pages.session import SignedIn
from pages.submission import Submitted

router = APIRouter()

PATH = "/cases/{reference}/avoidance"


@dataclass(frozen=True)
class AvoidancePage:
    """Whom the applicant asked to be avoided, and the form while one may still ask."""

    file: File
    asked: list[tuple[str, str]]
    rows: list[Form]
    open: bool
    form: Form
    crumbs: list[Crumb]


@router.get(PATH)
def show(request: Request, reference: Words, person: SignedIn) -> Response:
    """Show what was asked, and offer the form."""
    return _page(request, reference, person, Form.of())


@router.post(PATH)
def take(request: Request, reference: Words, form: Submitted, person: SignedIn) -> Response:
    """Take the request; refused, the page is shown again with everything that is wrong."""
    asked = [Avoided(row.value("name"), row.value("reason")) for row in form.rows("avoided", most=MOST)]
    given = [one for one in asked if one.name.strip() or one.reason.strip()]
    try:
        with transaction() as session:
            case_id = opened(session, reference, person).case.id
            ask_to_avoid(session, case_id, given, by=person)
    except NotAssigned:
        raise
    except Invalid as refused:
        return _page(request, reference, person, form.refused(spoken(refused)), refused.status)
    except Conflict as refused:
        form.sentence = refused.sentence()
        return _page(request, reference, person, form, refused.status)
    return redirect(request, PATH.format(reference=reference), notice=gettext("已提交，由继教办处理。"))


def _page(request: Request, reference: str, person: Person, form: Form, status: int = 200) -> Response:
    with reading() as session:
        file = opened(session, reference, person)
        if not file.sight.owner:
            raise NotAssigned
        asked = asked_for(session, file.case)
        possible = may_still_ask(session, file.case) and len(asked) < MOST
    context = AvoidancePage(
        file=file,
        asked=asked,
        rows=[form.row("avoided", number) for number in range(MOST - len(asked))],
        open=possible,
        form=form,
        crumbs=[*way_to(file), Crumb(file.case.reference, file.address), Crumb(gettext("申请回避专家"))],
    )
    return page(request, "applicant/avoidance.html", context, status=status)
