"""Papers of a case that come of recommending and accepting: the signed scan, and the notice of acceptance."""

from fastapi import APIRouter
from starlette.responses import Response

from casework.recommending.notices import filename_of, notice_of, pdf
from casework.recommending.scans import scan_in
from core.addresses import Words
from core.db import reading
from core.errors import NotFound
from core.files import fetch
from pages.case_pages import opened
from pages.downloads import download
from pages.session import SignedIn

router = APIRouter()


@router.get("/cases/{reference}/scans/{sha256}")
def scan(reference: Words, sha256: Words, person: SignedIn) -> Response:
    """Give the signed and sealed recommendation, to whoever may see the check lists."""
    with reading() as session:
        file = opened(session, reference, person)
        if not file.sight.examinations:
            raise NotFound
        kept = scan_in(session, file.case.id, sha256)
    return download(fetch(kept.sha256), kept.filename)


@router.get("/cases/{reference}/notice")
def notice(reference: Words, person: SignedIn) -> Response:
    """Give the notice of acceptance, or of refusal, to whoever may see the decisions."""
    with reading() as session:
        file = opened(session, reference, person)
        issued = notice_of(session, file.case.id) if file.sight.decisions else None
    if not issued:
        raise NotFound
    return download(pdf(issued), filename_of(issued, file.case))
