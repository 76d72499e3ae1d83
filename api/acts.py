"""Fulfilling an assignment: a decision, a review, the record of a visit, the members of a panel or team."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks
from sqlmodel import Session
from starlette.responses import Response

from api.deps import SignedIn
from api.idempotency import Made, OnlyOnce
from api.schemas.assignments import ACTS, DecisionGiven, MembersGiven, Recorded, ReviewGiven
from api.schemas.common import Word, refusals
from api.schemas.recommending import SignedDecisionGiven
from api.schemas.visits import VisitRecordGiven
from casework.assignments import own
from casework.committees import assemble
from casework.decisions import Conclusion, decide
from casework.inspections import Seen, Visit, inspect
from casework.people import Person
from casework.reviews import Opinion, review
from casework.visits.lines import SeenLine
from casework.visits.signed_pages import with_page
from casework.visits.signing import Signing
from core.addresses import KnownId
from core.clock import now
from core.db import transaction
from core.errors import StageClosed
from core.i18n import marked
from flows.gateway import ring
from models.case import Assignment, Case, StageRound
from regulation.definition import stage
from regulation.outcomes import Outcome

router = APIRouter(prefix="/assignments/{assignment_id}", tags=["Assignments"])

ELSEWHERE = marked("该事项不以这种方式办理，请按其 act 所指的地址提交。")
REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)


@router.post("/decision", status_code=201, response_model=Recorded, responses=REFUSALS)
def record_decision(
    assignment_id: KnownId, given: SignedDecisionGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Record the decision that ends the round: the recommending body's, the office's, the chair's, the department's.

    Once. A recommendation and an acceptance come with their check list, see `checks`.
    """
    with transaction() as session:

        def effect() -> Made:
            assignment = fulfilling(session, assignment_id, "decision", person)
            sitting = given.meeting.sitting() if given.meeting else None
            conclusion = replace(conclusion_of(given), sheet=given.sheet, sitting=sitting)
            decide(session, assignment.id, conclusion, by=person)
            return recorded(session, assignment, after, given.outcome)

        return once.answer(session, effect)


@router.post("/review", status_code=201, response_model=Recorded, responses=REFUSALS)
def record_review(
    assignment_id: KnownId, given: ReviewGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Record an expert's own opinion, once; the others see it when all are in."""
    with transaction() as session:

        def effect() -> Made:
            assignment = fulfilling(session, assignment_id, "review", person)
            opinion = Opinion(given.score, given.recommendation, given.opinion, given.marks, given.remarks)
            review(session, assignment.id, opinion, by=person)
            return recorded(session, assignment, after)

        return once.answer(session, effect)


@router.post("/inspection", status_code=201, response_model=Recorded, responses=REFUSALS)
def record_inspection(
    assignment_id: KnownId, given: VisitRecordGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Record the visit with its findings and its conclusion, which ends the round; any member of the team, once."""
    with transaction() as session:

        def effect() -> Made:
            assignment = fulfilling(session, assignment_id, "inspection", person)
            visit = visit_of(given)
            signing = with_page(session, assignment.stage_round_id, visit.signing)
            inspect(session, assignment.id, replace(visit, signing=signing), conclusion_of(given), by=person)
            return recorded(session, assignment, after, given.outcome)

        return once.answer(session, effect)


@router.post("/members", status_code=201, response_model=Recorded, responses=REFUSALS)
def name_members(
    assignment_id: KnownId, given: MembersGiven, person: SignedIn, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Name the expert panel with its chair, or the inspection team with its leader."""
    with transaction() as session:

        def effect() -> Made:
            assignment = fulfilling(session, assignment_id, "members", person)
            assemble(session, assignment.id, given.members, given.leader, by=person)
            return recorded(session, assignment, after)

        return once.answer(session, effect)


def fulfilling(session: Session, assignment_id: UUID, act: str, person: Person) -> Assignment:
    """Return the person's assignment, if this is the act that fulfils it."""
    assignment = own(session, assignment_id, person)
    if ACTS.get(assignment.duty) != act:
        raise StageClosed(ELSEWHERE)
    return assignment


def conclusion_of(given: DecisionGiven) -> Conclusion:
    """Return what was decided."""
    return Conclusion(Outcome(given.outcome), given.reasons, given.corrections)


def visit_of(given: VisitRecordGiven) -> Visit:
    """Return the record of a visit."""
    findings = [Seen(item, f.declared, f.found, f.matches, f.note) for item, f in given.findings.items()]
    lines = [SeenLine(key, line.found, line.matches, line.note) for key, line in given.lines.items()]
    signing = Signing(given.representative, given.on_paper)
    return Visit(given.visited_on, given.summary, findings, lines, signing, basic=given.basic)


def recorded(session: Session, assignment: Assignment, after: BackgroundTasks, outcome: str = "") -> Made:
    """Tell what was recorded; the bell is rung after the commit."""
    after.add_task(ring, assignment.case_id)
    case, at = session.get_one(Case, assignment.case_id), session.get_one(StageRound, assignment.stage_round_id)
    chapter = stage(at.stage)
    told = Recorded(
        case=case.reference,
        stage=Word.of(chapter.key, chapter.title),
        round=at.round,
        recorded_at=assignment.done_at or now(),
        outcome=Word.of(outcome, chapter.words_for(Outcome(outcome))) if outcome else None,
    )
    return Made(told, location=f"/api/v1/cases/{case.reference}")
