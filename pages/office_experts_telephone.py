"""An answer by telephone: the office writes down, from the page of a draw, what an invited expert has said and when."""

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from casework.experts.answers import Answer
from casework.experts.by_telephone import record_answer
from casework.experts.draws import cases_of, draw_of
from casework.experts.invitations import invitations_of
from core.addresses import Words, identity, maybe_identity
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, NotPermitted
from core.i18n import gettext, marked
from flows.gateway import ring
from pages.account import spoken
from pages.moments import moment_in
from pages.office_experts_draws import ADDRESS, draw_page
from pages.office_lines import Officer
from pages.rendering import redirect
from pages.submission import Submitted

router = APIRouter()

NOBODY = marked("请选择答复的专家。")


@router.post(f"{ADDRESS}/{{draw_id}}/telephone")
def record(request: Request, draw_id: Words, form: Submitted, person: Officer, after: BackgroundTasks) -> Response:
    """Write an answer down; refused, the page is shown again with everything that is wrong."""
    known = identity(draw_id)
    with reading() as session:
        listed = {one.id for one in invitations_of(session, draw_of(session, known).id)}
    chosen = maybe_identity(form.value("invitation"))
    given = Answer(form.value("answer"), promise=form.ticked("promise"), reason=form.value("said"))
    if chosen not in listed:
        form.fault("invitation", NOBODY)
    try:
        spoken_at = moment_in(form, "spoken_at", marked("通话时间"), required=False)
        form.refuse_faults()
        with transaction() as session:
            record_answer(session, chosen, given, spoken_at, by=person)  # type: ignore[arg-type]  # it is listed
            for case, _ in cases_of(session, known):
                after.add_task(ring, case.id)
    except Invalid as refused:
        faults = [Fault("said" if one.field == "reason" else one.field, one.message) for one in refused.faults]
        form = form.refused(spoken(Invalid(faults=faults)))
        return draw_page(request, known, telephone=form, status=refused.status)
    except (Conflict, NotPermitted) as refused:
        form.sentence = refused.sentence()
        return draw_page(request, known, telephone=form, status=refused.status)
    done = gettext("已记录电话答复，并已函告专家。")
    return redirect(request, f"{ADDRESS}/{known}", notice=done)
