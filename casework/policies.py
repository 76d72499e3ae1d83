"""The policy in time: which values hold for a call that opens on a day, what they rest on, how a new one is proposed.

A change takes two persons: it counts once another one has confirmed it, see `casework.policy_rulings`.
"""

from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.letters import post
from casework.people import Person, deputies_of, holders_of
from casework.turnstile import pass_through
from core.clock import local, today
from core.errors import Conflict, Fault, Invalid, NotFound
from core.i18n import gettext, marked
from models.call import PolicyChange, PolicyRuling
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
ALREADY = marked("该项已由{by}于{at}提出并经确认，不必重复提出。")
PENDING = marked("该项同一施行日期的提议已由{by}于{at}提出，尚待确认，请先办结。")
HANDLERS = (Role.OFFICE, Role.DECIDER)
"""Whose second person a change takes."""


@dataclass(frozen=True)
class NewValue:
    """A value that a parameter is to have for calls opening on `effective_on` or later, and what it rests on."""

    parameter: str
    value: float
    effective_on: date
    source: Source
    citation: str


def policy_on(session: Session, day: date) -> SourcedPolicy:
    """Return the policy of a call that opens on a day; what nobody has changed is as the regulation declares it.

    Only what a second person has confirmed counts.
    """
    found = select(PolicyChange).join(PolicyRuling, col(PolicyRuling.change_id) == PolicyChange.id)
    found = found.where(PolicyChange.effective_on <= day, col(PolicyRuling.confirmed))
    changes = session.exec(found.order_by(col(PolicyChange.effective_on), col(PolicyChange.recorded_at)))
    newest = {change.parameter: change for change in changes if change.parameter in PARAMETERS}
    values = {name: number_of(name, change.value) for name, change in newest.items()}
    provenance = {
        name: Provenance(change.source, change.citation, change.effective_on) for name, change in newest.items()
    }
    return SourcedPolicy(replace(Policy(), **values), {**DECLARED, **provenance})  # type: ignore[arg-type]


def propose_value(session: Session, new: NewValue, *, by: Person) -> PolicyChange:
    """Propose a parameter's value for future calls; calls that are open keep theirs, whoever may confirm is asked.

    Raises `NotPermitted`, `NotFound` for no parameter, `Conflict` for what was proposed before, `Invalid`.
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
    journal.note(session, "policy-proposed", case=None, by=by, parameter=change.parameter, **told_of(change))
    ask_for_confirmation(session, change, by=by)
    return change


def told_of(change: PolicyChange) -> dict[str, Any]:
    """Return what the journal says of a change."""
    return {"value": change.value, "effective_on": change.effective_on.isoformat(), "citation": change.citation}


def ask_for_confirmation(session: Session, change: PolicyChange, *, by: Person) -> None:
    """Post the letter to everybody who may confirm: not who proposed it, nor who stands in for that person."""
    declared = PARAMETERS[change.parameter].metadata
    facts = {
        "parameter": declared["title"],
        "value": f"{change.value:g}",
        "unit": declared["unit"],
        "effective_on": change.effective_on.isoformat(),
        "basis": change.citation,
        "proposer": by.name,
        "path": f"/office/policy/{change.parameter}",
    }
    excluded = {by.id} | {user.id for user in deputies_of(session, {by.id}, today())}
    able = {user.id: user for role in HANDLERS for user in holders_of(session, role)}
    for user in (one for one in able.values() if one.id not in excluded):
        post(session, "policy-proposed", user, about=str(change.id), **facts)


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
    """Raise `Conflict`, saying who and when, where one for this day waits, or this very value is the newest of it."""
    found = select(PolicyChange, User, PolicyRuling).join(User, col(User.id) == PolicyChange.recorded_by)
    found = found.join(PolicyRuling, col(PolicyRuling.change_id) == PolicyChange.id, isouter=True)
    found = found.where(PolicyChange.parameter == new.parameter, PolicyChange.effective_on == new.effective_on)
    found = found.where(col(PolicyRuling.confirmed).is_not(False))
    newest = session.exec(found.order_by(col(PolicyChange.recorded_at).desc())).first()
    if not newest:
        return
    change, user, ruling = newest
    same = (change.value, change.source, change.citation) == (new.value, new.source, new.citation.strip())
    if ruling is None or same:
        sentence = ALREADY if ruling else PENDING
        raise Conflict(sentence, by=user.name, at=f"{local(change.recorded_at):%Y-%m-%d %H:%M}")


def number_of(name: str, value: float) -> float:
    """Return a stored value as the kind of number its parameter is."""
    return int(value) if is_whole(name) else value
