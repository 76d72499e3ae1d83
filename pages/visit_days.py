"""Arranging a visit: days are offered, picked or declined, moved and called off; and the entry for one's calendar."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.people import Person
from casework.visits import appointments
from casework.visits.arranging import MOST
from casework.visits.calendars import NAME, PUBLISH, entry_of
from casework.visits.telling import about
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned, NotFound
from core.i18n import gettext, marked
from pages.case_pages import File
from pages.downloads import download
from pages.forms import Form
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.session import SignedIn
from pages.submission import Submitted
from pages.visit_days_page import arrangement_for, visit_days_page

router = APIRouter()

DAYS, NOTE, REASONS = marked("日期"), marked("说明"), marked("理由")
UNKNOWN = marked("请从页面上的按钮办理。")


@router.get("/cases/{reference}/visit")
def show(request: Request, reference: Words, person: SignedIn) -> Response:
    """Show where the arranging of the visit stands."""
    return _shown(request, reference, person, View())


@router.get("/cases/{reference}/visit.ics")
def entry(reference: Words, person: SignedIn) -> Response:
    """Give the agreed day as a calendar entry."""
    with reading() as session:
        file, there = arrangement_for(session, reference, person)
        if not there.agreed:
            raise NotFound
        content = entry_of(there.agreed, PUBLISH, about(session, file.case))
    return download(content, NAME, "text/calendar; charset=utf-8")


@router.post("/cases/{reference}/visit")
def act(request: Request, reference: Words, form: Submitted, person: SignedIn) -> Response:
    """Offer days, pick one, decline them, move the visit or call it off; refused, the page is shown again."""
    with reading() as session:
        file, _ = arrangement_for(session, reference, person)
    try:
        do, said = ACTS.get(form.value("act")) or _unknown()
        with transaction() as session:
            do(session, file, form, person)
    except NotAssigned:
        raise
    except Invalid as refused:
        return _shown(request, reference, person, View(form.refused(_translated(refused)), status=refused.status))
    except Conflict as late:
        return _shown(request, reference, person, View(form, late.sentence(), late.status))
    return redirect(request, f"/cases/{reference}/visit", notice=gettext(said))


def _offer(session: Session, file: File, form: Form, person: Person) -> None:
    days = [form.day(f"day{n}", DAYS, required=False) for n in range(1, MOST + 1)]
    note = form.text("note", NOTE, required=False, longest=500)
    form.refuse_faults()
    appointments.offer(session, file.case.id, [day for day in days if day], note, by=person)


def _accept(session: Session, file: File, form: Form, person: Person) -> None:
    appointments.accept(session, file.case.id, form.day("day", DAYS, required=False), by=person)


def _decline(session: Session, file: File, form: Form, person: Person) -> None:
    days = [form.day(f"proposed{n}", DAYS, required=False) for n in range(1, 4)]
    reasons = form.text("reasons", REASONS, required=False, longest=500)
    form.refuse_faults()
    appointments.decline(session, file.case.id, reasons, [day for day in days if day], by=person)


def _move(session: Session, file: File, form: Form, person: Person) -> None:
    day = form.day("day", DAYS)
    form.refuse_faults()
    appointments.move(session, file.case.id, day, form.value("reasons"), by=person)


def _cancel(session: Session, file: File, form: Form, person: Person) -> None:
    appointments.cancel(session, file.case.id, form.value("reasons"), by=person)


Act = Callable[[Session, File, Form, Person], None]
ACTS: dict[str, tuple[Act, str]] = {
    "offer": (_offer, marked("日期已提供，已通知申报单位选择。")),
    "accept": (_accept, marked("考察日期已确定，日历文件已发送给双方。")),
    "decline": (_decline, marked("已答复，考察组将另行提供日期。")),
    "move": (_move, marked("已改期，日历更新已发送给双方。")),
    "cancel": (_cancel, marked("已取消，日历取消通知已发送给双方。")),
}


def _unknown() -> tuple[Act, str]:
    raise Invalid(UNKNOWN)


def _translated(refused: Invalid) -> Invalid:
    faults = [type(fault)(fault.field, gettext(fault.message)) for fault in refused.faults]
    return Invalid(refused.message, faults=faults, **refused.values)


def _shown(request: Request, reference: str, person: Person, view: View) -> Response:
    with reading() as session:
        context = visit_days_page(session, reference, person, view)
    return page(request, "case/visit-days.html", context, status=view.status)
