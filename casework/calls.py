"""Calls (批次): dated invitations to apply, each with its own snapshot of the policy (Art. 3, 5)."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.people import Person
from casework.turnstile import pass_through
from core.clock import local, now
from core.errors import CallClosed, Fault, Invalid, NotFound
from core.i18n import marked
from models.application import Call
from regulation.policy import Policy, problems
from regulation.roles import Role

RESERVED = frozenset({"new"})
"""Words that stand in an address where a code would."""


@dataclass(frozen=True)
class NewCall:
    """What the office says to open a call; instants are aware."""

    code: str
    title: str
    notice: str
    opens_at: datetime
    closes_at: datetime
    policy: Policy = field(default_factory=Policy)


def open_call(session: Session, new: NewCall, *, by: Person) -> Call:
    """Open a call; raises `Invalid` with every fault at once."""
    require(by, Role.OFFICE)
    pass_through(session, "open-call")
    faults = [Fault(f"policy.{name}", sentence) for name, sentence in problems(new.policy).items()]
    if not new.code.strip() or len(new.code) > 20 or not new.code.replace("-", "").isalnum():
        faults.append(Fault("code", marked("批次编号由字母、数字和短横线组成，不超过 20 字，如 2026-1。")))
    elif new.code.strip().lower() in RESERVED:
        faults.append(Fault("code", marked("该批次编号为系统保留，请另行编号。")))
    elif session.exec(select(Call.id).where(Call.code == new.code.strip())).first():
        faults.append(Fault("code", marked("该批次编号已使用，请另行编号。")))
    if not 1 < len(new.title.strip()) <= 100:
        faults.append(Fault("title", marked("请填写批次名称（不超过 100 字）。")))
    if new.closes_at <= new.opens_at:
        faults.append(Fault("closes_at", marked("截止时间应晚于开始时间。")))
    if faults:
        raise Invalid(faults=faults)
    call = Call(
        code=new.code.strip(),
        title=new.title.strip(),
        notice=new.notice.strip(),
        opens_at=new.opens_at,
        closes_at=new.closes_at,
        policy=new.policy.snapshot(),
        opened_by=by.id,
    )
    session.add(call)
    session.flush()
    journal.note(session, "call-opened", case=None, by=by, call=call.code)
    return call


def by_code(session: Session, code: str) -> Call:
    """Return the call of that code."""
    call = session.exec(select(Call).where(Call.code == code)).first()
    if not call:
        raise NotFound
    return call


def is_open(call: Call, at: datetime | None = None) -> bool:
    """Whether applications may be filed now, by the server's clock."""
    return call.opens_at <= (at or now()) < call.closes_at


def require_open(call: Call) -> None:
    """Raise `CallClosed`, with the window in Beijing time, unless the call is open."""
    if not is_open(call):
        raise CallClosed(
            call=call.title,
            opens=f"{local(call.opens_at):%Y-%m-%d %H:%M}",
            closes=f"{local(call.closes_at):%Y-%m-%d %H:%M}",
        )


def all_calls(session: Session) -> list[Call]:
    """Return every call, the newest first."""
    return list(session.exec(select(Call).order_by(col(Call.opens_at).desc())))


def open_calls(session: Session) -> list[Call]:
    """Return the calls one can apply to now, the next to close first."""
    at = now()
    current = select(Call).where(col(Call.opens_at) <= at, col(Call.closes_at) > at)
    return list(session.exec(current.order_by(col(Call.closes_at))))
