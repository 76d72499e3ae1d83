"""Asking to see the personal data of a case, and looking through who saw them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from casework.people import Person
from casework.unmasking import LONGEST_REASON, OVERSEERS, Looked, UnmaskingSearch, unmask, unmaskings
from core.addresses import Words, words
from core.db import reading, transaction
from core.errors import Invalid
from core.i18n import gettext, marked
from pages.case_pages import case_page, opened
from pages.filters import hour
from pages.kit import Column
from pages.office_lines import LONGEST_CURSOR
from pages.rendering import local_path, page, redirect
from pages.session import Holding, SignedIn
from pages.submission import Submitted

router = APIRouter()

Overseer = Annotated[Person, Depends(Holding(*OVERSEERS))]
SHOWN = marked("个人信息显示至 {until}，已记录。")


COLUMNS = (marked("时间"), marked("人员"), marked("申报编号"), marked("事由"))


@dataclass(frozen=True)
class ListPage:
    """Who saw personal data, the latest first."""

    rows: list[Looked]
    columns: list[Column]
    search: UnmaskingSearch
    next: str


@router.post("/cases/{reference}/unmasking")
def ask(request: Request, reference: Words, form: Submitted, person: SignedIn) -> Response:
    """Show the personal data for a while, on the page from which it was asked; refused, the case says why."""
    with reading() as session:
        case_id = opened(session, reference, person).case.id
    try:
        purpose = form.text("purpose", marked("事由"), longest=LONGEST_REASON)
        form.refuse_faults()
        with transaction() as session:
            shown = unmask(session, case_id, purpose, by=person)
    except Invalid as refused:
        form.sentence = refused.sentence()
        with reading() as session:
            context = case_page(session, opened(session, reference, person), form)
        return page(request, "case/case.html", context, status=refused.status)
    back = local_path(form.value("back"), f"/cases/{reference}")
    return redirect(request, back, notice=gettext(SHOWN, until=hour(shown.until)))


@router.get("/office/unmaskings")
def listed(request: Request, person: Overseer) -> Response:
    """List who saw personal data and why."""
    query = request.query_params
    asked = words(query.get("person", "")), words(query.get("case", ""))
    search = UnmaskingSearch(*asked, query.get("after", "")[:LONGEST_CURSOR])
    with reading() as session:
        found = unmaskings(session, search, by=person)
    context = ListPage(found.rows, [Column(gettext(title)) for title in COLUMNS], search, found.next)
    return page(request, "office/unmaskings.html", context)
