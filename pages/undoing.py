"""Taking back one's own mistaken decision, from the page of the case."""

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from casework.undoing import LONGEST_REASON, sighted, undo
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned
from core.i18n import gettext, marked
from flows.gateway import ring
from pages.case_pages import case_page, file_of
from pages.rendering import page, redirect
from pages.session import SignedIn
from pages.submission import Submitted

router = APIRouter()


@router.post("/decisions/{decision_id}/undoing")
def take_back(
    request: Request, decision_id: Words, form: Submitted, person: SignedIn, after: BackgroundTasks
) -> Response:
    """Undo a decision; refused, the page of the case is shown again with the reason and what was typed."""
    with reading() as session:
        decision, case = sighted(session, identity(decision_id), person)
    try:
        reason = form.text("reason", marked("撤回理由"), longest=LONGEST_REASON)
        form.refuse_faults()
        with transaction() as session:
            undo(session, decision.id, reason, by=person)
    except NotAssigned:
        raise
    except (Invalid, Conflict) as refused:
        form.sentence = refused.sentence()
        with reading() as session:
            context = case_page(session, file_of(session, sighted(session, decision.id, person)[1], person), form)
        return page(request, "case/case.html", context, status=refused.status)
    after.add_task(ring, case.id)
    return redirect(request, f"/cases/{case.reference}", notice=gettext("结论已撤回，本环节将重新办理。"))
