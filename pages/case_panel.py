"""The panel of a case: its resolution on paper, and two more experts where one reviewer alone tips the result."""

from dataclasses import dataclass

from fastapi import APIRouter, BackgroundTasks, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.access import require
from casework.cases import open_round
from casework.enlarging import enlarge_panel, further_experts, why_not
from casework.people import Person
from casework.resolution import resolution, resolution_name
from core.addresses import Words, maybe_identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotFound
from core.i18n import gettext, marked
from flows.gateway import ring
from pages.case_pages import File, opened, way_to
from pages.downloads import download
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.rendering import page, redirect
from pages.session import SignedIn
from pages.submission import Submitted
from regulation.roles import Role

router = APIRouter()

BUSY = marked("{name}（未办 {n} 项）")


@dataclass(frozen=True)
class EnlargingPage:
    """Whom the office may ask in addition; `refusal` says why nobody."""

    file: File
    refusal: str
    options: list[Option]
    form: Form
    crumbs: list[Crumb]


@router.get("/cases/{reference}/resolutions/{number}")
def on_paper(reference: Words, number: Words, person: SignedIn) -> Response:
    """Give the committee's resolution to whoever may know its names."""
    with reading() as session:
        file = opened(session, reference, person)
        if not (file.sight.names and file.sight.all_reviews) or not (number.isascii() and number.isdigit()):
            raise NotFound
        paper = resolution(session, file.case, int(number[:6]))
    return download(paper, resolution_name(file.case, int(number[:6])))


@router.get("/cases/{reference}/panel")
def show(request: Request, reference: Words, person: SignedIn) -> Response:
    """Offer the experts who could be asked in addition."""
    require(person, Role.OFFICE)
    return _shown(request, reference, person, Form.of())


@router.post("/cases/{reference}/panel")
def enlarge(request: Request, reference: Words, form: Submitted, person: SignedIn, after: BackgroundTasks) -> Response:
    """Ask two more experts."""
    require(person, Role.OFFICE)
    with reading() as session:
        file = opened(session, reference, person)
    members = [known for known in map(maybe_identity, form.values_of("members")) if known]
    try:
        with transaction() as session:
            enlarge_panel(session, file.case.id, members, by=person)
    except Invalid as refused:
        return _shown(request, reference, person, form.refused(refused), refused.status)
    except Conflict as late:
        form.sentence = late.sentence()
        return _shown(request, reference, person, form, late.status)
    after.add_task(ring, file.case.id)
    return redirect(request, file.address, notice=gettext("已增聘 2 位专家，并已通知。"))


def _shown(request: Request, reference: str, person: Person, form: Form, status: int = 200) -> Response:
    with reading() as session:
        file = opened(session, reference, person)
        refusal, options = _offered(session, file)
    crumbs = [*way_to(file), Crumb(file.case.reference, file.address), Crumb(gettext("增聘专家"))]
    context = EnlargingPage(file, gettext(refusal), options, form, crumbs)
    return page(request, "case/panel.html", context, status=status)


def _offered(session: Session, file: File) -> tuple[str, list[Option]]:
    at = open_round(session, file.case.id)
    if not at or at.stage != "expert-review":
        return gettext("本申报不在专家评审环节。"), []
    refusal = why_not(session, file.case, at)
    able = [] if refusal else [one for one in further_experts(session, at) if not one.conflicts]
    return refusal, [Option(str(one.user.id), gettext(BUSY, name=one.user.name, n=one.open_duties)) for one in able]
