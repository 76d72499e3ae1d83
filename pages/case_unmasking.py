"""Asking to see the personal data of a case, and looking through who saw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from casework.people import Person
from casework.unmasking import LONGEST_REASON, OVERSEERS, unmask, unmaskings
from core.addresses import Words
from core.clock import local
from core.db import reading, transaction
from core.errors import Invalid
from core.i18n import gettext, marked
from models.case import Case
from models.person import User
from models.unmasking import Unmasking
from pages.case_pages import case_page, opened
from pages.kit import Column
from pages.rendering import page, redirect
from pages.session import Holding, SignedIn
from pages.submission import Submitted

router = APIRouter()

Overseer = Annotated[Person, Depends(Holding(*OVERSEERS))]
SHOWN = marked("个人信息显示至 {until}，已记录。")


@dataclass(frozen=True)
class ListPage:
    """Who saw personal data, the latest first; `wanted`: of which case, empty for all."""

    rows: Sequence[tuple[Unmasking, Case, User]]
    columns: list[Column]
    wanted: str


@router.post("/cases/{reference}/unmasking")
def ask(request: Request, reference: Words, form: Submitted, person: SignedIn) -> Response:
    """Show the personal data for a while, on the page of the newest papers; refused, the case says why."""
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
    return redirect(request, f"/cases/{reference}", notice=gettext(SHOWN, until=f"{local(shown.until):%H:%M}"))


@router.get("/office/unmaskings")
def listed(request: Request, person: Overseer) -> Response:
    """List who saw personal data and why."""
    wanted = request.query_params.get("case", "").strip()
    titles = (marked("时间"), marked("人员"), marked("申报编号"), marked("事由"))
    with reading() as session:
        rows = unmaskings(session, wanted, by=person)
    context = ListPage(rows, [Column(gettext(title)) for title in titles], wanted)
    return page(request, "office/unmaskings.html", context)
