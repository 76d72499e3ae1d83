"""The policy in time: which values hold for a call that opens on a day, what they rest on, how they are changed."""

from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any

from sqlmodel import Session, col, select

from casework import journal
from casework.access import OVERSEERS, require
from casework.people import Person
from casework.turnstile import pass_through
from core.clock import local
from core.errors import Conflict, Fault, Invalid, NotFound
from core.i18n import gettext, marked
from models.call import PolicyChange
from models.person import User
from regulation.policy import PARAMETERS, Policy, is_whole, problem
from regulation.provenance import Provenance, Source
from regulation.roles import Role
from regulation.sourced import DECLARED, SourcedPolicy

EARLIEST, LATEST = date(2015, 1, 1), date(2099, 12, 31)
"""The regulation is of 2015."""
LONGEST_CITATION = 200
NO_CITATION = marked("请写明所依据的条文或决定（文号、会议纪要等），不超过 {longest} 字。")
NO_DAY = marked("施行日期应在 {earliest} 至 {latest} 之间。")
NO_NUMBER = marked("请填写数值。")
ALREADY = marked("该项已由{by}于{at}登记，不必重复登记。")


@dataclass(frozen=True)
class NewValue:
    """A value that a parameter is to have for calls opening on `effective_on` or later, and what it rests on."""

    parameter: str
    value: float
    effective_on: date
    source: Source
    citation: str


def policy_on(session: Session, day: date) -> SourcedPolicy:
    """Return the policy of a call that opens on a day; what nobody has changed is as the regulation declares it."""
    found = select(PolicyChange).where(PolicyChange.effective_on <= day)
    changes = session.exec(found.order_by(col(PolicyChange.effective_on), col(PolicyChange.recorded_at)))
    newest = {change.parameter: change for change in changes if change.parameter in PARAMETERS}
    values = {name: number_of(name, change.value) for name, change in newest.items()}
    provenance = {
        name: Provenance(change.source, change.citation, change.effective_on) for name, change in newest.items()
    }
    return SourcedPolicy(replace(Policy(), **values), {**DECLARED, **provenance})  # type: ignore[arg-type]


def change_policy(session: Session, new: NewValue, *, by: Person) -> PolicyChange:
    """Record a parameter's value for future calls; calls that are open keep theirs.

    Raises `NotPermitted`, `NotFound` for no parameter, `Conflict` for what was recorded before, `Invalid`.
    """
    require(by, Role.OFFICE)
    if new.parameter not in PARAMETERS:
        raise NotFound
    if faults := faults_of(new):
        raise Invalid(faults=faults)
    pass_through(session, f"policy {new.parameter}")
    refuse_repetition(session, new)
    change = PolicyChange(
        parameter=new.parameter,
        value=float(new.value),
        effective_on=new.effective_on,
        source=new.source,
        citation=new.citation.strip(),
        recorded_by=by.id,
    )
    session.add(change)
    session.flush()
    told: dict[str, Any] = {
        "value": change.value,
        "effective_on": change.effective_on.isoformat(),
        "citation": change.citation,
    }
    journal.note(session, "policy-changed", case=None, by=by, parameter=change.parameter, **told)
    return change


def faults_of(new: NewValue) -> list[Fault]:
    """Return everything that is wrong with a new value."""
    faults = []
    if not isfinite(new.value):
        faults.append(Fault("value", gettext(NO_NUMBER)))
    elif sentence := problem(new.parameter, new.value):
        faults.append(Fault("value", sentence))
    if not EARLIEST <= new.effective_on <= LATEST:
        faults.append(Fault("effective_on", gettext(NO_DAY, earliest=EARLIEST, latest=LATEST)))
    if not 1 < len(new.citation.strip()) <= LONGEST_CITATION:
        faults.append(Fault("citation", gettext(NO_CITATION, longest=LONGEST_CITATION)))
    return faults


def refuse_repetition(session: Session, new: NewValue) -> None:
    """Raise `Conflict`, saying who and when, if this very value is the newest one recorded for its day."""
    found = select(PolicyChange, User).join(User, col(User.id) == PolicyChange.recorded_by)
    found = found.where(PolicyChange.parameter == new.parameter, PolicyChange.effective_on == new.effective_on)
    newest = session.exec(found.order_by(col(PolicyChange.recorded_at).desc())).first()
    if not newest:
        return
    change, user = newest
    if (change.value, change.source, change.citation) == (new.value, new.source, new.citation.strip()):
        raise Conflict(ALREADY, by=user.name, at=f"{local(change.recorded_at):%Y-%m-%d %H:%M}")


def changes_of(session: Session, parameter: str | None = None, *, by: Person) -> list[tuple[PolicyChange, User]]:
    """Return what was recorded for one parameter, or for all, the newest day first; the overseers' to read."""
    require(by, *OVERSEERS)
    if parameter is not None and parameter not in PARAMETERS:
        raise NotFound
    found = select(PolicyChange, User).join(User, col(User.id) == PolicyChange.recorded_by)
    found = found.where(PolicyChange.parameter == parameter) if parameter is not None else found
    newest_first = found.order_by(col(PolicyChange.effective_on).desc(), col(PolicyChange.recorded_at).desc())
    return [(change, user) for change, user in session.exec(newest_first)]


def number_of(name: str, value: float) -> float:
    """Return a stored value as the kind of number its parameter is."""
    return int(value) if is_whole(name) else value
