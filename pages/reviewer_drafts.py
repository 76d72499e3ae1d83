"""Drafts of a review: saved by a button, and by the page itself while one types."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session
from starlette.responses import Response

from casework.assignments import own
from casework.people import Person
from casework.review_drafts import draft_of, fields_of, save_draft
from casework.sheets import sheet_for
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid, JidiError, NotAssigned, PreconditionRequired, Stale
from core.i18n import gettext, marked
from models.case import Assignment, Case
from models.judgement import ReviewDraft
from pages.applicant_form import Telling
from pages.forms import Form
from pages.rendering import page, redirect
from pages.reviewer_pages import View, duty_page, sighted
from pages.reviewer_sheet import form_of
from pages.session import SignedIn
from pages.submission import Submitted

router = APIRouter()
autosaving = APIRouter(route_class=Telling)

OVERWRITES = marked("{sentence}再次点“保存草稿”，将以本页内容为准。")


@router.post("/duties/{assignment_id}/draft")
def save(request: Request, assignment_id: Words, form: Submitted, person: SignedIn) -> Response:
    """Keep what was typed; where it was changed in another window, say so and keep what was typed on the page."""
    try:
        draft = _kept(assignment_id, form, form.value("version"), person)
    except NotAssigned:
        raise
    except (Stale, Conflict, Invalid) as refused:
        return _refused(request, assignment_id, form, person, refused)
    notice = gettext("草稿已保存，各项合计 {n} 分。", n=_total(draft)) if _total(draft) else gettext("草稿已保存。")
    return redirect(request, f"/duties/{identity(assignment_id)}#work", notice=notice)


@autosaving.post("/duties/{assignment_id}/autosave")
def autosave(request: Request, assignment_id: Words, form: Submitted, person: SignedIn) -> JSONResponse:
    """Keep what was typed so far; answers with the next If-Match."""
    seen = request.headers.get("if-match", "").strip().strip('"')
    if not seen:
        raise PreconditionRequired
    draft = _kept(assignment_id, form, seen, person)
    return JSONResponse({"version": draft.version, "sentence": gettext("草稿已保存。")})


def _kept(assignment_id: str, form: Form, seen: str, person: Person) -> ReviewDraft:
    with transaction() as session:
        typed = _typed(session, assignment_id, form, person)
        return save_draft(session, identity(assignment_id), typed, _number(seen), by=person)


def _typed(session: Session, assignment_id: str, form: Form, person: Person) -> dict[str, str]:
    duty = own(session, identity(assignment_id), person)
    sheet = sheet_for(session, session.get_one(Case, duty.case_id))
    return {name: form.value(name.replace(".", "-")) for name in fields_of(sheet)}


def _number(seen: str) -> int:
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0


def _total(draft: ReviewDraft) -> int:
    marks = [text for name, text in draft.typed.items() if name.startswith("marks.")]
    return sum(int(text) for text in marks if text.isascii() and text.isdigit())


def _refused(request: Request, assignment_id: str, form: Form, person: Person, refused: JidiError) -> Response:
    """Show the duty again with everything that was typed, over the version that is the newest now."""
    sentence = refused.sentence()
    form.faults += refused.faults if isinstance(refused, Invalid) else []
    with reading() as session:
        assignment, file = sighted(session, identity(assignment_id), person)
        if isinstance(refused, Stale):
            sentence, form = gettext(OVERWRITES, sentence=sentence), _over_the_newest(session, assignment, form, person)
        context = duty_page(session, assignment, file, View(form, sentence, refused.status))
    return page(request, context.template, context, status=refused.status)


def _over_the_newest(session: Session, assignment: Assignment, form: Form, person: Person) -> Form:
    """Return what was typed as if it had been typed over the newest draft."""
    typed = _typed(session, str(assignment.id), form, person)
    newest = draft_of(session, assignment.id, by=person)
    return form_of(ReviewDraft(assignment_id=assignment.id, typed=typed, version=newest.version if newest else 0))
