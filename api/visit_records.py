"""The record of a visit in preparation: what it compares, its photos, the team's draft, and standing by it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from api.acts import conclusion_of, visit_of
from api.deps import CaseReference, SignedIn
from api.files import PDF, download
from api.idempotency import Made, OnlyOnce
from api.schemas.common import Page, refusals
from api.schemas.visits import (
    ConfirmationGiven,
    DraftGiven,
    DraftTold,
    LineTold,
    PhotoTold,
    SignatureTold,
    SignedPageTold,
)
from casework.access import sight_of
from casework.assignments import own
from casework.cases import by_reference, latest_submission
from casework.inspections import content_of
from casework.people import Person
from casework.visits.on_paper import record_name, visit_record
from casework.visits.photos import add_photo, photo_of_case, photos_of_round, remove_photo
from casework.visits.signed_pages import attach_page, detach_page
from casework.visits.signing import confirm, digest_of, keep_draft
from core.addresses import KnownId, Words
from core.db import reading, transaction
from core.errors import NotAssigned, NotFound
from core.files import fetch
from models.case import Assignment, Case
from models.visit import VisitPhoto
from regulation.checklist import checklist
from regulation.roles import Duty

router = APIRouter(tags=["Visits"])

REFUSALS = refusals(400, 401, 403, 404, 409, 415, 422)
PHOTO: dict[int | str, dict[str, Any]] = {
    200: {"description": "The photo.", "content": {"image/jpeg": {"schema": {"type": "string"}}}}
}


@router.get("/assignments/{assignment_id}/checklist", responses=refusals(401, 403, 404))
def read_checklist(assignment_id: KnownId, person: SignedIn) -> Page[LineTold]:
    """List the declared values that the visit compares, in the order of article 4."""
    with reading() as session:
        duty = visiting(own(session, assignment_id, person))
        content = latest_submission(session, session.get_one(Case, duty.case_id)).content
    return Page(items=[LineTold.of(line) for line in checklist(content)], next="")


@router.put("/assignments/{assignment_id}/record", responses=REFUSALS)
def keep_record(assignment_id: KnownId, given: DraftGiven, person: SignedIn) -> DraftTold:
    """Keep the record in preparation for the team, complete or not; its hash is what the others confirm."""
    with transaction() as session:
        visiting(own(session, assignment_id, person))
        content = content_of(visit_of(given), conclusion_of(given))
        draft = keep_draft(session, assignment_id, content, by=person)
        sha256 = digest_of(draft.content, photos_of_round(session, draft.stage_round_id))
        return DraftTold(assignment=assignment_id, saved_at=draft.saved_at, sha256=sha256)


@router.post(
    "/assignments/{assignment_id}/confirmation", status_code=201, response_model=SignatureTold, responses=REFUSALS
)
def confirm_record(assignment_id: KnownId, given: ConfirmationGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Stand by the draft of that hash; refused when it, or its photos, are others by now."""
    with transaction() as session:

        def effect() -> Made:
            visiting(own(session, assignment_id, person))
            return Made(SignatureTold.of(confirm(session, assignment_id, given.sha256, by=person), person.name))

        return once.answer(session, effect)


@router.get("/assignments/{assignment_id}/photos", responses=refusals(401, 403, 404))
def list_photos(assignment_id: KnownId, person: SignedIn) -> Page[PhotoTold]:
    """List the photos of the visit, the first one first."""
    with reading() as session:
        found = photos_of_round(session, visiting(own(session, assignment_id, person)).stage_round_id)
    return Page(items=[PhotoTold.of(photo) for photo in found], next="")


@router.post("/assignments/{assignment_id}/photos", status_code=201, responses=REFUSALS | refusals(413, 503))
def add_visit_photo(
    assignment_id: KnownId, file: UploadFile, person: SignedIn, line: Annotated[str, Form(max_length=60)] = ""
) -> PhotoTold:
    """Add a JPEG or PNG of at most 10 MB to a line, a condition or the whole visit; time and place are read from it."""
    content = file.file.read()
    with transaction() as session:
        visiting(own(session, assignment_id, person))
        return PhotoTold.of(add_photo(session, assignment_id, line, (file.filename or "", content), by=person))


@router.delete("/assignments/{assignment_id}/photos/{sha256}", status_code=204, responses=refusals(401, 403, 404, 409))
def remove_visit_photo(assignment_id: KnownId, sha256: Words, person: SignedIn) -> Response:
    """Take a photo out of the record in preparation."""
    with transaction() as session:
        visiting(own(session, assignment_id, person))
        remove_photo(session, assignment_id, sha256, by=person)
    return Response(status_code=204)


@router.put("/assignments/{assignment_id}/signed-page", responses=REFUSALS | refusals(413, 503))
def put_signed_page(assignment_id: KnownId, file: UploadFile, person: SignedIn) -> SignedPageTold:
    """Bring the scan of the signed page (a PDF of at most 20 MB), in place of the one before it.

    The record that is filed afterwards with `on_paper` names it; without it, who signed by hand is refused.
    """
    content = file.file.read()
    with transaction() as session:
        visiting(own(session, assignment_id, person))
        return SignedPageTold.of(attach_page(session, assignment_id, (file.filename or "", content), by=person))


@router.delete("/assignments/{assignment_id}/signed-page", status_code=204, responses=refusals(401, 403, 404, 409))
def delete_signed_page(assignment_id: KnownId, person: SignedIn) -> Response:
    """Take the scan away while the visit is open."""
    with transaction() as session:
        visiting(own(session, assignment_id, person))
        detach_page(session, assignment_id, by=person)
    return Response(status_code=204)


@router.get(
    "/cases/{reference}/inspections/{number}/pdf",
    response_class=Response,
    responses=PDF | refusals(401, 404, 422),
)
def print_record(reference: CaseReference, number: int, person: SignedIn) -> Response:
    """Give the record of a round's visit on paper, to whoever may see the visit."""
    with reading() as session:
        case = by_reference(session, reference)
        if not sight_of(session, person, case).inspection:
            raise NotFound
        paper = visit_record(session, case, number)
    return download(paper, record_name(case, number))


@router.get("/cases/{reference}/photos/{sha256}", response_class=Response, responses=PHOTO | refusals(401, 404))
def read_photo(reference: CaseReference, sha256: Words, person: SignedIn) -> Response:
    """Give a photo as it was taken, to whoever may see the visit."""
    with reading() as session:
        photo = photo_seen(session, reference, sha256, person)
    return download(fetch(photo.sha256), photo.filename, photo.kind)


def visiting(duty: Assignment) -> Assignment:
    """Return the duty if it is a visit's; raises `NotAssigned`."""
    if duty.duty is not Duty.INSPECT:
        raise NotAssigned
    return duty


def photo_seen(session: Session, reference: str, sha256: str, person: Person) -> VisitPhoto:
    """Return a photo of a case whose visit this person may see; raises `NotFound`."""
    case = by_reference(session, reference)
    if not sight_of(session, person, case).inspection:
        raise NotFound
    return photo_of_case(session, case, sha256)
