"""How a panel scores: the sheet of a call, drafts, what the reviews come to, and the committee's resolution."""

from fastapi import APIRouter, BackgroundTasks
from sqlmodel import Session
from starlette.responses import Response

from api.case_papers import looking_at, permit
from api.deps import CaseReference, SignedIn, VersionSeen
from api.files import PDF, download
from api.idempotency import Made, OnlyOnce
from api.replacing import Officer
from api.schemas.assignments import MemberTold
from api.schemas.common import Page, refusals
from api.schemas.scoring import DraftGiven, DraftTold, MoreExpertsGiven, ResultTold, SheetGiven, SheetTold
from casework.calls import by_code
from casework.cases import by_reference
from casework.enlarging import enlarge_panel
from casework.people import Person
from casework.resolution import concluded_rounds, resolution, resolution_name
from casework.results import results_of
from casework.review_drafts import draft_of, save_draft
from casework.sheets import is_open_to_change, set_sheet
from core.addresses import KnownId, Words
from core.db import reading, transaction
from flows.gateway import ring
from models.person import User

router = APIRouter(tags=["Scoring"])

CALL, DUTY, CASE = "/calls/{code}/sheet", "/assignments/{assignment_id}/draft", "/cases/{reference}"
CHANGING = refusals(400, 401, 403, 404, 409, 415, 422)


@router.get(CALL, responses=refusals(404))
def read_sheet(code: Words) -> SheetTold:
    """Tell the scoring sheet of a call; no sign-in needed. Without groups a single score is asked for."""
    with reading() as session:
        call = by_code(session, code)
    return SheetTold.of(call, editable=is_open_to_change(call))


@router.put(CALL, responses=CHANGING)
def write_sheet(code: Words, given: SheetGiven, officer: Officer) -> SheetTold:
    """Give a call its scoring sheet, until the call opens; everything wrong is told at once."""
    with transaction() as session:
        return SheetTold.of(set_sheet(session, code, given.sheet(), by=officer), editable=True)


@router.delete(CALL, status_code=204, responses=refusals(401, 403, 404, 409))
def drop_sheet(code: Words, officer: Officer) -> Response:
    """Have a call scored with a single figure instead, until the call opens."""
    with transaction() as session:
        set_sheet(session, code, None, by=officer)
    return Response(status_code=204)


@router.get(DUTY, responses=refusals(401, 403, 404))
def read_draft(assignment_id: KnownId, person: SignedIn) -> DraftTold:
    """Tell one's own draft of a review."""
    with reading() as session:
        return DraftTold.of(draft_of(session, assignment_id, by=person))


@router.put(DUTY, responses=refusals(400, 401, 403, 404, 409, 412, 415, 422, 428))
def write_draft(assignment_id: KnownId, given: DraftGiven, person: SignedIn, version: VersionSeen) -> DraftTold:
    """Keep what was typed so far; `If-Match` names the version it was typed over, `"0"` for the first."""
    with transaction() as session:
        return DraftTold.of(save_draft(session, assignment_id, given.typed, version, by=person))


@router.get(f"{CASE}/results", responses=refusals(401, 403, 404))
def list_results(reference: CaseReference, person: SignedIn) -> Page[ResultTold]:
    """Tell, round by round, what the reviews come to once all of a panel's are in."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.all_reviews)
        concluded = concluded_rounds(session, case) if naming.sight.names else set()
        found = [(at.round, result) for at, result in results_of(session, case)]
    here = f"/api/v1/cases/{case.reference}/resolutions"
    told = [ResultTold.of(at, one, f"{here}/{at}/pdf" if at in concluded else "") for at, one in found]
    return Page(items=told, next="")


@router.get(f"{CASE}/resolutions/{{number}}/pdf", response_class=Response, responses=PDF | refusals(401, 403, 404, 422))
def print_resolution(reference: CaseReference, number: int, person: SignedIn) -> Response:
    """Give the committee's resolution on a concluded round; it names the members, so it is for those who may know."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.names and naming.sight.all_reviews)
        paper = resolution(session, case, number)
    return download(paper, resolution_name(case, number))


@router.post(f"{CASE}/panel", status_code=201, response_model=Page[MemberTold], responses=CHANGING)
def ask_more_experts(
    reference: CaseReference, given: MoreExpertsGiven, officer: Officer, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """Ask two more experts, where all have answered and one reviewer alone tips the result; once a round."""
    with transaction() as session:
        return once.answer(session, lambda: _enlarged(session, reference, given, officer, after))


def _enlarged(
    session: Session, reference: str, given: MoreExpertsGiven, officer: Person, after: BackgroundTasks
) -> Made:
    case = by_reference(session, reference)
    seats = enlarge_panel(session, case.id, given.members, by=officer)
    after.add_task(ring, case.id)
    told = [MemberTold.of(seat, session.get_one(User, seat.user_id)) for seat in seats]
    return Made(Page[MemberTold](items=told, next=""), location=f"/api/v1/cases/{case.reference}")
