"""The policy's parameters: what holds, since when and on what ground, what was recorded, and the next value by two."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from casework.access import OVERSEERS
from casework.people import Person
from casework.policies import HANDLERS, LONGEST_CITATION, NewValue, policy_on, propose_value
from casework.policy_rulings import (
    LONGEST_ANSWER,
    Change,
    changes_of,
    confirm,
    decline,
    may_decide,
    may_withdraw,
    withdraw,
)
from core.addresses import Words, identity
from core.clock import today
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, NotFound
from core.i18n import gettext, marked
from models.call import PolicyChange
from pages.forms import Form
from pages.kit import Column, Crumb, Option, Tile
from pages.office_lines import Officer
from pages.public_sources import Rule, RuleChapter, cited, rules
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.session import Holding
from pages.submission import Submitted
from regulation.policy import PARAMETERS, is_whole
from regulation.provenance import Source
from regulation.roles import Role
from regulation.sourced import SourcedPolicy

router = APIRouter()

Reader = Annotated[Person, Depends(Holding(*OVERSEERS))]
Handler = Annotated[Person, Depends(Holding(*HANDLERS))]

MOST = 10_000
DONE = {
    "confirm": marked("新数值已确认，自施行日期起开始申报的批次采用。"),
    "decline": marked("提议已退回，数值不变。"),
    "withdraw": marked("提议已撤回，数值不变，可以重新提出。"),
}
HISTORY = (marked("施行日期"), marked("数值"), marked("依据"), marked("提出"), marked("办理"))


def answer_to(change_id: UUID) -> str:
    """Return the field in which a proposal is answered."""
    return f"answer-{change_id}"


@dataclass(frozen=True)
class ChangeLine:
    """One recorded value, as its parameter's page shows it; `mark` is a badge's text and kind."""

    told: Change
    value: str
    ground: str
    mark: tuple[str, str]
    may_decide: bool
    may_withdraw: bool
    overtaken_by: str

    @property
    def change(self) -> PolicyChange:
        """What was recorded."""
        return self.told.change

    @property
    def answer(self) -> str:
        """The field in which it is answered; several proposals may wait on one page."""
        return answer_to(self.change.id)


@dataclass(frozen=True)
class PolicyPage:
    """Every parameter with what it rests on; `to_come` waits for a second person, or for its day."""

    chapters: list[RuleChapter]
    columns: list[Column]
    tiles: list[Tile]
    to_come: Mapping[str, list[ChangeLine]]
    crumbs: list[Crumb]


@dataclass(frozen=True)
class ParameterPage:
    """One parameter: what holds, what waits for a second person, its history, and the form for its next value."""

    rule: Rule
    form: Form
    refusal: str
    waiting: list[ChangeLine]
    history: list[ChangeLine]
    columns: list[Column]
    declared: str
    sources: list[Option]
    longest: int
    longest_answer: int
    may_change: bool
    crumbs: list[Crumb]


@router.get("/office/policy")
def policy(request: Request, person: Reader) -> Response:
    """List the parameters chapter by chapter, the assumed ones marked."""
    with reading() as session:
        standing = policy_on(session, today())
        recorded = changes_of(session, by=person)
    listed = standing.parameters()
    waiting, ahead = [one for one in recorded if one.waiting], [one for one in recorded if one.ahead]
    to_come = [_line(one, person) for one in recorded if one.waiting or one.ahead]
    context = PolicyPage(
        chapters=rules(standing),
        columns=[
            Column(gettext("规则")), Column(gettext("现行数值")), Column(gettext("出处")), Column(gettext("待施行"))
        ],
        tiles=[
            Tile(gettext("政策参数"), str(len(listed)), gettext("开通新批次时采用")),
            Tile(gettext("暂定"), str(sum(one.assumed for one in listed)), gettext("条文和决定均未写明"), mood="warn"),
            Tile(gettext("待确认"), str(len(waiting)), gettext("须由另一人确认"), mood="warn" if waiting else "plain"),
            Tile(gettext("待施行"), str(len(ahead)), gettext("已确认，尚未到施行日期")),
        ],
        to_come={key: [line for line in to_come if line.change.parameter == key] for key in PARAMETERS},
        crumbs=_crumbs(person),
    )  # fmt: skip
    return page(request, "office/policy.html", context)


@router.get("/office/policy/{parameter}")
def one(request: Request, parameter: Words, person: Reader) -> Response:
    """Show one parameter with its history."""
    return _shown(request, parameter, person, View(_blank()))


@router.post("/office/policy/{parameter}")
def change(request: Request, parameter: Words, form: Submitted, person: Officer) -> Response:
    """Propose the next value, or show the form again with everything that is wrong."""
    try:
        _proposed(parameter, form, person)
    except Invalid as refused:
        return _shown(request, parameter, person, View(form.refused(refused), status=refused.status))
    except Conflict as late:
        return _shown(request, parameter, person, View(form, late.sentence(), late.status))
    title = gettext(PARAMETERS[parameter].metadata["title"])
    notice = gettext("“{title}”的新数值已提出，待另一人确认；确认前仍按原数值。", title=title)
    return redirect(request, f"/office/policy/{parameter}", notice=notice)


@router.post("/office/policy/{parameter}/changes/{change_id}")
def rule(request: Request, parameter: Words, change_id: Words, form: Submitted, person: Handler) -> Response:
    """Confirm a proposed value as the second person, or send it back; or withdraw one's own."""
    wanted, act = identity(change_id), form.value("act")
    try:
        with transaction() as session:
            match act:
                case "decline":
                    decline(session, parameter, wanted, form.value(answer_to(wanted)), by=person)
                case "withdraw":
                    withdraw(session, parameter, wanted, by=person)
                case _:
                    confirm(session, parameter, wanted, by=person)
    except Invalid as refused:
        field = answer_to(wanted)
        faults = [Fault(field, one.message) for one in refused.faults]
        blank = _blank(**{field: form.value(field)})
        return _shown(request, parameter, person, View(blank.refused(Invalid(faults=faults)), status=refused.status))
    except Conflict as late:
        return _shown(request, parameter, person, View(_blank(), late.sentence(), late.status))
    return redirect(request, f"/office/policy/{parameter}", notice=gettext(DONE.get(act, DONE["confirm"])))


def _blank(**typed: str) -> Form:
    return Form.of({"source": Source.DECISION.value} | typed)


def _proposed(key: str, form: Form, person: Person) -> None:
    if key not in PARAMETERS:
        raise NotFound
    label = gettext("数值")
    share = None if is_whole(key) else form.decimal("value", label, places=1)
    value = form.integer("value", label, between=(0, MOST)) if is_whole(key) else share
    effective_on = form.day("effective_on", gettext("施行日期"))
    source = form.choice("source", gettext("依据种类"), list(Source))
    citation = form.text("citation", gettext("依据"), longest=LONGEST_CITATION)
    form.refuse_faults()
    with transaction() as session:
        new = NewValue(key, float(value or 0), effective_on or today(), Source(source), citation)
        propose_value(session, new, by=person)


def _shown(request: Request, key: str, person: Person, view: View) -> Response:
    if key not in PARAMETERS:
        raise NotFound
    with reading() as session:
        standing = policy_on(session, today())
        lines = [_line(told, person) for told in changes_of(session, key, by=person)]
    rule = _rule_of(standing, key)
    context = ParameterPage(
        rule=rule,
        form=view.form,
        refusal=view.refusal,
        waiting=[line for line in lines if line.told.waiting],
        history=[line for line in lines if not line.told.waiting],
        columns=[Column(gettext(title)) for title in HISTORY],
        declared=_declared(key),
        sources=[Option(one.value, gettext(one.title)) for one in Source],
        longest=LONGEST_CITATION,
        longest_answer=LONGEST_ANSWER,
        may_change=person.has(Role.OFFICE),
        crumbs=[*_crumbs(person, "/office/policy"), Crumb(rule.title)],
    )
    return page(request, "office/parameter.html", context, status=view.status)


def _crumbs(person: Person, href: str = "") -> list[Crumb]:
    """Lead back to the calls, for whoever may see them."""
    calls = [Crumb(gettext("批次管理"), "/office/calls")] if person.has(Role.OFFICE, Role.AUDITOR) else []
    return [*calls, Crumb(gettext("政策参数"), href)]


def _rule_of(standing: SourcedPolicy, key: str) -> Rule:
    return next(rule for chapter in rules(standing) for rule in chapter.rules if rule.key == key)


def _declared(key: str) -> str:
    """Say which value the regulation itself has, or had before anything was recorded."""
    rule = _rule_of(SourcedPolicy(), key)
    return gettext(
        "{value} {unit}（{source}）", value=rule.value, unit=rule.unit, source=rule.source or gettext("暂定")
    )


def _line(told: Change, person: Person) -> ChangeLine:
    change = told.change
    return ChangeLine(
        told=told,
        value=f"{change.value:,g}",
        ground=gettext("{source}：{citation}", source=gettext(change.source.title), citation=cited(change.citation)),
        mark=_mark(told),
        may_decide=may_decide(told, person),
        may_withdraw=may_withdraw(told, person),
        overtaken_by=gettext("、").join(call.title for call in told.overtaken_by),
    )


def _mark(told: Change) -> tuple[str, str]:
    if told.waiting:
        return (gettext("逾期未确认"), "overdue") if told.late else (gettext("待确认"), "waiting")
    if told.withdrawn:
        return gettext("已撤回"), "withdrawn"
    if not told.confirmed:
        return gettext("未同意"), "refused"
    return (gettext("待施行"), "ahead") if told.ahead else (gettext("已确认"), "done")
