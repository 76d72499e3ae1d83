"""An expert's answer to an invitation, and the request to be recused from a case that was given already."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from casework.assignments import own
from casework.cases import parties
from casework.experts.answers import ANSWERS, Answer, answer, invitation_of
from casework.experts.invitations import offer_of
from casework.experts.rulings import declare
from casework.people import Person
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned, NotFound
from core.i18n import gettext
from flows.gateway import ring
from models.case import Assignment, Case
from models.expert import Invitation, InvitationState
from pages.account import spoken
from pages.case_pages import File, file_of
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.rendering import page, redirect
from pages.session import SignedIn
from pages.submission import Submitted
from regulation.roles import Duty

router = APIRouter()


@dataclass(frozen=True)
class Offered:
    """One application that the invitation is about."""

    reference: str
    unit: str
    base_name: str
    recommender: str


@dataclass(frozen=True)
class InvitationPage:
    """An invitation with the form of its answer, or what was answered."""

    assignment: Assignment
    invitation: Invitation
    open: bool
    offered: list[Offered]
    answers: list[Option]
    form: Form
    crumbs: list[Crumb]


@dataclass(frozen=True)
class RecusalPage:
    """The form of a request to be recused."""

    assignment: Assignment
    file: File
    form: Form
    crumbs: list[Crumb]


@router.get("/duties/{assignment_id}/answer")
def show(request: Request, assignment_id: Words, person: SignedIn) -> Response:
    """Show an invitation to whom it is addressed."""
    return _invitation_page(request, identity(assignment_id), person, Form.of())


@router.post("/duties/{assignment_id}/answer")
def reply(
    request: Request, assignment_id: Words, form: Submitted, person: SignedIn, after: BackgroundTasks
) -> Response:
    """Take the answer; refused, the page is shown again with everything typed."""
    known = identity(assignment_id)
    given = Answer(form.value("answer"), promise=form.ticked("promise"), reason=form.value("reason"))
    try:
        with transaction() as session:
            own(session, known, person)
            made = answer(session, known, given, by=person)
            for case, _ in offer_of(session, made).places:
                after.add_task(ring, case.id)
    except NotAssigned:
        raise
    except Invalid as refused:
        return _invitation_page(request, known, person, form.refused(spoken(refused)), refused.status)
    except Conflict as refused:
        form.sentence = refused.sentence()
        return _invitation_page(request, known, person, form, refused.status)
    return redirect(request, f"/duties/{known}/answer", notice=gettext("答复已收到，谢谢。"))


@router.get("/duties/{assignment_id}/recusal")
def ask(request: Request, assignment_id: Words, person: SignedIn) -> Response:
    """Offer the form of a request to be recused."""
    return _recusal_page(request, identity(assignment_id), person, Form.of())


@router.post("/duties/{assignment_id}/recusal")
def recuse(request: Request, assignment_id: Words, form: Submitted, person: SignedIn) -> Response:
    """Take the request; the office is told and rules on it."""
    known = identity(assignment_id)
    try:
        with transaction() as session:
            declare(session, known, form.value("reason"), by=person)
    except NotAssigned:
        raise
    except Invalid as refused:
        return _recusal_page(request, known, person, form.refused(spoken(refused)), refused.status)
    except Conflict as refused:
        form.sentence = refused.sentence()
        return _recusal_page(request, known, person, form, refused.status)
    return redirect(request, f"/duties/{known}", notice=gettext("回避申请已提交，请等待继教办处理。"))


def _invitation_page(request: Request, assignment_id: UUID, person: Person, form: Form, status: int = 200) -> Response:
    with reading() as session:
        assignment = own(session, assignment_id, person)
        invitation = invitation_of(session, assignment_id)
        offered = []
        for case, _ in offer_of(session, invitation).places:
            application, unit, body = parties(session, case)
            offered.append(Offered(case.reference, unit.name, str(application.content.get("base_name", "")), body.name))
    context = InvitationPage(
        assignment=assignment,
        invitation=invitation,
        open=invitation.state is InvitationState.OPEN and not assignment.ended_at,
        offered=offered,
        answers=[Option(word, gettext(title)) for word, title in ANSWERS.items()],
        form=form,
        crumbs=[Crumb(gettext("待办"), "/inbox"), Crumb(gettext("答复评审邀请"))],
    )
    return page(request, "reviewer/invitation.html", context, status=status)


def _recusal_page(request: Request, assignment_id: UUID, person: Person, form: Form, status: int = 200) -> Response:
    with reading() as session:
        assignment = own(session, assignment_id, person)
        if assignment.duty not in {Duty.REVIEW, Duty.CONCLUDE}:
            raise NotFound
        file = file_of(session, session.get_one(Case, assignment.case_id), person)
    crumbs = [Crumb(gettext("待办"), "/inbox"), Crumb(gettext("申请回避"))]
    return page(request, "reviewer/recusal.html", RecusalPage(assignment, file, form, crumbs), status=status)
