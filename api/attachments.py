"""The papers of a draft."""

from fastapi import APIRouter, UploadFile
from starlette.responses import Response

from api.applications import Applicant
from api.files import PDF, download
from api.schemas.applications import AttachmentTold
from api.schemas.common import refusals
from casework.applications import attach, detach, documents_of, own
from core.addresses import KnownId, Words
from core.db import reading, transaction
from core.errors import NotFound
from core.files import fetch

router = APIRouter(prefix="/applications/{application_id}/attachments/{kind}", tags=["Applications"])


@router.put("", responses=refusals(400, 401, 403, 404, 409, 413, 415, 422, 503))
def attach_paper(application_id: KnownId, kind: Words, file: UploadFile, person: Applicant) -> AttachmentTold:
    """Attach a PDF of at most 20 MB in place of the one before it; `kind` is the key of a `file` field of the form."""
    content = file.file.read()
    with transaction() as session:
        return AttachmentTold.of(attach(session, application_id, kind, (file.filename or "", content), by=person))


@router.get("", response_class=Response, responses=PDF | refusals(401, 403, 404))
def read_paper(application_id: KnownId, kind: Words, person: Applicant) -> Response:
    """Give the paper as it was attached."""
    with reading() as session:
        application = own(session, application_id, person)
        paper = next((d for d in documents_of(session, application.id) if d.kind == kind), None)
    if not paper:
        raise NotFound
    return download(fetch(paper.sha256), paper.filename)


@router.delete("", status_code=204, responses=refusals(401, 403, 404, 409))
def detach_paper(application_id: KnownId, kind: Words, person: Applicant) -> Response:
    """Take a paper out of the draft; what was filed keeps its papers."""
    with transaction() as session:
        detach(session, application_id, kind, by=person)
    return Response(status_code=204)
