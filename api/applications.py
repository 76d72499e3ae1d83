"""The institution's own applications: begin, edit, submit."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Body, Depends, Response
from fastapi.openapi.models import Example
from sqlmodel import Session

from api.deps import Holding, VersionSeen, etag
from api.files import PDF, download
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.applications import ApplicationBrief, ApplicationGiven, ApplicationTold, SubmissionTold
from api.schemas.common import Page, refusals
from casework.applications import applications_of, begin, own, own_in_full, save
from casework.calls import by_code
from casework.cases import latest_submission
from casework.people import Person
from casework.printing import paper_name, printed
from casework.submissions import submit
from core.addresses import KnownId
from core.db import reading, transaction
from flows.gateway import ring
from regulation.roles import Role

router = APIRouter(prefix="/applications", tags=["Applications"])

Applicant = Annotated[Person, Depends(Holding(Role.APPLICANT))]
EXAMPLES: dict[str, Example] = {
    "two fields": {"value": {"base_name": "江汉示例专业技术人员继续教育基地", "postcode": "430000"}},
    "a table": {"value": {"subjects": [{"name": "软件工程", "series": "工程技术系列", "kind": "professional"}]}},
}


@router.get("", responses=refusals(401, 403, 422))
def list_applications(person: Applicant, paging: Paging) -> Page[ApplicationBrief]:
    """List the institution's own applications, the oldest first."""
    with reading() as session:
        found = applications_of(session, person)
    rows = paging.cut(found, "applications", lambda row: (row[0].created_at, str(row[0].id)))
    return paging.told(rows, lambda row: ApplicationBrief.of(*row))


@router.post("", status_code=201, response_model=ApplicationTold, responses=refusals(400, 401, 403, 404, 409, 415, 422))
def begin_application(given: ApplicationGiven, person: Applicant, once: OnlyOnce) -> Response:
    """Begin an application in an open call, with the body that is to recommend it."""
    with transaction() as session:
        return once.answer(session, lambda: _begun(session, given, person))


@router.get("/{application_id}", responses=refusals(401, 403, 404))
def read_application(application_id: KnownId, person: Applicant, response: Response) -> ApplicationTold:
    """Tell an application with everything that is wrong or missing; `ETag` is its version."""
    with reading() as session:
        application, *_ = own_in_full(session, application_id, person)
        response.headers.update(etag(application.version))
        return ApplicationTold.whole(session, application)


@router.get("/{application_id}/pdf", response_class=Response, responses=PDF | refusals(401, 403, 404))
def print_application(application_id: KnownId, person: Applicant) -> Response:
    """Give the printable form: the draft, said to be one, while it can be edited; then what was filed last."""
    with reading() as session:
        application = own(session, application_id, person)
        return download(printed(session, application), paper_name(application.content))


@router.patch("/{application_id}", responses=refusals(400, 401, 403, 404, 409, 412, 413, 415, 422, 428))
def edit_application(
    application_id: KnownId,
    person: Applicant,
    version: VersionSeen,
    changes: Annotated[dict[str, Any], Body(openapi_examples=EXAMPLES, description="Answers by key, see `GET /form`.")],
    response: Response,
) -> ApplicationTold:
    """Save some answers; `If-Match` says which version they are based on. What is wrong is kept and told, not refused.

    412 names in `changed` what somebody else has saved meanwhile and this would overwrite.
    """
    with transaction() as session:
        application = save(session, application_id, changes, version, by=person)
        response.headers.update(etag(application.version))
        return ApplicationTold.whole(session, application)


@router.post(
    "/{application_id}/submission",
    status_code=201,
    response_model=SubmissionTold,
    responses=refusals(401, 403, 404, 409, 412, 422, 428),
)
def submit_application(
    application_id: KnownId, person: Applicant, version: VersionSeen, once: OnlyOnce, after: BackgroundTasks
) -> Response:
    """File the draft, for the first time or as a correction; 422 lists everything that is missing or wrong at once."""
    with transaction() as session:
        return once.answer(session, lambda: _submitted(session, application_id, version, person, after))


def _begun(session: Session, given: ApplicationGiven, person: Person) -> Made:
    application = begin(session, by_code(session, given.call), given.recommender_id, by=person)
    address = f"/api/v1/applications/{application.id}"
    return Made(ApplicationTold.whole(session, application), location=address, headers=etag(application.version))


def _submitted(session: Session, application_id: UUID, version: int, person: Person, after: BackgroundTasks) -> Made:
    case = submit(session, application_id, version, by=person)
    after.add_task(ring, case.id)
    told = SubmissionTold.of(case.reference, latest_submission(session, case))
    return Made(told, location=f"/api/v1/cases/{case.reference}")
