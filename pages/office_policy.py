"""The policy's parameters: what holds, since when and on what ground, what has been recorded, and the next value."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.people import Person
from casework.policies import LONGEST_CITATION, NewValue, change_policy, changes_of, policy_on
from core.addresses import Words
from core.clock import today
from core.db import reading, transaction
from core.errors import Invalid, NotFound
from core.i18n import gettext, marked
from models.call import PolicyChange
from models.person import User
from pages.forms import Form
from pages.kit import Column, Crumb, Option, Tile
from pages.office_lines import Officer, Overseer
from pages.public_sources import Rule, RuleChapter, cited, rules
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.policy import PARAMETERS, is_whole
from regulation.provenance import Source
from regulation.roles import Role
from regulation.sourced import SourcedPolicy

router = APIRouter()

MOST = 10_000
HISTORY = (marked("施行日期"), marked("数值"), marked("依据"), marked("登记"))


@dataclass(frozen=True)
class ChangeLine:
    """One recorded value, as its parameter's page shows it."""

    change: PolicyChange
    value: str
    ground: str
    who: str
    ahead: bool


@dataclass(frozen=True)
class PolicyPage:
    """Every parameter with what it rests on; `ahead` are the values that are recorded and do not hold yet."""

    chapters: list[RuleChapter]
    columns: list[Column]
    tiles: list[Tile]
    ahead: Mapping[str, list[ChangeLine]]
    crumbs: list[Crumb]


@dataclass(frozen=True)
class ParameterPage:
    """One parameter: what holds, its history, and the form for its next value."""

    rule: Rule
    form: Form
    history: list[ChangeLine]
    columns: list[Column]
    declared: str
    sources: list[Option]
    longest: int
    may_change: bool
    crumbs: list[Crumb]


@router.get("/office/policy")
def policy(request: Request, person: Overseer) -> Response:
    """List the parameters chapter by chapter, the assumed ones marked."""
    with reading() as session:
        standing = policy_on(session, today())
        recorded = changes_of(session, by=person)
    listed = standing.parameters()
    ahead = [_line(change, user) for change, user in recorded if change.effective_on > today()]
    context = PolicyPage(
        chapters=rules(standing),
        columns=[
            Column(gettext("规则")), Column(gettext("现行数值")), Column(gettext("出处")), Column(gettext("待施行"))
        ],
        tiles=[
            Tile(gettext("政策参数"), str(len(listed)), gettext("开通新批次时采用")),
            Tile(gettext("暂定"), str(sum(one.assumed for one in listed)), gettext("条文和决定均未写明"), mood="warn"),
            Tile(gettext("待施行"), str(len(ahead)), gettext("已登记，尚未到施行日期")),
        ],
        ahead={key: [line for line in ahead if line.change.parameter == key] for key in PARAMETERS},
        crumbs=[Crumb(gettext("批次管理"), "/office/calls"), Crumb(gettext("政策参数"))],
    )  # fmt: skip
    return page(request, "office/policy.html", context)


@router.get("/office/policy/{parameter}")
def one(request: Request, parameter: Words, person: Overseer) -> Response:
    """Show one parameter with its history."""
    return _shown(request, parameter, person, Form.of({"source": Source.DECISION.value}))


@router.post("/office/policy/{parameter}")
def change(request: Request, parameter: Words, form: Submitted, person: Officer) -> Response:
    """Record the next value, or show the form again with everything that is wrong."""
    try:
        _changed(parameter, form, person)
    except Invalid as refused:
        return _shown(request, parameter, person, form.refused(refused), refused.status)
    title = gettext(PARAMETERS[parameter].metadata["title"])
    return redirect(request, f"/office/policy/{parameter}", notice=gettext("“{title}”的新数值已登记。", title=title))


def _changed(key: str, form: Form, person: Person) -> None:
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
        change_policy(session, new, by=person)


def _shown(request: Request, key: str, person: Person, form: Form, status: int = 200) -> Response:
    if key not in PARAMETERS:
        raise NotFound
    with reading() as session:
        standing = policy_on(session, today())
        history = [_line(change, user) for change, user in changes_of(session, key, by=person)]
    rule = _rule_of(standing, key)
    context = ParameterPage(
        rule=rule,
        form=form,
        history=history,
        columns=[Column(gettext(title)) for title in HISTORY],
        declared=_declared(key),
        sources=[Option(one.value, gettext(one.title)) for one in Source],
        longest=LONGEST_CITATION,
        may_change=person.has(Role.OFFICE),
        crumbs=[
            Crumb(gettext("批次管理"), "/office/calls"),
            Crumb(gettext("政策参数"), "/office/policy"),
            Crumb(rule.title),
        ],
    )
    return page(request, "office/parameter.html", context, status=status)


def _rule_of(standing: SourcedPolicy, key: str) -> Rule:
    return next(rule for chapter in rules(standing) for rule in chapter.rules if rule.key == key)


def _declared(key: str) -> str:
    """Say which value the regulation itself has, or had before anything was recorded."""
    rule = _rule_of(SourcedPolicy(), key)
    return gettext(
        "{value} {unit}（{source}）", value=rule.value, unit=rule.unit, source=rule.source or gettext("暂定")
    )


def _line(change: PolicyChange, user: User) -> ChangeLine:
    return ChangeLine(
        change=change,
        value=f"{change.value:,g}",
        ground=gettext("{source}：{citation}", source=gettext(change.source.title), citation=cited(change.citation)),
        who=user.name,
        ahead=change.effective_on > today(),
    )
