"""Pages for everybody: what accreditation is, how it goes, and what can be applied for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.calls import all_calls, is_open, open_calls
from casework.policies import policy_on
from core.clock import local, now, today
from core.db import reading
from core.i18n import gettext, marked
from models.application import Call
from pages.kit import Option
from pages.public_sources import cited
from pages.rendering import page
from regulation.areas import AREAS
from regulation.definition import CITATION, stages_under
from regulation.form.basics import CATEGORIES
from regulation.policy import Policy
from regulation.roles import DUTY_PERIODS, Duty, Role
from regulation.sourced import SourcedPolicy
from regulation.stage import Stage

router = APIRouter()

DUTIES = {
    "local-review": (Duty.RECOMMEND,),
    "acceptance": (Duty.CHECK_FORM,),
    "expert-review": (Duty.ASSEMBLE_PANEL, Duty.REVIEW, Duty.CONCLUDE),
    "site-inspection": (Duty.ASSEMBLE_TEAM, Duty.INSPECT),
    "certification": (Duty.CERTIFY,),
    "publicity": (Duty.PUBLICISE,),
}
"""What is done in a stage, one duty after the other; the periods of them all are the stage's."""

WHO = {
    "submission": marked("申报单位"),
    "local-review": marked("市州人社部门或行业主管部门"),
    "acceptance": Role.OFFICE.title,
    "expert-review": marked("专家评审委员会"),
    "site-inspection": marked("考察人员"),
    "certification": marked("领导小组"),
    "publicity": Role.OFFICE.title,
    "publication": marked("省人力资源和社会保障厅"),
}
WHAT = {
    "submission": marked("在线填写申报表，上传附件，自愿提交。"),
    "local-review": marked("审核材料，签署推荐意见。"),
    "acceptance": marked("核对材料是否齐全、符合要求，不审查实质内容。"),
    "expert-review": marked("专家独立评审，主任委员作出结论。"),
    "site-inspection": marked("到现场核对申报内容。"),
    "certification": marked("审定是否认定为基地。"),
    "publicity": marked("公示拟认定名单，任何单位和个人可以提出异议。"),
    "publication": marked("颁发证书，列入基地名录。"),
}
WHEN = {"submission": marked("申报期内"), "publication": marked("认定后即时")}


@dataclass(frozen=True)
class StageLine:
    """One stage, told to somebody who has never applied."""

    title: str
    who: str
    what: str
    days: str
    assumed: bool
    source: str


@dataclass(frozen=True)
class CallLine:
    """A call in a list; `closes_on` is the last day on which one can still file."""

    code: str
    title: str
    opens_at: datetime
    closes_at: datetime
    closes_on: date

    @classmethod
    def of(cls, call: Call) -> Self:
        """Return the line of a call."""
        last = local(call.closes_at - timedelta(seconds=1)).date()
        return cls(call.code, call.title, call.opens_at, call.closes_at, last)


@dataclass(frozen=True)
class HomePage:
    """The home page."""

    calls: list[CallLine]
    stages: list[StageLine]
    policy: Policy
    categories: list[str]
    areas: list[Option]
    citation: str = CITATION


@dataclass(frozen=True)
class CallsPage:
    """Every call, by whether one can apply."""

    open: list[CallLine]
    coming: list[CallLine]
    closed: list[CallLine]


@router.get("/")
def home(request: Request) -> Response:
    """Say what a base is, what can be applied for, and how an application goes."""
    with reading() as session:
        calls = open_calls(session)
        sourced = SourcedPolicy.kept(calls[0].policy) if calls else policy_on(session, today())
    context = HomePage(
        calls=[CallLine.of(call) for call in calls],
        stages=stage_lines(sourced),
        policy=sourced.policy,
        categories=[gettext(category.title) for category in CATEGORIES[:-1]],
        areas=area_options(),
    )
    return page(request, "public/home.html", context)


@router.get("/calls")
def calls(request: Request) -> Response:
    """List the calls: open, to come, and past."""
    with reading() as session:
        found = all_calls(session)
    at = now()
    context = CallsPage(
        open=[CallLine.of(c) for c in sorted(found, key=lambda c: c.closes_at) if is_open(c, at)],
        coming=[CallLine.of(c) for c in found if c.opens_at > at],
        closed=[CallLine.of(c) for c in found if c.closes_at <= at],
    )
    return page(request, "public/calls.html", context)


def stage_lines(sourced: SourcedPolicy) -> list[StageLine]:
    """Tell the stages that a policy has, in its order, with who acts and how long it takes."""
    return [
        StageLine(
            title=gettext(one.title),
            who=gettext(WHO[one.key]),
            what=gettext(WHAT[one.key]),
            days=_days(one, sourced.policy),
            assumed=any(sourced.provenance[DUTY_PERIODS[duty]].assumed for duty in DUTIES.get(one.key, ())),
            source=cited(one.source),
        )
        for one in stages_under(sourced.policy)
    ]


def area_options() -> list[Option]:
    """Offer the 17 areas."""
    return [Option(area.code, gettext(area.name)) for area in AREAS]


def _days(stage: Stage, policy: Policy) -> str:
    if stage.key in WHEN:
        return gettext(WHEN[stage.key])
    days = sum(int(getattr(policy, DUTY_PERIODS[duty])) for duty in DUTIES[stage.key])
    if stage.key == "publicity":
        return gettext("公示 {n} 个工作日", n=policy.publicity_days)
    return gettext("{n} 个工作日", n=days)
