"""The applicant's rooms: the institution's applications, and beginning one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session, col, select
from starlette.responses import Response

from casework.applications import begin, in_call
from casework.calls import by_code, is_open, open_calls, require_open
from casework.people import Person, recommending_bodies
from casework.turn_words import turn_sentence
from casework.turns import Turn, turns_in
from core.addresses import Words
from core.clock import local
from core.db import reading, transaction
from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from models.application import Application, Call
from models.case import Case
from models.organisation import Organisation, OrganisationKind
from pages.account import spoken
from pages.applicant_work import Applicant
from pages.forms import Form
from pages.kit import Column, Crumb, Option
from pages.public import CallLine
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.definition import stage
from regulation.outcomes import Outcome
from regulation.roles import Duty

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """One application in the list: where it stands, whose turn it is, and what to do."""

    title: str
    href: str
    call: str
    reference: str
    state: str
    look: str
    who: str
    act: str
    due_on: date | None
    saved_at: datetime
    link: str


@dataclass(frozen=True)
class ListPage:
    """The institution's applications, what waits for it first."""

    mine: list[Line]
    under_way: list[Line]
    finished: list[Line]
    calls: list[CallLine]
    columns: list[Column]


@dataclass(frozen=True)
class BeginPage:
    """The choice of the body that recommends."""

    form: Form
    call: Call
    bureaux: list[Option]
    departments: list[Option]
    crumbs: list[Crumb]


@router.get("/applications")
def applications(request: Request, person: Applicant) -> Response:
    """List the institution's applications by what is to be done."""
    with reading() as session:
        rows = _rows(session, person)
        turns = turns_in(session, [case for _, _, case in rows if case], named=False)
        calls = open_calls(session)
    lines = [(_line(application, call, case, turns), case) for application, call, case in rows]
    begun = {call.id for _, call, _ in rows}
    titles = (marked("申报"), marked("状态"), marked("现在轮到"), marked("期限"), marked("下一步"))
    context = ListPage(
        mine=[line for line, _ in lines if line.look in {"draft", "returned"}],
        under_way=[line for line, case in lines if case and not case.closed_at and line.look != "returned"],
        finished=[line for line, case in lines if (case and case.closed_at) or (not case and line.look != "draft")],
        calls=[CallLine.of(call) for call in calls if call.id not in begun],
        columns=[Column(gettext(title)) for title in titles],
    )
    return page(request, "applicant/list.html", context)


@router.get("/applications/new")
def begin_form(request: Request, person: Applicant, call: Words = "") -> Response:
    """Ask for the recommending body; whoever has an application in the call is led to it."""
    with reading() as session:
        found = by_code(session, call)
        own = in_call(session, found, person)
    if own:
        return redirect(request, f"/applications/{own.id}")
    require_open(found)
    return _begin_page(request, found, Form.of({"call": found.code}))


@router.post("/applications/new")
def take_begin(request: Request, form: Submitted, person: Applicant) -> Response:
    """Begin the application; the second of two clicks finds the first one's."""
    with reading() as session:
        call = by_code(session, form.value("call"))
    try:
        chosen = _body(form)
        with transaction() as session:
            session.get_one(Organisation, person.organisation_id, with_for_update=True)  # one click after the other
            own = in_call(session, call, person)
            application = own or begin(session, call, chosen, by=person)
    except Invalid as refused:
        return _begin_page(request, call, form.refused(spoken(refused)), refused.status)
    notice = gettext("本单位在该批次已有申报，请继续填写。") if own else gettext("已开始申报，填写的内容会自动保存。")
    return redirect(request, f"/applications/{application.id}", notice=notice, kind="info" if own else "good")


def _body(form: Form) -> UUID:
    given = form.value("recommender_id")
    try:
        return UUID(given)
    except ValueError:
        sentence = marked("请选择推荐单位（市州人社部门或行业主管部门）。")
        raise Invalid(faults=[Fault("recommender_id", sentence)]) from None


def _begin_page(request: Request, call: Call, form: Form, status: int = 200) -> Response:
    with reading() as session:
        bodies = recommending_bodies(session)
    context = BeginPage(
        form=form,
        call=call,
        bureaux=_options(body for body in bodies if body.kind is OrganisationKind.AREA_BUREAU),
        departments=_options(body for body in bodies if body.kind is OrganisationKind.DEPARTMENT),
        crumbs=[Crumb(gettext("我的申报"), "/applications"), Crumb(gettext("开始申报"))],
    )
    return page(request, "applicant/begin.html", context, status=status)


def _options(bodies: Iterable[Organisation]) -> list[Option]:
    return [Option(str(body.id), body.name) for body in bodies]


def _rows(session: Session, person: Person) -> list[tuple[Application, Call, Case | None]]:
    """Return the institution's applications with their cases in one query, the newest first."""
    found = (
        select(Application, Call, Case)
        .join(Call, col(Call.id) == Application.call_id)
        .join(Case, col(Case.application_id) == Application.id, isouter=True)
        .where(Application.organisation_id == person.organisation_id)
        .order_by(col(Application.created_at).desc())
    )
    return [(application, call, case) for application, call, case in session.exec(found)]


def _line(application: Application, call: Call, case: Case | None, turns: dict[UUID, list[Turn]]) -> Line:
    content = application.content
    state, look, link = _state(call, case)
    who, act, due_on = "", "", None
    waiting = turns.get(case.id, []) if case else []
    own = next((one for one in waiting if one.assignment and one.assignment.duty is Duty.CORRECT), None)
    if own:
        who, act, due_on = own.holder, gettext(own.duty), own.due_on
        state, look, link = gettext("退回补正"), "returned", gettext("去补正")
    elif case and waiting:
        who = turn_sentence(case, waiting, softened=True)
    elif look == "draft":
        who, act, due_on = content.get("unit_name", ""), gettext("填写并提交"), CallLine.of(call).closes_on
    return Line(
        title=str(content.get("base_name") or content.get("unit_name") or call.title),
        href=f"/applications/{application.id}",
        call=call.title,
        reference=case.reference if case else "",
        state=state,
        look=look,
        who=who,
        act=act,
        due_on=due_on,
        saved_at=local(application.saved_at),
        link=link,
    )


def _state(call: Call, case: Case | None) -> tuple[str, str, str]:
    """Return the state in words, its look, and the words of the link."""
    if not case:
        if is_open(call):
            return gettext("草稿"), "draft", gettext("继续填写")
        return gettext("未提交，批次已截止"), "lapsed", gettext("查看")
    if not case.closed_at:
        return gettext("办理中：{stage}", stage=gettext(stage(case.stage).title)), "current", gettext("查看进度")
    outcome = case.outcome or Outcome.LAPSED
    title = gettext("已认定并公布") if outcome is Outcome.APPROVED else gettext(outcome.title)
    return title, str(outcome), gettext("查看")
