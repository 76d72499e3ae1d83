"""What a case is judged by: papers, reviews, visits, and the runs of its flow; each as far as the reader may see it."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.deps import CaseReference, SignedIn
from api.files import PDF, download
from api.paging import Paging
from api.schemas.cases import TurnTold
from api.schemas.common import Page, refusals
from api.schemas.papers import FiledTold, HistoryTold, InspectionTold, ReviewTold, RunTold
from casework import bells
from casework.cases import by_reference, submissions_of
from casework.decisions import absent_at
from casework.inspections import inspections_of
from casework.naming import Naming, naming_of
from casework.people import Person
from casework.printing import paper_name, printed_submission
from casework.reviews import reviews_for
from casework.runs import runs_of
from casework.turns import turns_in
from casework.visits.lines import lines_of
from casework.visits.signing import signers_of
from core.addresses import Words
from core.db import reading
from core.errors import NotFound, NotPermitted
from core.files import fetch
from models.case import Case

router = APIRouter(prefix="/cases/{reference}", tags=["Cases"])


@router.get("/submissions", responses=refusals(401, 403, 404, 422))
def list_submissions(reference: CaseReference, person: SignedIn, paging: Paging) -> Page[FiledTold]:
    """List what was filed, the first version first: frozen, each under its SHA-256.

    Phones, e-mails and birth dates are hidden (`138****5678`, `1975-**`), but from the applicant, and for a while from
    whoever has said why they are needed (`POST …/unmasking`).
    """
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.papers)
        found = submissions_of(session, case)
    rows = paging.cut(found, "submissions", lambda one: (one.number,))
    return paging.told(rows, lambda one: FiledTold.whole(case.reference, one, personal=naming.sight.personal))


@router.get("/submissions/{number}/pdf", response_class=Response, responses=PDF | refusals(401, 403, 404, 422))
def print_submission(reference: CaseReference, number: int, person: SignedIn) -> Response:
    """Give the printable form of one filed version, with its SHA-256; the same version gives the same bytes."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.papers)
        filed = next((one for one in submissions_of(session, case) if one.number == number), None)
        if not filed:
            raise NotFound
        paper = printed_submission(session, case, filed, personal=naming.sight.personal)
    return download(paper, paper_name(filed.content, f"-{case.reference}-{filed.number}"))


@router.get("/files/{sha256}", response_class=Response, responses=PDF | refusals(401, 403, 404))
def read_file(reference: CaseReference, sha256: Words, person: SignedIn) -> Response:
    """Give one of the papers that were filed."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.papers)
        names = {paper["sha256"]: paper["filename"] for s in submissions_of(session, case) for paper in s.documents}
    if sha256 not in names:
        raise NotFound
    return download(fetch(sha256), names[sha256])


@router.get("/reviews", responses=refusals(401, 403, 404, 422))
def list_reviews(reference: CaseReference, person: SignedIn, paging: Paging) -> Page[ReviewTold]:
    """List the experts' opinions; an expert sees the own one, the chair all of them once all are in."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.own_review or naming.sight.all_reviews)
        panels = reviews_for(session, case, person, naming.sight)
        found = [(panel.at, written, user) for panel in panels for written, user in panel.reviews]
    rows = paging.cut(found, "reviews", lambda row: (row[0].round, row[1].reviewed_at, str(row[1].id)))
    return paging.told(rows, lambda row: ReviewTold.of(*row, naming))


@router.get("/inspections", responses=refusals(401, 403, 404, 422))
def list_inspections(reference: CaseReference, person: SignedIn, paging: Paging) -> Page[InspectionTold]:
    """List the visits with what was found."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.inspection)
        found = inspections_of(session, case.id)
        visits = [visit for _, visit, _, _ in found]
        lines, signed = lines_of(session, [visit.id for visit in visits]), signers_of(session, visits)
        absent = absent_at(session, case.id)
    rows = paging.cut(found, "inspections", lambda row: (row[0].round, str(row[1].id)))
    parts = {
        visit.id: (lines[visit.id], signed[visit.id], absent.get((at.stage, at.round), "")) for at, visit, *_ in found
    }
    return paging.told(rows, lambda row: InspectionTold.of(row, parts[row[1].id], naming))


@router.get("/runs", responses=refusals(401, 403, 404, 422))
def read_history(reference: CaseReference, person: SignedIn, paging: Paging) -> HistoryTold:
    """Tell every run of the case's flow as one history: why it woke, what it did, the state it ended in.

    It is the record's own history and does not depend on the engine's. `waits_for` says what the case waits for now.
    """
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.runs)
        found = [(number, *pair) for number, pair in enumerate(runs_of(session, case.id), 1)]
        news = len(bells.waiting(session, case.id))
        turns = turns_in(session, [case], named=naming.sight.names)[case.id]
    page = paging.told(paging.cut(found, "runs", lambda row: (row[0],)), lambda row: RunTold.of(*row, naming))
    return HistoryTold(
        case=case.reference,
        stalled=case.stalled_at is not None,
        news=news,
        waits_for=[TurnTold.of(turn) for turn in turns],
        runs=page.items,
        next=page.next,
    )


@contextmanager
def looking_at(reference: str, person: Person) -> Iterator[tuple[Session, Case, Naming]]:
    """Open the record at a case, with what this person may see of it; raises `NotFound` when that is nothing."""
    with reading() as session:
        case = by_reference(session, reference)
        yield session, case, naming_of(session, case, person)


def permit(*, allowed: bool) -> None:
    """Raise `NotPermitted` for a part of a case that this person may not see."""
    if not allowed:
        raise NotPermitted
