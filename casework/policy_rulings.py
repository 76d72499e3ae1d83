"""A change of the policy takes two persons: one of the office proposes it, another one confirms or declines it.

Until then the proposer may withdraw it.

A call keeps its snapshot for ever. So a proposal that waited while a call was opened without it, for a day on which it
would have held, can no longer be confirmed as it is: the record would say of that call what is not so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from casework import journal
from casework.access import OVERSEERS, require
from casework.people import Person
from casework.policies import HANDLERS, told_of
from casework.turnstile import pass_through
from core.clock import local, today
from core.errors import Conflict, Fault, Invalid, NotFound, NotPermitted
from core.i18n import gettext, marked
from models.application import Call
from models.call import PolicyChange, PolicyRuling
from models.person import User
from regulation.policy import PARAMETERS
from regulation.roles import Role
from regulation.sourced import SourcedPolicy

LONGEST_ANSWER = 500
CONFIRMED = marked("该提议已由{by}于{at}确认，不能再办理。")
DECLINED = marked("该提议已由{by}于{at}退回，不能再办理。")
WITHDRAWN = marked("该提议已由{by}于{at}撤回，不能再办理。")
NOT_YOURS = marked("提议只能由提出人撤回，其他人员可以退回。")
SAME_PERSON = marked("更改政策参数须由两人办理：提出人不能自行确认或退回。")
STANDS_IN = marked("您现正代提出人办理事项，不能确认或退回其提议，请由其他人员办理。")
OVERTAKEN = marked(
    "提议待确认期间，批次“{calls}”已按原数值开通，且规则不再更改，该提议不能再按 {day} 起施行确认。"
    "请退回该提议，另按晚于上述批次开始日的施行日期重新提出。"
)
NO_ANSWER = marked("请填写退回的理由（不超过 {longest} 字）。")


@dataclass(frozen=True)
class Change:
    """A recorded value with who proposed it, what another person made of it, and the calls that have overtaken it."""

    change: PolicyChange
    proposer: User
    ruling: PolicyRuling | None
    decider: User | None
    overtaken_by: Sequence[Call] = ()

    @property
    def waiting(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.ruling is None

    @property
    def withdrawn(self) -> bool:
        """Whether its proposer has taken it back."""
        return self.ruling is not None and self.ruling.withdrawn

    @property
    def late(self) -> bool:
        """Whether its day has come without a decision."""
        return self.waiting and self.change.effective_on <= today()

    @property
    def confirmed(self) -> bool:
        """Whether it counts."""
        return self.ruling is not None and self.ruling.confirmed

    @property
    def ahead(self) -> bool:
        """Whether it counts, and its day is still to come."""
        return self.confirmed and self.change.effective_on > today()


def changes_of(session: Session, parameter: str | None = None, *, by: Person) -> list[Change]:
    """Return what was recorded for one parameter, or for all, the newest day first; the overseers' to read."""
    require(by, *OVERSEERS)
    if parameter is not None and parameter not in PARAMETERS:
        raise NotFound
    decider = aliased(User)
    found = (
        select(PolicyChange, User, PolicyRuling, decider)
        .join(User, col(User.id) == PolicyChange.recorded_by)
        .join(PolicyRuling, col(PolicyRuling.change_id) == PolicyChange.id, isouter=True)
        .join(decider, col(decider.id) == PolicyRuling.decided_by, isouter=True)
        .order_by(col(PolicyChange.effective_on).desc(), col(PolicyChange.recorded_at).desc())
    )
    found = found.where(PolicyChange.parameter == parameter) if parameter is not None else found
    rows = session.exec(found).all()
    calls = _calls(session) if any(ruling is None for _, _, ruling, _ in rows) else []
    return [Change(*row, overtaken_by=[] if row[2] else overtaking(row[0], calls)) for row in rows]


def change_of(session: Session, change_id: UUID, *, by: Person) -> Change:
    """Return one change; raises `NotFound`."""
    found = next((one for one in changes_of(session, by=by) if one.change.id == change_id), None)
    if not found:
        raise NotFound
    return found


def may_decide(one: Change, person: Person) -> bool:
    """Whether this person is the second one: of the office or the department, neither the proposer nor the deputy."""
    first = one.change.recorded_by
    return one.waiting and person.has(*HANDLERS) and person.id != first and first not in person.stands_in_for


def may_withdraw(one: Change, person: Person) -> bool:
    """Whether this person has proposed it and nobody has decided it."""
    return one.waiting and person.has(Role.OFFICE) and person.id == one.change.recorded_by


def confirm(session: Session, parameter: str, change_id: UUID, *, by: Person) -> Change:
    """Let a proposed value count from its day.

    Raises `NotPermitted`, `NotFound`, `Conflict` for one that was decided, or overtaken by a call.
    """
    found = _held(session, parameter, change_id, by)
    if calls := found.overtaken_by:
        named = "”“".join(call.title for call in calls)
        raise Conflict(OVERTAKEN, calls=named, day=found.change.effective_on.isoformat())
    _rule(session, found.change, by=by)
    journal.note(session, "policy-changed", case=None, by=by, parameter=parameter, **told_of(found.change))
    return change_of(session, change_id, by=by)


def decline(session: Session, parameter: str, change_id: UUID, answer: str, *, by: Person) -> Change:
    """Leave the policy as it is, and say why."""
    found = _held(session, parameter, change_id, by)
    if not 0 < len(answer.strip()) <= LONGEST_ANSWER:
        raise Invalid(faults=[Fault("answer", gettext(NO_ANSWER, longest=LONGEST_ANSWER))])
    _rule(session, found.change, answer.strip(), by=by)
    told = told_of(found.change) | {"reason": answer.strip()}
    journal.note(session, "policy-declined", case=None, by=by, parameter=parameter, **told)
    return change_of(session, change_id, by=by)


def withdraw(session: Session, parameter: str, change_id: UUID, *, by: Person) -> Change:
    """Take back what one has proposed oneself; a new proposal may follow.

    Raises `NotPermitted` for anybody else, `NotFound`, `Conflict` for one that was decided.
    """
    require(by, Role.OFFICE)
    found = _waiting(session, parameter, change_id, by)
    if not may_withdraw(found, by):
        raise NotPermitted(NOT_YOURS)
    _rule(session, found.change, withdrawn=True, by=by)
    journal.note(session, "policy-withdrawn", case=None, by=by, parameter=parameter, **told_of(found.change))
    return change_of(session, change_id, by=by)


def overtaking(change: PolicyChange, calls: Sequence[Call]) -> list[Call]:
    """Return the calls opened since the proposal, for its day or a later one, that keep another value for ever.

    Not those whose value rests on a decision of their own, or on a change for a later day.
    """
    return [call for call in calls if call.created_at >= change.recorded_at and _contradicts(call, change)]


def _contradicts(call: Call, change: PolicyChange) -> bool:
    if local(call.opens_at).date() < change.effective_on:
        return False
    kept = SourcedPolicy.kept(call.policy)
    ground = kept.provenance[change.parameter]
    elsewhere = ground.own or (ground.effective_on is not None and ground.effective_on > change.effective_on)
    return not elsewhere and float(getattr(kept.policy, change.parameter)) != change.value


def _calls(session: Session) -> Sequence[Call]:
    return session.exec(select(Call).order_by(col(Call.opens_at), Call.code)).all()


def _held(session: Session, parameter: str, change_id: UUID, by: Person) -> Change:
    """Return a proposal that this person may decide, while no call is opened and nobody else decides."""
    require(by, *HANDLERS)
    pass_through(session, "open-call")
    found = _waiting(session, parameter, change_id, by)
    if found.change.recorded_by == by.id:
        raise NotPermitted(SAME_PERSON)
    if not may_decide(found, by):
        raise NotPermitted(STANDS_IN)
    return found


def _waiting(session: Session, parameter: str, change_id: UUID, by: Person) -> Change:
    """Return a proposal that nobody has decided, while nobody else does."""
    pass_through(session, f"policy {parameter}")
    found = change_of(session, change_id, by=by)
    if found.change.parameter != parameter:
        raise NotFound
    if ruling := found.ruling:
        sentence = WITHDRAWN if ruling.withdrawn else CONFIRMED if ruling.confirmed else DECLINED
        name = found.decider.name if found.decider else found.proposer.name
        raise Conflict(sentence, by=name, at=f"{local(ruling.decided_at):%Y-%m-%d %H:%M}")
    return found


def _rule(session: Session, change: PolicyChange, answer: str = "", *, withdrawn: bool = False, by: Person) -> None:
    """Write down how it ended; a declined one has an answer."""
    ruling = PolicyRuling(
        change_id=change.id, proposed_by=change.recorded_by, confirmed=not answer and not withdrawn,
        withdrawn=withdrawn, answer=answer, decided_by=by.id,
    )  # fmt: skip
    session.add(ruling)
    session.flush()
