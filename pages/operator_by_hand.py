"""Parts of steps done by hand 人工办理: proposed with a reason, confirmed by a second person, undone until used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from casework.by_hand import (
    ADDRESS,
    CONFIRMERS,
    IRREVOCABLE,
    LONGEST_REASON,
    MEANINGS,
    TITLES,
    confirm,
    is_second,
    listed,
    names_in,
    parts_of,
    propose,
    state_of,
    waivers_of,
    withdraw,
)
from casework.cases import by_reference, held
from casework.people import Person
from casework.run_words import did_in_words, step_in_words
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid
from core.i18n import gettext, marked
from flows.gateway import standing_at
from models.case import Case
from models.operating import StepWaiver
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.operator_stalled import ADDRESS as STALLED
from pages.operator_stalled import Operator
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.session import Holding
from pages.submission import Submitted
from regulation.roles import Role

router = APIRouter()

Confirmer = Annotated[Person, Depends(Holding(*CONFIRMERS))]

OF_A_CASE = ADDRESS + "/cases/{reference}"
PROPOSED = marked("已登记，待另一人确认；确认并重新运行后生效。")
COUNTS = marked("已登记；重新运行后生效。")
MARKS = {
    "withdrawn": (marked("已撤回"), "withdrawn"),
    "used": (marked("已采用"), "done"),
    "counts": (marked("已确认"), "good"),
    "waiting": (marked("待另一人确认"), "waiting"),
}
DONE = {"confirm": marked("已确认，重新运行后生效。"), "withdraw": marked("已撤回。")}


@dataclass(frozen=True)
class WaiverLine:
    """One part done by hand, as it is shown; `mark` is a badge's text and kind."""

    made: StepWaiver
    reference: str
    title: str
    meaning: str
    step: str
    by: str
    second: str
    mark: tuple[str, str]
    href: str
    may_confirm: bool
    may_withdraw: bool


@dataclass(frozen=True)
class ByHandPage:
    """Everything that was done by hand, what waits first."""

    lines: list[WaiverLine]
    operating: bool
    crumbs: list[Crumb]


@dataclass(frozen=True)
class CasePage:
    """What may be done by hand at the step where a case stands still, and what was."""

    case: Case
    step: str
    parts: list[Option]
    form: Form
    refusal: str
    longest: int
    lines: list[WaiverLine]
    crumbs: list[Crumb]


@router.get(ADDRESS)
def show(request: Request, person: Confirmer) -> Response:
    """List what was done by hand."""
    with reading() as session:
        found = listed(session)
        names = names_in(session, [made for made, _ in found])
    lines = [_line(made, case.reference, names, person) for made, case in found]
    context = ByHandPage(lines, person.has(Role.OPERATOR), [Crumb(gettext("人工办理"))])
    return page(request, "operator/by-hand.html", context)


@router.post(ADDRESS + "/{waiver_id}")
def decide(request: Request, waiver_id: Words, form: Submitted, person: Confirmer) -> Response:
    """Confirm as the second person, or take it back."""
    act = "confirm" if form.value("act") == "confirm" else "withdraw"
    try:
        with transaction() as session:
            (confirm if act == "confirm" else withdraw)(session, identity(waiver_id), by=person)
    except Conflict as refused:
        return redirect(request, ADDRESS, notice=refused.sentence(), kind="bad")
    return redirect(request, ADDRESS, notice=gettext(DONE[act]))


@router.get(OF_A_CASE)
def of_case(request: Request, reference: Words, person: Operator) -> Response:
    """Show what may be done by hand where a case stands still."""
    return _shown(request, reference, person, View(Form.of()))


@router.post(OF_A_CASE)
def propose_for(request: Request, reference: Words, form: Submitted, person: Operator) -> Response:
    """Propose that a part was done by hand."""
    try:
        with transaction() as session:
            case = held(session, by_reference(session, reference).id)
            given = (form.value("part"), form.value("reason"))
            made = propose(session, case, standing_at(case), given, by=person)
    except Invalid as refused:
        return _shown(request, reference, person, View(form.refused(refused), status=refused.status))
    except Conflict as late:
        return _shown(request, reference, person, View(form, late.sentence(), late.status))
    sentence = COUNTS if made.confirmed_at else PROPOSED
    return redirect(request, OF_A_CASE.format(reference=reference), notice=gettext(sentence))


def _shown(request: Request, reference: str, person: Person, view: View) -> Response:
    with reading() as session:
        case = by_reference(session, reference)
        made = waivers_of(session, case.id)
        names = names_in(session, made)
    at = standing_at(case)
    context = CasePage(
        case=case,
        step=did_in_words(at.did) if at else "",
        parts=[_option(part) for part in parts_of(at)],
        form=view.form,
        refusal=view.refusal,
        longest=LONGEST_REASON,
        lines=[_line(one, reference, names, person) for one in made],
        crumbs=[Crumb(gettext("停滞事项"), STALLED), Crumb(gettext("人工办理"), ADDRESS), Crumb(reference)],
    )
    return page(request, "operator/by-hand-case.html", context, status=view.status)


def _option(part: str) -> Option:
    two = gettext("须另一人确认。") if part in IRREVOCABLE else ""
    return Option(part, gettext(TITLES[part]), gettext(MEANINGS[part]) + two)  # type: ignore[index]


def _line(made: StepWaiver, reference: str, names: Mapping[UUID, str], person: Person) -> WaiverLine:
    state = state_of(made)
    title, look = MARKS[state]
    return WaiverLine(
        made=made,
        reference=reference,
        title=gettext(TITLES[made.part]),
        meaning=gettext(MEANINGS[made.part]),
        step=step_in_words(made.step),
        by=names[made.proposed_by],
        second=names[second] if (second := made.confirmed_by or made.withdrawn_by) else "",
        mark=(gettext(title), look),
        href=f"{ADDRESS}/{made.id}",
        may_confirm=state == "waiting" and is_second(made, person),
        may_withdraw=state in {"waiting", "counts"},
    )
