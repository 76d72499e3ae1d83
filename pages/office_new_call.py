"""Opening a call: its words, its window in Beijing time, and every parameter of the policy with its source."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_type_hints

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.calls import NewCall, open_call
from casework.people import Person
from core.clock import HUBEI, local, now
from core.db import transaction
from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from models.application import Call
from pages.forms import Form
from pages.kit import Crumb
from pages.office_lines import Officer
from pages.public_sources import cited
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.policy import Parameter, Policy, parameters

router = APIRouter()

USUAL = timedelta(days=45)
YEARS = range(2015, 2100)
LONGEST_NOTICE = 5000
MOST = 10_000
KINDS = get_type_hints(Policy)
"""Whole numbers, or numbers with a fraction."""
NO_MOMENT = marked("{label}应填写真实存在的日期和时间，例如 2026-11-24 09:00。")


@dataclass(frozen=True)
class Asked:
    """One parameter in the form."""

    name: str
    title: str
    unit: str
    source: str
    assumed: bool


@dataclass(frozen=True)
class NewCallPage:
    """The form."""

    form: Form
    asked: list[Asked]
    longest: int
    crumbs: list[Crumb]


@router.get("/office/calls/new")
def blank(request: Request, person: Officer) -> Response:
    """Offer the form, with the usual window and the policy as the regulation has it."""
    del person
    opens = (local(now()) + timedelta(days=1)).replace(hour=9, minute=0)
    closes = (opens + USUAL).replace(hour=18)
    policy = {_name(one): f"{one.value:g}" for one in parameters(Policy())}
    form = Form.of({"opens_at": f"{opens:%Y-%m-%dT%H:%M}", "closes_at": f"{closes:%Y-%m-%dT%H:%M}"} | policy)
    return _shown(request, form)


@router.post("/office/calls/new")
def take(request: Request, form: Submitted, person: Officer) -> Response:
    """Open the call, or show the form again with everything that is wrong with it."""
    try:
        call = _opened(form, person)
    except Invalid as refused:
        return _shown(request, form.refused(refused), status=refused.status)
    return redirect(request, f"/office/calls/{call.code}", notice=gettext("批次“{title}”已开通。", title=call.title))


def _opened(form: Form, person: Person) -> Call:
    """Gather the faults of reading and of the call itself before refusing; what cannot be read is not judged twice."""
    notice = form.text("notice", gettext("申报通知"), required=False, longest=LONGEST_NOTICE)
    opens = _moment(form, "opens_at", gettext("开始时间"))
    closes = _moment(form, "closes_at", gettext("截止时间"))
    window = (opens, closes) if opens and closes else (now(), now() + USUAL)
    new = NewCall(form.value("code"), form.value("title"), notice, *window, policy=_policy(form))
    with transaction() as session:
        try:
            call = open_call(session, new, by=person)
        except Invalid as refused:
            form.faults += [Fault(fault.field, gettext(fault.message)) for fault in refused.faults]
            raise Invalid(faults=form.faults) from refused
        form.refuse_faults()
        return call


def _policy(form: Form) -> Policy:
    """Read the parameters; in place of one that cannot be read stands its default, and its fault is noted."""
    given: dict[str, float | None] = {}
    for one in parameters(Policy()):
        label = f"“{gettext(one.title)}”"
        if KINDS[one.key] is int:
            given[one.key] = form.integer(_name(one), label, between=(0, MOST))
        else:
            mark = form.decimal(_name(one), label, places=1)
            given[one.key] = None if mark is None else float(mark)
    return Policy(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]


def _moment(form: Form, name: str, label: str) -> datetime | None:
    given = form.text(name, label, longest=40)
    try:
        moment = datetime.fromisoformat(given.replace(" ", "T"))
    except ValueError:
        moment = None
    if moment and moment.year in YEARS and not moment.tzinfo:
        return moment.replace(tzinfo=HUBEI)
    if given:
        form.fault(name, NO_MOMENT, label=label)
    return None


def _shown(request: Request, form: Form, status: int = 200) -> Response:
    context = NewCallPage(
        form=form,
        asked=[
            Asked(_name(one), gettext(one.title), gettext(one.unit), cited(one.source), one.assumed)
            for one in parameters(Policy())
        ],
        longest=LONGEST_NOTICE,
        crumbs=[Crumb(gettext("批次管理"), "/office/calls"), Crumb(gettext("开通新批次"))],
    )
    return page(request, "office/new-call.html", context, status=status)


def _name(parameter: Parameter) -> str:
    """Return a parameter's field; a fault called `policy.panel_size` finds it."""
    return f"policy-{parameter.key}"
