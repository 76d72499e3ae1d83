"""Making a list public: which cases, from which day; how the last day is counted is shown before anything is final."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from casework.calls import by_code
from casework.people import Person
from casework.public_lists import (
    PublicList,
    Waiting,
    counted_days,
    last_contact,
    list_of,
    lists,
    next_working_day,
    waiting,
    waiting_by_call,
)
from casework.publicity import NewPublicity, period, publicise
from core.addresses import Words, maybe_identity
from core.clock import today
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid
from core.i18n import gettext, marked
from flows.gateway import ring
from models.application import Call
from models.publicity import Publicity
from pages.forms import Form
from pages.kit import Column, Crumb
from pages.office_lines import Officer
from pages.public_publicity import list_states
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.submission import Submitted
from regulation.calendar import official
from regulation.policy import policy_of

router = APIRouter()

PUBLISH = "publish"
UNCOUNTED = marked("公示首日或名单有改动，已重新计算公示期，请核对后再次确认发布。")


@dataclass(frozen=True)
class Period:
    """How a publicity that begins on a day is counted; `provisional`: over a year without an official calendar."""

    first_on: date
    last_on: date
    days: list[date]
    count_first: bool
    provisional: bool


@dataclass(frozen=True)
class PublicityPage:
    """What is public, and what waits to be."""

    lists: list[PublicList]
    states: dict[str, tuple[str, str]]
    waiting: list[tuple[Call, int, str]]
    columns: list[Column]


@dataclass(frozen=True)
class NewListPage:
    """The form of a new list."""

    call: Call
    form: Form
    found: list[Waiting]
    period: Period | None
    refusal: str
    crumbs: list[Crumb]


@router.get("/office/publicity")
def overview(request: Request, person: Officer) -> Response:
    """Show the lists, and the calls with cases that wait to be made public."""
    with reading() as session:
        found = waiting_by_call(session, by=person)
        shown = lists(session)
    titles = (marked("公示"), marked("公示期"), marked("状态"), marked("家数"), marked("异议"))
    context = PublicityPage(
        lists=shown,
        states=list_states(),
        waiting=[(call, count, _address(call)) for call, count in found],
        columns=[Column(gettext(title), numeric=title in titles[3:]) for title in titles],
    )
    return page(request, "office/publicity.html", context)


@router.get("/office/publicity/new")
def blank(request: Request, person: Officer, call: Words = "", duty: Words = "") -> Response:
    """Offer the form: every case that waits is chosen, or the one asked for; it begins on the next working day."""
    with reading() as session:
        found = by_code(session, call)
        cases = waiting(session, found, by=person)
        contact = last_contact(session)
    chosen = [str(one.duty.id) for one in cases if duty in {"", str(one.duty.id)}]
    title = f"{found.title}拟认定名单公示"[-100:]
    first = {"title": title, "first_on": next_working_day(today()).isoformat(), "duties": chosen, "contact": contact}
    return _shown(request, found.code, person, View(Form.of(first)))


@router.post("/office/publicity/new")
def take(request: Request, form: Submitted, person: Officer, after: BackgroundTasks, call: Words = "") -> Response:
    """Count the period and show it; publish the list once the very days that were shown are confirmed."""
    first_on = form.day("first_on", gettext("公示首日"))
    if form.value("step") != PUBLISH:
        return _shown(request, call, person, View(form))
    if form.value("counted") != (first_on.isoformat() if first_on else ""):
        return _shown(request, call, person, View(form, gettext(UNCOUNTED), 409))
    try:
        publicity, cases = _published(form, first_on, person)
    except Invalid as refused:
        return _shown(request, call, person, View(form.refused(refused), status=refused.status))
    except Conflict as late:
        return _shown(request, call, person, View(form, late.sentence(), late.status))
    for case_id in cases:
        after.add_task(ring, case_id)
    notice = gettext("公示已发布，公示期至 {last}。", last=publicity.last_on.isoformat())
    return redirect(request, f"/publicity/{publicity.id}", notice=notice)


def _published(form: Form, first_on: date | None, person: Person) -> tuple[Publicity, list[UUID]]:
    chosen = [known for known in map(maybe_identity, form.values_of("duties")) if known]
    contact = form.text("contact", gettext("异议受理部门和联系方式"), longest=300)
    new = NewPublicity(form.value("title"), first_on, chosen, contact)
    with transaction() as session:
        try:
            publicity = publicise(session, new, by=person)
        except Invalid as refused:
            known = {fault.field for fault in form.faults}
            form.faults += [Fault(f.field, gettext(f.message)) for f in refused.faults if f.field not in known]
            raise Invalid(faults=form.faults) from refused
        form.refuse_faults()
        return publicity, [one.case.id for one in list_of(session, publicity.id)[1]]


def _shown(request: Request, code: str, person: Person, view: View) -> Response:
    form = view.form
    with reading() as session:
        call = by_code(session, code)
        found = waiting(session, call, by=person)
    context = NewListPage(
        call=call,
        form=form,
        found=found,
        period=period_from(call, form.day("first_on", gettext("公示首日"), required=False)),
        refusal=view.refusal,
        crumbs=[Crumb(gettext("公示管理"), "/office/publicity"), Crumb(gettext("发布公示"))],
    )
    return page(request, "office/publicity-new.html", context, status=view.status)


def period_from(call: Call, first_on: date | None) -> Period | None:
    """Count the publicity of a call from a day that offices work on; None for one that they don't."""
    policy = policy_of(call.policy)
    if not first_on or not official().is_working(first_on):
        return None
    reckoned = period(policy, first_on)
    days = counted_days(policy, first_on)
    return Period(first_on, reckoned.day, days, bool(policy.count_first_day), reckoned.provisional)


def _address(call: Call) -> str:
    return f"/office/publicity/new?{urlencode({'call': call.code})}"
