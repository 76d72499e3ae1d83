"""What recommending and accepting leave in a case: the scan of an open duty, check lists, the notice of acceptance."""

from fastapi import APIRouter, UploadFile
from starlette.responses import Response

from api.case_papers import looking_at, permit
from api.deps import CaseReference, SignedIn
from api.files import PDF, download
from api.schemas.common import Page, refusals
from api.schemas.recommending import ExaminationTold, NoticeTold, ScanTold
from casework.decisions import absent_at
from casework.recommending.notices import filename_of, notice_of, pdf
from casework.recommending.scans import attach_scan, detach_scan, scan_in
from casework.recommending.sheets import examinations_of
from core.addresses import KnownId, Words
from core.db import transaction
from core.errors import NotFound
from core.files import fetch

router = APIRouter()

SEEN = refusals(401, 403, 404)


@router.put(
    "/assignments/{assignment_id}/scan",
    tags=["Assignments"],
    responses=refusals(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
def put_scan(assignment_id: KnownId, file: UploadFile, person: SignedIn) -> ScanTold:
    """Attach the signed and sealed recommendation (a PDF of at most 20 MB) to the open duty, before it is decided."""
    content = file.file.read()
    with transaction() as session:
        return ScanTold.model_validate(attach_scan(session, assignment_id, (file.filename or "", content), by=person))


@router.delete(
    "/assignments/{assignment_id}/scan", status_code=204, tags=["Assignments"], responses=refusals(401, 403, 404, 409)
)
def delete_scan(assignment_id: KnownId, person: SignedIn) -> Response:
    """Take the scan away while the duty is open."""
    with transaction() as session:
        detach_scan(session, assignment_id, by=person)
    return Response(status_code=204)


@router.get("/cases/{reference}/examinations", tags=["Cases"], responses=SEEN)
def list_examinations(reference: CaseReference, person: SignedIn) -> Page[ExaminationTold]:
    """List the check lists of a case, for the office, the decider, the auditor and the recommending body."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.examinations)
        found = examinations_of(session, case.id)
        absent = absent_at(session, case.id)
        told = [ExaminationTold.of(row, absent.get((row[0].stage, row[0].round), ""), naming) for row in found]
    return Page(items=told, next="")


@router.get(
    "/cases/{reference}/scans/{sha256}",
    tags=["Cases"],
    response_class=Response,
    responses=PDF | SEEN,
)
def read_scan(reference: CaseReference, sha256: Words, person: SignedIn) -> Response:
    """Give the signed and sealed recommendation."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.examinations)
        scan = scan_in(session, case.id, sha256)
    return download(fetch(scan.sha256), scan.filename)


@router.get("/cases/{reference}/notice", tags=["Cases"], responses=SEEN)
def read_notice(reference: CaseReference, person: SignedIn) -> NoticeTold:
    """Tell the notice of acceptance, or of refusal, that stands."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.decisions)
        notice = notice_of(session, case.id)
    if not notice:
        raise NotFound
    return NoticeTold.of(notice)


@router.get("/cases/{reference}/notice/pdf", tags=["Cases"], response_class=Response, responses=PDF | SEEN)
def print_notice(reference: CaseReference, person: SignedIn) -> Response:
    """Give the notice as it was issued."""
    with looking_at(reference, person) as (session, case, naming):
        permit(allowed=naming.sight.decisions)
        notice = notice_of(session, case.id)
    if not notice:
        raise NotFound
    return download(pdf(notice), filename_of(notice, case))
