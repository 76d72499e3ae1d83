"""Whose duty what is: one's own assignments, and whom the office may name."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from sqlmodel import Session

from api.deps import SignedIn
from api.paging import Paging
from api.schemas.assignments import AssignmentTold, CandidateTold
from api.schemas.common import Page, refusals
from casework.access import require
from casework.assignments import own
from casework.committees import ASSEMBLED_BY, Candidate, candidates
from casework.inboxes import archive_of, inbox_of, items, queue_of
from casework.people import Person
from casework.replacing import is_replaceable, substitutes
from core.addresses import KnownId
from core.db import reading
from core.errors import NotFound
from models.case import Assignment, Case
from regulation.roles import Role

router = APIRouter(prefix="/assignments", tags=["Assignments"])

LISTS = {"inbox": inbox_of, "queue": queue_of, "archive": archive_of}


@router.get("", responses=refusals(401, 422))
def list_assignments(
    person: SignedIn,
    paging: Paging,
    wanted: Annotated[
        Literal["inbox", "queue", "archive"],
        Query(alias="list", description="Given to me or my organisation; open to my role; done by me."),
    ] = "inbox",
) -> Page[AssignmentTold]:
    """List my assignments, the next to be due first."""
    with reading() as session:
        found = LISTS[wanted](session, person)
    rows = paging.cut(found, wanted, lambda item: (item.assignment.due_on, str(item.assignment.id)))
    return paging.told(rows, AssignmentTold.of)


@router.get("/{assignment_id}", responses=refusals(401, 403, 404))
def read_assignment(assignment_id: KnownId, person: SignedIn) -> AssignmentTold:
    """Tell one of my assignments, with what a decision can be and where to post it."""
    with reading() as session:
        own(session, assignment_id, person)
        return AssignmentTold.of(items(session, Assignment.id == assignment_id)[0])


@router.get("/{assignment_id}/candidates", responses=refusals(401, 403, 404, 422))
def list_candidates(assignment_id: KnownId, person: SignedIn, paging: Paging) -> Page[CandidateTold]:
    """List whom a panel or a team may be made of, or who could come instead of one of its members."""
    with reading() as session:
        found = able(session, session.get(Assignment, assignment_id), person)
    rows = paging.cut(found, "candidates", lambda candidate: (candidate.user.name, str(candidate.user.id)))
    return paging.told(rows, CandidateTold.of)


def able(session: Session, assignment: Assignment | None, person: Person) -> list[Candidate]:
    """Return who may be named in fulfilling an assignment, or in place of whoever has it; for the office."""
    if not assignment:
        raise NotFound
    if is_replaceable(assignment):
        require(person, Role.OFFICE)
        return substitutes(session, assignment)
    duty = own(session, assignment.id, person).duty
    if duty not in ASSEMBLED_BY.values():
        raise NotFound
    return candidates(session, duty, session.get_one(Case, assignment.case_id))
