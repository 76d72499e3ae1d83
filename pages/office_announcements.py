"""Composing announcements: what must be announced until when, and the numbered document that does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.calls import by_code
from casework.people import Person
from casework.publication.announcements import NewAnnouncement, Published, announce, announcements, preview
from casework.publication.waiting import DISCLOSED_WITHIN, CallToAnnounce, Unannounced, to_announce, unannounced
from core.addresses import Words
from core.clock import today
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, Unavailable
from core.i18n import gettext, marked
from models.application import Call
from models.publication import Announcement
from pages.downloads import download
from pages.forms import Form
from pages.kit import Column, Crumb
from pages.office_lines import Officer
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.submission import Submitted

router = APIRouter()

LIST = marked("公布管理")
TITLES = (marked("文号"), marked("标题"), marked("成文日期"), marked("家数"))


@dataclass(frozen=True)
class OverviewPage:
    """What waits to be announced, and what was."""

    waiting: list[tuple[CallToAnnounce, str]]
    found: list[Published]
    columns: list[Column]
    days: int


@dataclass(frozen=True)
class ComposingPage:
    """The form of a new announcement."""

    call: Call
    form: Form
    found: list[Unannounced]
    refusal: str
    crumbs: list[Crumb]


@router.get("/office/announcements")
def overview(request: Request, person: Officer) -> Response:
    """Show what waits to be announced with its last day, and the announcements."""
    with reading() as session:
        waiting = to_announce(session, by=person)
        found = announcements(session)
    context = OverviewPage(
        waiting=[(one, _address(one.call)) for one in waiting],
        found=found,
        columns=[Column(gettext(title), numeric=title == TITLES[-1]) for title in TITLES],
        days=DISCLOSED_WITHIN,
    )
    return page(request, "office/announcements.html", context)


@router.get("/office/announcements/new")
def blank(request: Request, person: Officer, call: Words = "") -> Response:
    """Offer the form with everything chosen that waits in a call."""
    with reading() as session:
        found = by_code(session, call)
        waiting = unannounced(session, found, by=person)
    chosen = [one.certificate.number for one in waiting]
    title = "关于公布湖北省专业技术人员继续教育基地名单的通知"
    first = {"title": title, "dated_on": today().isoformat(), "certificates": chosen}
    return _shown(request, found.code, person, View(Form.of(first)))


@router.post("/office/announcements/new")
def take(request: Request, form: Submitted, person: Officer, call: Words = "") -> Response:
    """Announce what was chosen; the institutions are told, the register names the document. Or only look at it."""
    try:
        if form.value("act") == "preview":
            return _previewed(form, call, person)
        made = _announced(form, call, person)
    except Invalid as refused:
        return _shown(request, call, person, View(form.refused(refused), status=refused.status))
    except (Conflict, Unavailable) as late:
        return _shown(request, call, person, View(form, late.sentence(), late.status))
    notice = gettext("已公布。请打印文件、加盖公章后存档。")
    return redirect(request, f"/announcements/{made.id}", notice=notice)


def _announced(form: Form, code: str, person: Person) -> Announcement:
    new = _composed(form)
    with transaction() as session, _faults_of(form):
        return announce(session, by_code(session, code), new, by=person)


def _previewed(form: Form, code: str, person: Person) -> Response:
    """Answer with the document as it would be; nothing is kept."""
    new = _composed(form)
    with reading() as session, _faults_of(form):
        content = preview(session, by_code(session, code), new, by=person)
    return download(content, f"{gettext('预览')}-{code}.pdf")


def _composed(form: Form) -> NewAnnouncement:
    dated_on = form.day("dated_on", gettext("成文日期"))
    return NewAnnouncement(form.value("number"), form.value("title"), dated_on, form.values_of("certificates"))


@contextmanager
def _faults_of(form: Form) -> Iterator[None]:
    """Put the faults of reading and of the announcement together, one a field."""
    try:
        yield
    except Invalid as refused:
        known = {fault.field for fault in form.faults}
        faults = [Fault(f.field, gettext(f.message)) for f in refused.faults if f.field not in known]
        raise Invalid(faults=[*form.faults, *faults]) from refused
    form.refuse_faults()


def _shown(request: Request, code: str, person: Person, view: View) -> Response:
    with reading() as session:
        call = by_code(session, code)
        found = unannounced(session, call, by=person)
    context = ComposingPage(
        call=call,
        form=view.form,
        found=found,
        refusal=view.refusal,
        crumbs=[Crumb(gettext(LIST), "/office/announcements"), Crumb(gettext("起草公布文件"))],
    )
    return page(request, "office/announcement-new.html", context, status=view.status)


def _address(call: Call) -> str:
    return f"/office/announcements/new?{urlencode({'call': call.code})}"
