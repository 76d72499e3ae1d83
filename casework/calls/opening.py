"""Opening a call: its windows, and its policy, which is that of the day it opens unless a decision says otherwise."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from casework import journal
from casework.access import require
from casework.calls.copying import Wanted, copy_into
from casework.people import Person
from casework.policies import policy_on
from casework.turnstile import pass_through
from core.clock import local
from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from models.application import Call
from regulation.form.materials import KNOWN
from regulation.policy import PARAMETERS, Policy, problems
from regulation.roles import Role
from regulation.sheet import with_sheet
from regulation.sourced import SourcedPolicy

RESERVED = frozenset({"new"})
"""Words that stand in an address where a code would."""
LONGEST_CITATION = 200
UNFOUNDED = marked(
    "以下规则与开始当日（{day}）施行的政策参数不同，请填写本批次自定规则所依据的决定，或改回现行数值：{differing}。"
)
DIFFERS = marked("{title}（现行 {standing:g}，本批次 {own:g}）")


@dataclass(frozen=True)
class NewCall:
    """What the office says to open a call; instants are aware.

    `policy` None: as it stands on the day the call opens; what differs from that rests on `decision`. `copies`: what an
    earlier call gives to this one beside its words and rules.
    """

    code: str
    title: str
    notice: str
    opens_at: datetime
    closes_at: datetime
    policy: Policy | None = None
    recommend_by: datetime | None = None
    decision: str = ""
    copies: Wanted | None = None


def open_call(session: Session, new: NewCall, *, by: Person) -> Call:
    """Open a call; raises `Invalid` with every fault at once."""
    require(by, Role.OFFICE)
    pass_through(session, "open-call")
    standing = policy_on(session, local(new.opens_at).date())
    if faults := [*policy_faults(new, standing), *name_faults(session, new), *window_faults(new)]:
        raise Invalid(faults=faults)
    own = standing.deviating(new.policy or standing.policy, new.decision.strip())
    call = Call(
        code=new.code.strip(),
        title=new.title.strip(),
        notice=new.notice.strip(),
        opens_at=new.opens_at,
        closes_at=new.closes_at,
        recommend_by=new.recommend_by,
        policy=with_sheet(own.snapshot()),
        opened_by=by.id,
    )
    session.add(call)
    session.flush()
    journal.note(session, "call-opened", case=None, by=by, call=call.code)
    if new.copies:
        copy_into(session, call, new.copies, by=by)
    return call


def name_faults(session: Session, new: NewCall) -> list[Fault]:
    """Return what is wrong with a call's code and title."""
    faults = []
    code = new.code.strip()
    if not code or len(new.code) > 20 or not new.code.replace("-", "").isalnum():
        faults.append(Fault("code", marked("批次编号由字母、数字和短横线组成，不超过 20 字，如 2026-1。")))
    elif code.lower() in RESERVED:
        faults.append(Fault("code", marked("该批次编号为系统保留，请另行编号。")))
    elif session.exec(select(Call.id).where(Call.code == code)).first():
        faults.append(Fault("code", marked("该批次编号已使用，请另行编号。")))
    if not 1 < len(new.title.strip()) <= 100:
        faults.append(Fault("title", marked("请填写批次名称（不超过 100 字）。")))
    return faults


def window_faults(new: NewCall) -> list[Fault]:
    """Return what is wrong with a call's two windows."""
    faults = []
    if new.closes_at <= new.opens_at:
        faults.append(Fault("closes_at", marked("截止时间应晚于开始时间。")))
    if new.recommend_by and new.recommend_by < new.closes_at:
        faults.append(Fault("recommend_by", marked("推荐上报截止时间不得早于申报截止时间。")))
    return faults


def policy_faults(new: NewCall, standing: SourcedPolicy) -> list[Fault]:
    """Return what is wrong with a call's own policy; what differs from the one in force needs a decision."""
    wanted = new.policy or standing.policy
    wrong = problems(wanted)
    faults = [Fault(f"policy.{name}", sentence) for name, sentence in wrong.items()]
    if not set(wanted.materials or ()) <= KNOWN:
        faults.append(Fault("materials", marked("所选材料不在申报表的附件之列。")))
    differing = [name for name in standing.differing(wanted) if name not in wrong]
    if differing and not new.decision.strip():
        told = gettext("；").join(_differs(name, standing.policy, wanted) for name in differing)
        day = local(new.opens_at).date().isoformat()
        faults.append(Fault("decision", gettext(UNFOUNDED, day=day, differing=told)))
    if len(new.decision.strip()) > LONGEST_CITATION:
        faults.append(Fault("decision", marked("依据不超过 200 字。")))
    return faults


def _differs(name: str, standing: Policy, wanted: Policy) -> str:
    title = gettext(PARAMETERS[name].metadata["title"])
    return gettext(DIFFERS, title=title, standing=getattr(standing, name), own=getattr(wanted, name))
