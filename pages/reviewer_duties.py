"""One duty: the papers beside the form, and what became of it afterwards."""

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from casework.assignments import is_for
from casework.people import Person
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned, TooLarge, Unavailable, UnsupportedFile
from flows.gateway import ring
from pages.case_pages import duty_address
from pages.rendering import page, redirect
from pages.reviewer_acts import carry_out, refused
from pages.reviewer_checks import bring_scan
from pages.reviewer_pages import View, duty_page, sighted
from pages.session import SignedIn
from pages.submission import Submitted
from regulation.roles import Duty

router = APIRouter()


@router.get("/duties/{assignment_id}")
def show(request: Request, assignment_id: Words, person: SignedIn) -> Response:
    """Show a duty with its form, or what became of it."""
    return _shown(request, identity(assignment_id), person, View())


@router.post("/duties/{assignment_id}")
def act(request: Request, assignment_id: Words, form: Submitted, person: SignedIn, after: BackgroundTasks) -> Response:
    """Do the duty; refused, the page is shown again with everything typed and the reason in its place."""
    wanted = identity(assignment_id)
    with reading() as session:
        case_id = sighted(session, wanted, person)[1].case.id
    try:
        bring_scan(wanted, form, person)
        with transaction() as session:
            done = carry_out(session, wanted, form, person)
    except Invalid as invalid:
        return _shown(request, wanted, person, View(refused(form, invalid), status=invalid.status))
    except NotAssigned:
        raise
    except (Conflict, UnsupportedFile, TooLarge, Unavailable) as late:
        return _shown(request, wanted, person, View(form, late.sentence(), late.status))
    after.add_task(ring, case_id)
    return redirect(request, f"/duties/{wanted}", notice=done)


def _shown(request: Request, assignment_id: UUID, person: Person, view: View) -> Response:
    with reading() as session:
        assignment, file = sighted(session, assignment_id, person)
        if assignment.duty is Duty.CORRECT:
            return redirect(request, duty_address(file.case, assignment) if file.sight.owner else file.address)
        if assignment.duty is Duty.ANSWER and is_for(assignment, person):
            return redirect(request, f"/duties/{assignment.id}/answer")
        context = duty_page(session, assignment, file, view)
    return page(request, context.template, context, status=view.status)
