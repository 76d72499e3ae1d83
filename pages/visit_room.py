"""A visit's record in preparation: kept for the team, confirmed by its members, with photos; and its files."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from casework.assignments import own
from casework.cases import latest_submission
from casework.inspections import content_of, inspections_of
from casework.people import Person
from casework.visits.on_paper import record_name, visit_record
from casework.visits.photos import add_photo, photo_of_case, remove_photo
from casework.visits.signing import confirm, draft_of, keep_draft
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid, JidiError, NotAssigned, NotFound, TooLarge, Unavailable, UnsupportedFile
from core.files import fetch
from core.i18n import gettext, marked
from models.case import Case
from pages.case_pages import opened
from pages.downloads import download
from pages.forms import Form
from pages.rendering import page, redirect
from pages.reviewer_pages import View, duty_page, sighted
from pages.session import SignedIn
from pages.submission import Submitted
from pages.visit_reading import form_with, record_in

router = APIRouter()

KEPT = marked("考察记录已暂存，考察组其他人员可以查看和确认。")
CONFIRMED = marked("您已确认考察记录。")
ADDED = marked("照片已上传。")
REMOVED = marked("照片已删除。")


@router.post("/duties/{assignment_id}/record")
def keep(request: Request, assignment_id: Words, form: Submitted, person: SignedIn) -> Response:
    """Keep the record in preparation, complete or not; what cannot be read is told, nothing typed is lost."""
    wanted = identity(assignment_id)

    def act(session: Session) -> None:
        duty = own(session, wanted, person)
        papers = latest_submission(session, session.get_one(Case, duty.case_id)).content
        visit, conclusion = record_in(form, papers, whole=False)
        form.refuse_faults()
        keep_draft(session, wanted, content_of(visit, conclusion), by=person)

    return _done(request, wanted, form, person, (act, KEPT, "#work"))


@router.post("/duties/{assignment_id}/confirmation")
def stand_by(request: Request, assignment_id: Words, form: Submitted, person: SignedIn) -> Response:
    """Stand by the record that was kept."""
    wanted = identity(assignment_id)
    return _done(
        request,
        wanted,
        form,
        person,
        (lambda session: confirm(session, wanted, form.value("sha256"), by=person), CONFIRMED, "#signatures"),
    )


@router.post("/duties/{assignment_id}/photos")
def photograph(request: Request, assignment_id: Words, form: Submitted, person: SignedIn) -> Response:
    """Add a photo to a line, a condition or the whole visit."""
    wanted = identity(assignment_id)

    def act(session: Session) -> None:
        own(session, wanted, person)
        photo = form.file("photo", marked("照片"), megabytes=10)
        form.refuse_faults()
        if photo:
            add_photo(session, wanted, form.value("line"), (photo.filename, photo.content), by=person)

    return _done(request, wanted, form, person, (act, ADDED, "#photos"))


@router.post("/duties/{assignment_id}/photos/{sha256}/removal")
def take_out(request: Request, assignment_id: Words, sha256: Words, form: Submitted, person: SignedIn) -> Response:
    """Take a photo out of the record in preparation."""
    wanted = identity(assignment_id)
    return _done(
        request,
        wanted,
        form,
        person,
        (lambda session: remove_photo(session, wanted, sha256, by=person), REMOVED, "#photos"),
    )


@router.get("/cases/{reference}/photos/{sha256}")
def photo(reference: Words, sha256: Words, person: SignedIn) -> Response:
    """Give a photo of a visit, as it was taken, to whoever may see the visit; it is saved, never shown in our pages."""
    with reading() as session:
        file = opened(session, reference, person)
        if not file.sight.inspection:
            raise NotFound
        found = photo_of_case(session, file.case, sha256)
    return download(fetch(found.sha256), found.filename, found.kind)


@router.get("/cases/{reference}/visits/{number}")
def on_paper(reference: Words, number: Words, person: SignedIn) -> Response:
    """Give the record of a round's visit on paper, to whoever may see the visit."""
    with reading() as session:
        file = opened(session, reference, person)
        if not file.sight.inspection or not (number.isascii() and number.isdigit()):
            raise NotFound
        paper = visit_record(session, file.case, int(number[:6]))
    return download(paper, record_name(file.case, int(number[:6])))


@router.get("/cases/{reference}/signed-pages/{sha256}")
def signed_page(reference: Words, sha256: Words, person: SignedIn) -> Response:
    """Give the scan of a record's signed page to whoever may see the visit."""
    with reading() as session:
        file = opened(session, reference, person)
        visits = inspections_of(session, file.case.id) if file.sight.inspection else []
    name = next((visit.scan_name for _, visit, _, _ in visits if visit.scan_sha256 == sha256), "")
    if not name:
        raise NotFound
    return download(fetch(sha256), name)


Act = tuple[Callable[[Session], object], str, str]
"""What is done, what is said of it, and where on the page one goes on."""


def _done(request: Request, wanted: UUID, form: Form, person: Person, act: Act) -> Response:
    """Do something to the record in preparation; refused, the duty's page is shown again with the reason."""
    do, said, place = act
    with reading() as session:
        sighted(session, wanted, person)
    try:
        with transaction() as session:
            do(session)
    except NotAssigned:
        raise
    except (Invalid, Conflict, UnsupportedFile, TooLarge, Unavailable) as refused:
        return _refused(request, wanted, form, person, refused)
    return redirect(request, f"/duties/{wanted}{place}", notice=gettext(said))


def _refused(request: Request, wanted: UUID, form: Form, person: Person, refused: JidiError) -> Response:
    sentence = refused.sentence()
    with reading() as session:
        assignment, file = sighted(session, wanted, person)
        if isinstance(refused, Invalid) and _is_record(form):
            form, sentence = form.refused(refused), ""
        elif not _is_record(form):
            draft = draft_of(session, assignment.stage_round_id)
            form, sentence = form_with(draft.content) if draft else Form.of(), _first(refused)
        context = duty_page(session, assignment, file, View(form, sentence, refused.status))
    return page(request, context.template, context, status=refused.status)


def _is_record(form: Form) -> bool:
    """Whether the record's own form was sent, and not a photo's or a confirmation's beside it."""
    return bool(form.values_of("summary"))


def _first(refused: JidiError) -> str:
    return gettext(refused.faults[0].message) if isinstance(refused, Invalid) and refused.faults else refused.sentence()
