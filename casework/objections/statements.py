"""The applicant's answer to an objection: in writing, once, knowing its gist and never its author."""

from uuid import UUID

from sqlmodel import Session

from casework import journal
from casework.access import sight_of
from casework.objections.handling import held_objection
from casework.people import Person
from core.clock import now
from core.errors import Conflict, Fault, Invalid, NotAssigned, NotFound
from core.i18n import marked
from models.case import Case
from models.objection import Objection

LONGEST = 2000

STATED = marked("贵单位已就该异议作出说明，不能重复提交。")
SETTLED = marked("该异议已办结，不能再提交说明。")
NOTHING = marked("请填写说明（不超过 2000 字）。")


def state(session: Session, objection_id: UUID, text: str, *, by: Person) -> Objection:
    """Answer an accepted objection in the institution's name, once.

    Raises `NotFound` for one that the institution was not told of, `NotAssigned` for whoever does not act for it,
    `Conflict`, `Invalid`.
    """
    case, objection = held_objection(session, objection_id)
    if not told_to(session, case, objection, by):
        raise NotAssigned
    if objection.stated_at:
        raise Conflict(STATED)
    if objection.concluded_at:
        raise Conflict(SETTLED)
    if not 0 < len(text.strip()) <= LONGEST:
        raise Invalid(faults=[Fault("statement", NOTHING)])
    objection.statement, objection.stated_at, objection.stated_by = text.strip(), now(), by.id
    journal.note(session, "objection-answered", case=case, by=by, stage=case.stage, number=objection.number)
    return objection


def told_to(session: Session, case: Case, objection: Objection, person: Person) -> bool:
    """Whether this is the institution's own case; raises `NotFound` when it was not told of the objection."""
    owner = sight_of(session, person, case).owner
    if owner and not objection.accepted:
        raise NotFound
    return owner
