"""Drawing a panel: choosing the cases and the seed, the result with everything it came from, and what becomes of it."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.experts.answers import ANSWERS, invited
from casework.experts.by_telephone import recorders_of
from casework.experts.confirming import confirm, discard
from casework.experts.draws import cases_of, draw_of, draw_panel
from casework.experts.following import repeated
from casework.experts.kept import candidates_in, rules_in, verified
from casework.experts.mixture import fields_in_words
from casework.experts.overview import Waiting, drawn_people, waiting_with
from core.addresses import Words, identity, maybe_identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid
from core.i18n import gettext, marked
from flows.gateway import ring
from models.expert import Draw, Invitation, InvitationState
from models.person import User
from pages.account import spoken
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.office_experts import kind_options
from pages.office_lines import Officer
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.drawing import Rules, in_order

router = APIRouter()

ADDRESS = "/office/draws"
STATES = {
    InvitationState.OPEN: (marked("等待答复"), "waiting"),
    InvitationState.ACCEPTED: (marked("已接受"), "done"),
    InvitationState.DECLINED: (marked("已谢绝"), "refused"),
    InvitationState.LAPSED: (marked("逾期未答复"), "overdue"),
    InvitationState.WITHDRAWN: (marked("已撤回"), "withdrawn"),
}


@dataclass(frozen=True)
class NewDrawPage:
    """The cases that can be drawn for together, and the seed."""

    duty: str
    waiting: list[Waiting]
    cases: list[Option]
    form: Form
    rules: list[str]
    excluded: list[str]
    crumbs: list[Crumb]


@dataclass(frozen=True)
class Drawn:
    """One candidate in the order of the draw."""

    number: int
    name: str
    kind: str
    fields: str
    may_chair: bool
    member: bool
    chair: bool


@dataclass(frozen=True)
class InvitationLine:
    """One invitation; `repeats`: the next in order follows again from what was kept.

    `recorded_by`: who wrote the answer down, where it was given by telephone.
    """

    invitation: Invitation
    name: str
    state: tuple[str, str]
    passed: list[str]
    repeats: bool
    recorded_by: str


@dataclass(frozen=True)
class DrawPage:
    """One draw."""

    draw: Draw
    verified: bool
    rules: list[str]
    order: list[Drawn]
    cases: list[tuple[str, str]]
    invitations: list[InvitationLine]
    waiting: list[Option]
    answers: list[Option]
    telephone: Form
    form: Form
    crumbs: list[Crumb]


@router.get(f"{ADDRESS}/new")
def blank(request: Request, person: Officer) -> Response:
    """Offer the cases of one call that wait for a panel."""
    del person
    duty = request.query_params.get("duty", "")
    return _new_page(request, identity(duty), Form.of({"duties": [duty]}))


@router.post(f"{ADDRESS}/new")
def take(request: Request, form: Submitted, person: Officer) -> Response:
    """Draw; when the rules cannot be kept, the page says which and who was excluded why."""
    duty = identity(form.value("duty"))
    wanted = [known for known in map(maybe_identity, form.values_of("duties")) if known]
    try:
        with transaction() as session:
            made = draw_panel(session, wanted, form.value("seed"), by=person).id
    except Invalid as refused:
        return _new_page(request, duty, form.refused(spoken(refused)), status=refused.status)
    except Conflict as refused:
        form.sentence = refused.sentence()
        return _new_page(request, duty, form, status=refused.status)
    return redirect(request, f"{ADDRESS}/{made}", notice=gettext("已抽取，请核对后确认并邀请。"))


@router.get(f"{ADDRESS}/{{draw_id}}")
def show(request: Request, draw_id: Words, person: Officer) -> Response:
    """Show a draw with everything it came from."""
    del person
    return draw_page(request, identity(draw_id))


@router.post(f"{ADDRESS}/{{draw_id}}")
def act(request: Request, draw_id: Words, form: Submitted, person: Officer, after: BackgroundTasks) -> Response:
    """Invite those who were drawn, or set the draw aside."""
    known = identity(draw_id)
    setting_aside = form.value("act") == "discard"
    try:
        with transaction() as session:
            if setting_aside:
                discard(session, known, form.value("reason"), by=person)
            else:
                confirm(session, known, by=person)
            for case, _ in cases_of(session, known):
                after.add_task(ring, case.id)
    except Invalid as refused:
        return draw_page(request, known, form=form.refused(spoken(refused)), status=refused.status)
    except Conflict as refused:
        form.sentence = refused.sentence()
        return draw_page(request, known, form=form, status=refused.status)
    done = gettext("抽取结果已作废，可以重新抽取。") if setting_aside else gettext("已邀请全部专家，等待答复。")
    return redirect(request, f"{ADDRESS}/{known}", notice=done)


def _new_page(request: Request, duty: UUID, form: Form, status: int = 200) -> Response:
    with reading() as session:
        waiting = waiting_with(session, duty)
    context = NewDrawPage(
        duty=str(duty),
        waiting=waiting,
        cases=[
            Option(str(one.duty.id), f"{one.case.reference}　{one.base_name or one.unit}", _about(one))
            for one in waiting
        ],
        form=form,
        rules=[fault.message for fault in form.faults if fault.field == "panel"],
        excluded=[fault.message for fault in form.faults if fault.field == "excluded"],
        crumbs=[Crumb(gettext("待领"), "/queue"), Crumb(gettext("随机抽取"))],
    )
    form.faults = [fault for fault in form.faults if fault.field not in {"panel", "excluded"}]
    return page(request, "office/experts-draw-new.html", context, status=status)


def _about(one: Waiting) -> str:
    return gettext("{unit}；申报领域：{fields}", unit=one.unit, fields=fields_in_words(one.domains) or "—")


def draw_page(
    request: Request, draw_id: UUID, *, form: Form | None = None, telephone: Form | None = None, status: int = 200
) -> Response:
    """Show a draw; `form` sets it aside, `telephone` writes an answer down."""
    with reading() as session:
        draw, made = draw_of(session, draw_id), invited(session, draw_id)
        recorders = recorders_of(session, [one for one, _ in made])
        context = DrawPage(
            draw=draw,
            verified=verified(draw),
            rules=rules_in_words(rules_in(draw)),
            order=_order(session, draw),
            cases=[(case.reference, f"/cases/{case.reference}") for case, _ in cases_of(session, draw_id)],
            invitations=[_invitation(draw, one, user, recorders) for one, user in made],
            waiting=[Option(str(one.id), user.name) for one, user in made if one.state is InvitationState.OPEN],
            answers=[Option(word, gettext(title)) for word, title in ANSWERS.items()],
            telephone=telephone or Form.of(),
            form=form or Form.of(),
            crumbs=[Crumb(gettext("待领"), "/queue"), Crumb(gettext("随机抽取"))],
        )
    return page(request, "office/experts-draw.html", context, status=status)


def rules_in_words(rules: Rules) -> list[str]:
    """Say what a panel must be."""
    said = [gettext("共 {n} 人（单数），其中至少一人具备主任委员资格", n=rules.size)]
    if rules.education:
        said.append(gettext("继续教育专家不少于 {n} 人", n=rules.education))
    if rules.field_experts:
        of = [gettext("“{fields}”领域专家不少于 {n} 人", fields=fields_in_words(one), n=rules.field_experts)
              for one in rules.wanted]  # fmt: skip
        said += of
    return said


def _order(session: Session, draw: Draw) -> list[Drawn]:
    known, kinds = drawn_people(session, draw), {one.value: one.title for one in kind_options()}
    return [
        Drawn(
            number=number,
            name=known[one.id].user.name if one.id in known else one.id,
            kind=kinds["continuing-education" if one.education else "field"],
            fields=fields_in_words(one.fields),
            may_chair=one.may_chair,
            member=one.id in draw.members,
            chair=one.id == draw.chair,
        )
        for number, one in enumerate(in_order(draw.seed, candidates_in(draw)), 1)
    ]


def _invitation(draw: Draw, one: Invitation, user: User, recorders: dict[UUID, str]) -> InvitationLine:
    title, look = STATES[one.state]
    passed = [gettext("{name}：{reason}", name=each["name"], reason=each["reason"]) for each in one.passed]
    follows = bool(one.gone or one.standing)
    repeats = repeated(draw, one) if follows else True
    recorder = recorders.get(one.recorded_by, "") if one.recorded_by else ""
    return InvitationLine(one, user.name, (gettext(title), look), passed, repeats, recorder)
