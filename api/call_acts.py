"""What the office does with a call after opening it: its windows extended, papers added to its notice."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, UploadFile
from starlette.responses import Response

from api.deps import Holding, SignedIn
from api.files import PDF, download
from api.idempotency import Made, OnlyOnce
from api.schemas.calls import CallTold, ExtensionGiven, ExtensionTold, NoticeAttachmentTold
from api.schemas.common import refusals
from casework.calls import by_code
from casework.calls.attachments import attach_to_notice, attachment_of, attachments_of, take_from_notice
from casework.calls.extensions import Later, extend, extensions_of
from casework.people import Person
from core.addresses import Words
from core.db import reading, transaction
from core.files import fetch
from regulation.roles import Role

router = APIRouter(prefix="/calls/{code}", tags=["Calls"])

Officer = Annotated[Person, Depends(Holding(Role.OFFICE))]
Sha256 = Annotated[str, Path(max_length=64)]


@router.get("/extensions", responses=refusals(404))
def list_extensions(code: Words) -> list[ExtensionTold]:
    """Tell the extensions of a call in their order; no sign-in needed."""
    with reading() as session:
        found = extensions_of(session, by_code(session, code))
    return [ExtensionTold.of(extension) for extension, _ in found]


@router.post(
    "/extensions",
    status_code=201,
    response_model=CallTold,
    responses=refusals(400, 401, 403, 404, 415, 422),
)
def extend_call(code: Words, given: ExtensionGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Let windows of a call end later (the office); recommenders, and applicants with a draft, get a letter."""
    with transaction() as session:

        def extended() -> Made:
            extend(session, code, Later(given.closes_at, given.recommend_by, given.reasons), by=person)
            return Made(CallTold.of(by_code(session, code)), location=f"/api/v1/calls/{quote(code)}")

        return once.answer(session, extended)


@router.get("/attachments", responses=refusals(404))
def list_notice_attachments(code: Words) -> list[NoticeAttachmentTold]:
    """List the papers of a call's notice; no sign-in needed."""
    with reading() as session:
        found = attachments_of(session, by_code(session, code))
    return [NoticeAttachmentTold.of(one) for one in found]


@router.post("/attachments", status_code=201, responses=refusals(400, 401, 403, 404, 409, 413, 415, 422, 503))
def attach_to_call(code: Words, file: UploadFile, person: Officer) -> NoticeAttachmentTold:
    """Attach a PDF of at most 20 MB to a call's notice (the office); it is public at once."""
    content = file.file.read()
    with transaction() as session:
        return NoticeAttachmentTold.of(attach_to_notice(session, code, (file.filename or "", content), by=person))


@router.get("/attachments/{sha256}", response_class=Response, responses=PDF | refusals(404))
def read_notice_attachment(code: Words, sha256: Sha256) -> Response:
    """Give a paper of a call's notice as it was attached; no sign-in needed."""
    with reading() as session:
        found = attachment_of(session, by_code(session, code), sha256)
    return download(fetch(found.sha256), found.filename)


@router.delete("/attachments/{sha256}", status_code=204, responses=refusals(401, 403, 404, 409))
def detach_from_call(code: Words, sha256: Sha256, person: SignedIn) -> Response:
    """Take a paper out of the notice of a call that has not opened (the office)."""
    with transaction() as session:
        take_from_notice(session, code, sha256, by=person)
    return Response(status_code=204)
