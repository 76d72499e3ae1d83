"""Somebody who was named cannot come: the office gives the duty to another, from the page of that duty."""

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from casework.access import require
from casework.people import Person
from casework.replacing import replace_member
from core.addresses import Words, identity, maybe_identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid
from core.i18n import gettext
from flows.gateway import ring
from pages.rendering import page, redirect
from pages.reviewer_acts import refused
from pages.reviewer_pages import View, duty_page, sighted
from pages.session import SignedIn
from pages.submission import Submitted
from regulation.roles import Role

router = APIRouter()


@router.post("/duties/{assignment_id}/replacement")
def replace(
    request: Request, assignment_id: Words, form: Submitted, person: SignedIn, after: BackgroundTasks
) -> Response:
    """Give a duty to another; refused, its page is shown again with the reason."""
    require(person, Role.OFFICE)
    wanted = identity(assignment_id)
    with reading() as session:
        address = sighted(session, wanted, person)[1].address
    try:
        with transaction() as session:
            member = maybe_identity(form.value("member"))
            case_id = replace_member(session, wanted, member, by=person).case_id
    except Invalid as invalid:
        return _refused(request, wanted, person, View(refused(form, invalid), status=invalid.status))
    except Conflict as late:
        return _refused(request, wanted, person, View(form, late.sentence(), late.status))
    after.add_task(ring, case_id)
    return redirect(request, address, notice=gettext("已调整人员，并已通知双方。"))


def _refused(request: Request, assignment_id: UUID, person: Person, view: View) -> Response:
    with reading() as session:
        context = duty_page(session, *sighted(session, assignment_id, person), view)
    return page(request, context.template, context, status=view.status)
