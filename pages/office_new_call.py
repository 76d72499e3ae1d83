"""Opening a call: its words, its windows in Beijing time, the papers it asks for, and its policy chapter by chapter."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.calls import NewCall, by_code, open_call
from casework.people import Person
from casework.policies import policy_on
from core.addresses import Words
from core.clock import local, now
from core.db import reading, transaction
from core.errors import Fault, Invalid, NotFound
from core.i18n import gettext
from models.application import Call
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.moments import moment_in, written
from pages.office_copied_call import CopiedPart, all_of, copied_part, wanted_in
from pages.office_lines import Officer
from pages.office_new_policy import AskedChapter, asked_chapters, field_of, policy_in
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.form.definition import ATTACHMENTS, FIELDS
from regulation.form.materials import USUAL, chosen, materials_of
from regulation.policy import Policy, policy_of
from regulation.sourced import SourcedPolicy

router = APIRouter()

USUAL_WINDOW = timedelta(days=45)
USUAL_REST = timedelta(days=14)
"""From the applicants' last moment to that of the recommending bodies."""
LONGEST_NOTICE = 5000


@dataclass(frozen=True)
class NewCallPage:
    """The form; `copied` is the call it was filled from, `day` that of the policy it is measured by."""

    form: Form
    chapters: list[AskedChapter]
    materials: list[Option]
    own_materials: bool
    copied: CopiedPart | None
    day: date
    longest: int
    crumbs: list[Crumb]


@router.get("/office/calls/new")
def blank(request: Request, person: Officer, copy: Words = "") -> Response:
    """Offer the form with the usual windows and the policy in force, or filled from an earlier call."""
    del person
    opens = (local(now()) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    with reading() as session:
        standing = policy_on(session, opens.date())
        earlier = by_code(session, copy) if copy else None
        copied = copied_part(session, copy) if copy else None
    filled = _like(earlier) | all_of(copied) if earlier and copied else _usual(opens)
    policy = policy_of(earlier.policy) if earlier else standing.policy
    values = {field_of(one.key): f"{one.value:g}" for one in replace(standing, policy=policy).parameters()}
    form = Form.of({**filled, **values, "materials": materials_of(policy)})
    return _shown(request, form, standing, copied)


@router.post("/office/calls/new")
def take(request: Request, form: Submitted, person: Officer) -> Response:
    """Open the call, or show the form again with everything that is wrong with it."""
    try:
        call = _opened(form, person)
    except Invalid as refused:
        with reading() as session:
            standing = policy_on(session, _day(form))
            copied = _copied(session, form)
        return _shown(request, form.refused(refused), standing, copied, status=refused.status)
    notice = gettext("批次“{title}”已开通。", title=call.title)
    if form.value("copy"):
        notice = gettext("批次“{title}”已开通，请核对复制的推荐名额、评分表和通知附件。", title=call.title)
    return redirect(request, f"/office/calls/{call.code}", notice=notice)


def _usual(opens: datetime) -> dict[str, object]:
    closes = (opens + USUAL_WINDOW).replace(hour=18)
    return {"opens_at": written(opens), "closes_at": written(closes), "recommend_by": written(closes + USUAL_REST)}


def _like(earlier: Call) -> dict[str, object]:
    """Take over an earlier call's words; its windows are over, and the dates of the new one are to be set."""
    return {"title": earlier.title, "notice": earlier.notice}


def _copied(session: Session, form: Form) -> CopiedPart | None:
    """Return the call that a form was filled from, if it names one that there is."""
    try:
        return copied_part(session, form.value("copy")) if form.value("copy") else None
    except NotFound:
        return None


def _opened(form: Form, person: Person) -> Call:
    """Gather the faults of reading and of the call itself before refusing; what cannot be read is not judged twice."""
    notice = form.text("notice", gettext("申报通知"), required=False, longest=LONGEST_NOTICE)
    opens = moment_in(form, "opens_at", gettext("开始时间"))
    closes = moment_in(form, "closes_at", gettext("截止时间"))
    until = moment_in(form, "recommend_by", gettext("推荐上报截止时间"), required=False)
    opens_at, closes_at = (opens, closes) if opens and closes else (now(), now() + USUAL_WINDOW)
    with transaction() as session:
        policy = _policy(form, policy_on(session, local(opens_at).date()).policy)
        new = NewCall(
            form.value("code"), form.value("title"), notice, opens_at, closes_at,
            policy=policy, recommend_by=until if closes else None, decision=form.value("decision"),
            copies=wanted_in(form),
        )  # fmt: skip
        try:
            call = open_call(session, new, by=person)
        except Invalid as refused:
            form.faults += [Fault(fault.field, gettext(fault.message)) for fault in refused.faults]
            raise Invalid(faults=form.faults) from refused
        form.refuse_faults()
        return call


def _policy(form: Form, standing: Policy) -> Policy:
    papers = form.choices("materials", gettext("须提交的材料"), [one.key for one in ATTACHMENTS], required=False)
    return replace(policy_in(form, standing), materials=chosen(papers))


def _day(form: Form) -> date:
    """Return the day whose policy the form is measured by; today's while its first moment cannot be read."""
    opens = moment_in(Form.of({"opens_at": form.value("opens_at")}), "opens_at", "")
    return (opens or local(now())).date()


def _shown(
    request: Request, form: Form, standing: SourcedPolicy, copied: CopiedPart | None, *, status: int = 200
) -> Response:
    context = NewCallPage(
        form=form,
        chapters=asked_chapters(form, standing),
        materials=[_offered(key) for key in (one.key for one in ATTACHMENTS)],
        own_materials=set(form.values_of("materials")) != set(USUAL),
        copied=copied,
        day=_day(form),
        longest=LONGEST_NOTICE,
        crumbs=[Crumb(gettext("批次管理"), "/office/calls"), Crumb(gettext("开通新批次"))],
    )
    return page(request, "office/new-call.html", context, status=status)


def _offered(key: str) -> Option:
    asked = FIELDS[key]
    return Option(key, gettext(asked.title), gettext("如适用") if asked.when else "")
