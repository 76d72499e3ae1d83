"""Questions of the panel to the institution, and the answers; the frozen papers stay as they are."""

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.case_papers import looking_at, permit
from api.deps import CaseReference, SignedIn
from api.idempotency import Made, OnlyOnce
from api.schemas.common import Page, refusals
from api.schemas.scoring import AnswerGiven, QuestionGiven, QuestionTold
from casework.cases import by_reference
from casework.clarifications import answer, ask, clarifications_for, may_see
from casework.naming import naming_of
from casework.people import Person
from core.db import transaction
from models.case import Case

router = APIRouter(prefix="/cases/{reference}/clarifications", tags=["Scoring"])

REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)


@router.get("", responses=refusals(401, 403, 404))
def list_questions(reference: CaseReference, person: SignedIn) -> Page[QuestionTold]:
    """List the questions of a case to the institution, its panel and those who oversee."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=may_see(naming.sight))
        found = clarifications_for(session, case, naming.sight)
    return Page(items=[QuestionTold.of(case.reference, one, naming) for one in found], next="")


@router.post("", status_code=201, response_model=QuestionTold, responses=REFUSALS)
def put_question(reference: CaseReference, given: QuestionGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Ask the institution, as a member of the panel whose duty is open; it learns the question, not who asks."""
    with transaction() as session:

        def effect() -> Made:
            case = by_reference(session, reference)
            return _told(session, case, ask(session, case.id, given.question, by=person).number, person)

        return once.answer(session, effect)


@router.post("/{number}/answer", status_code=201, response_model=QuestionTold, responses=REFUSALS)
def answer_question(
    reference: CaseReference, number: int, given: AnswerGiven, person: SignedIn, once: OnlyOnce
) -> Response:
    """Answer a question in words, once, by its day."""
    with transaction() as session:

        def effect() -> Made:
            case = by_reference(session, reference)
            return _told(session, case, answer(session, case.id, number, given.answer, by=person).number, person)

        return once.answer(session, effect)


def _told(session: Session, case: Case, number: int, person: Person) -> Made:
    naming = naming_of(session, case, person)
    found = next(one for one in clarifications_for(session, case, naming.sight) if one[0].number == number)
    told = QuestionTold.of(case.reference, found, naming)
    return Made(told, location=f"/api/v1/cases/{case.reference}/clarifications")
