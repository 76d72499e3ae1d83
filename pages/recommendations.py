"""A recommending body's room: the order of its files in a call, its waiting list, and the papers it sends."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.calls import by_code
from casework.people import Person
from casework.recommending import documents
from casework.recommending.documents import Recommended, recommended_by
from casework.recommending.ranks import arrange, files_of
from casework.recommending.waiting import wait
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned, NotFound
from core.i18n import gettext
from core.spreadsheets import MEDIA_TYPE
from models.application import Call
from models.organisation import Organisation
from pages.downloads import download
from pages.forms import Form
from pages.recommendation_pages import address_of, calls_page, field_of, recommendations_page
from pages.rendering import page, redirect
from pages.session import Holding
from pages.submission import Submitted
from regulation.roles import Role

router = APIRouter()

PDF = "application/pdf"
PAPERS: dict[str, tuple[Callable[[Recommended], bytes], str, str]] = {
    "letter.pdf": (documents.letter, documents.TITLE, PDF),
    "summary.pdf": (documents.summary, documents.SUMMARY, PDF),
    "summary.xlsx": (documents.summary_sheet, documents.SUMMARY, MEDIA_TYPE),
}
"""What can be taken away, by the last piece of its address: how it is made, what it is called, its media type."""


Recommender = Annotated[Person, Depends(Holding(Role.RECOMMENDER))]


@router.get("/recommendations")
def calls(request: Request, person: Recommender) -> Response:
    """List the calls in which the body has files."""
    with reading() as session:
        context = calls_page(session, person)
    return page(request, "recommender/calls.html", context)


@router.get("/recommendations/{code}")
def show(request: Request, code: Words, person: Recommender) -> Response:
    """Show the body's files in a call, in their order."""
    return _shown(request, code, person, Form.of())


@router.post("/recommendations/{code}")
def order(request: Request, code: Words, form: Submitted, person: Recommender) -> Response:
    """Change the order: every number at once, or one file by one place up or down."""
    try:
        with transaction() as session:
            call = by_code(session, code)
            moved = arrange(session, call, _wanted(session, call, form, person), by=person)
    except Invalid as refused:
        return _shown(request, code, person, form.refused(refused), refused.status)
    said = gettext("推荐排序已保存。") if moved else gettext("推荐排序没有变化。")
    return redirect(request, address_of(call), notice=said)


@router.get("/recommendations/{code}/{paper}")
def take_away(code: Words, paper: Words, person: Recommender) -> Response:
    """Give the letter of recommendation, or the summary table as PDF or spreadsheet."""
    if paper not in PAPERS:
        raise NotFound
    make, title, kind = PAPERS[paper]
    with reading() as session:
        given = recommended_by(session, by_code(session, code), session.get_one(Organisation, person.organisation_id))
    return download(make(given), documents.filename(given, title, paper.rpartition(".")[2]), kind)


@router.post("/duties/{assignment_id}/waiting")
def put_on_list(request: Request, assignment_id: Words, form: Submitted, person: Recommender) -> Response:
    """Put a file on the waiting list because no place is left."""
    del form
    wanted = identity(assignment_id)
    try:
        with transaction() as session:
            place = wait(session, wanted, by=person).place
    except NotAssigned:
        raise
    except Conflict as refused:
        return redirect(request, f"/duties/{wanted}", notice=refused.sentence(), kind="warn")
    return redirect(request, f"/duties/{wanted}", notice=gettext("已列入候补，第 {n} 位。", n=place))


def _shown(request: Request, code: str, person: Person, form: Form, status: int = 200) -> Response:
    with reading() as session:
        context = recommendations_page(session, by_code(session, code), person, form)
    return page(request, "recommender/recommendations.html", context, status=status)


def _wanted(session: Session, call: Call, form: Form, person: Person) -> dict[str, int | None]:
    """Read the numbers; a button that moves one file comes before them."""
    files = [one for one in files_of(session, call.id, person.organisation_id) if one.place]
    direction, _, moved = form.value("move").partition(":")
    if direction in {"up", "down"}:
        step = -1 if direction == "up" else 1
        return {one.case.reference: max(1, one.place + step) for one in files if one.case.reference == moved}
    given = {
        one.case.reference: form.integer(field_of(one), one.case.reference, required=False, between=(1, 9999))
        for one in files
    }
    form.refuse_faults()
    return {reference: place for reference, place in given.items() if place}
