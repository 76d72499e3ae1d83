"""The collective decision: the department's own page, which decides every open case of a call in one list."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Request
from starlette.responses import Response

from casework.calls import all_calls, by_code
from casework.collective import Item, awaiting, decide_together
from casework.people import Person
from casework.summary import Standing, summary_of
from core.addresses import Words, maybe_identity
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid
from core.i18n import gettext, marked
from flows.gateway import ring
from models.application import Call
from models.case import Assignment
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.meeting_fields import kind_options, sitting_of
from pages.office_summary import SummaryLine, line_of
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.session import Holding
from pages.submission import Submitted
from regulation.definition import BY_KEY
from regulation.outcomes import Outcome
from regulation.policy import policy_of
from regulation.roles import Role

router = APIRouter()

Decider = Annotated[Person, Depends(Holding(Role.DECIDER))]
TITLE = marked("集体审定")
CERTIFICATION = BY_KEY["certification"]


@dataclass(frozen=True)
class CallsPage:
    """The calls with cases that wait for the department."""

    rows: list[tuple[Call, int]]


@dataclass(frozen=True)
class Line:
    """One case on the list, and the fields that decide it."""

    duty: UUID
    line: SummaryLine
    choice: str
    reasons: str


@dataclass(frozen=True)
class MeetingPage:
    """Every open case of a call, best first."""

    call: Call
    lines: list[Line]
    outcomes: list[Option]
    kinds: list[Option]
    required: bool
    form: Form
    refusal: str
    crumbs: list[Crumb]


@router.get("/meetings")
def calls(request: Request, person: Decider) -> Response:
    """List the calls with cases that wait for a decision."""
    del person
    with reading() as session:
        counted = [(call, len(awaiting(session, call))) for call in all_calls(session)]
    return page(request, "reviewer/meetings.html", CallsPage([row for row in counted if row[1]]))


@router.get("/meetings/{code}")
def blank(request: Request, code: Words, person: Decider) -> Response:
    """Show the list."""
    return _shown(request, code, person, View())


@router.post("/meetings/{code}")
def decide(request: Request, code: Words, form: Submitted, person: Decider, after: BackgroundTasks) -> Response:
    """Decide everything that was chosen, or nothing."""
    duties, items = _items(form)
    sitting = sitting_of(form)
    try:
        with transaction() as session:
            made = decide_together(session, by_code(session, code), items, sitting, by=person)
            cases = [decision.case_id for decision in made]
    except Invalid as refused:
        faults = [Fault(_field(fault.field, duties), gettext(fault.message)) for fault in refused.faults]
        known = {fault.field for fault in form.faults}
        form.faults += [fault for fault in faults if fault.field not in known]
        form.sentence = gettext("有内容需要更正，全部结论均未记录。")
        return _shown(request, code, person, View(form, status=refused.status))
    except Conflict as late:
        return _shown(request, code, person, View(form, late.sentence(), late.status))
    for case_id in cases:
        after.add_task(ring, case_id)
    return redirect(request, f"/meetings/{code}", notice=gettext("已记录 {n} 项审定结论。", n=len(cases)))


def _items(form: Form) -> tuple[list[UUID], list[Item]]:
    """Read the lines that were decided; one that was left stays open."""
    chosen = [(maybe_identity(duty), duty) for duty in form.values_of("duties")]
    items, duties = [], []
    for known, duty in chosen:
        given = form.value(f"outcome-{duty}")
        if known and given in set(CERTIFICATION.outcomes):
            duties.append(known)
            items.append(Item(known, Outcome(given), form.value(f"reasons-{duty}")))
    return duties, items


def _field(name: str, duties: list[UUID]) -> str:
    """Return the field of the page that a fault is about: `items.2.reasons` is that line's reasons."""
    parts = name.split(".")
    if parts[0] != "items" or len(parts) < 3 or not parts[1].isdigit():
        return name
    return f"{parts[2]}-{duties[int(parts[1])]}"


def _shown(request: Request, code: str, person: Person, view: View) -> Response:
    with reading() as session:
        call = by_code(session, code)
        waiting = {case.id: duty for duty, case in awaiting(session, call)}
        standings = summary_of(session, call, by=person) if waiting else []
    context = MeetingPage(
        call=call,
        lines=[_line(waiting[one.case.id], one, view.form) for one in standings if one.case.id in waiting],
        outcomes=[Option(str(outcome), gettext(words)) for outcome, words in CERTIFICATION.outcomes.items()],
        kinds=kind_options(),
        required=bool(policy_of(call.policy).minutes_required),
        form=view.form,
        refusal=view.refusal,
        crumbs=[Crumb(gettext(TITLE), "/meetings"), Crumb(call.code)],
    )
    return page(request, "reviewer/meeting.html", context, status=view.status)


def _line(duty: Assignment, one: Standing, form: Form) -> Line:
    return Line(duty.id, line_of(one), form.value(f"outcome-{duty.id}"), form.value(f"reasons-{duty.id}"))
