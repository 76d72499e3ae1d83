"""Revoking a certificate: the office proposes, the department confirms or declines; both read the same pages."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from casework.certificates import verify
from casework.people import Person
from casework.revocations import HANDLERS, Proposed, confirm, decline, proposal_of, proposals, propose
from core.addresses import Words, identity
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, NotFound
from core.i18n import gettext, marked
from models.certificate import Certificate
from pages.forms import Form
from pages.kit import Column, Crumb
from pages.office_lines import Officer
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.session import Holding
from pages.submission import Submitted
from regulation.roles import Role

router = APIRouter()

Handler = Annotated[Person, Depends(Holding(*HANDLERS))]
LIST = marked("证书撤销")
WAITING, CONFIRMED, DECLINED = marked("待领导小组确认"), marked("已撤销"), marked("不同意撤销")
UNKNOWN = marked("没有这一编号的证书，请核对。")


@dataclass(frozen=True)
class ListPage:
    """Every proposal, those first that wait."""

    rows: list[tuple[Proposed, tuple[str, str]]]
    columns: list[Column]
    may_propose: bool


@dataclass(frozen=True)
class NewPage:
    """The form of a proposal."""

    form: Form
    certificate: Certificate | None
    refusal: str
    crumbs: list[Crumb]


@dataclass(frozen=True)
class ProposalPage:
    """One proposal, and what this reader may do with it."""

    proposed: Proposed
    mark: tuple[str, str]
    may_decide: bool
    form: Form
    refusal: str
    crumbs: list[Crumb]


@router.get("/office/revocations")
def listed(request: Request, person: Handler) -> Response:
    """List the proposals."""
    titles = (marked("证书编号"), marked("持证单位"), marked("办理情况"), marked("提出"), marked("办结"))
    with reading() as session:
        found = proposals(session, by=person)
    rows = [(one, _mark(one)) for one in found]
    context = ListPage(rows, [Column(gettext(title)) for title in titles], person.has(Role.OFFICE))
    return page(request, "office/revocations.html", context)


@router.get("/office/revocations/new")
def blank(request: Request, person: Officer, number: Words = "") -> Response:
    """Offer the form of a proposal."""
    del person
    return _new(request, View(Form.of({"number": number})))


@router.post("/office/revocations/new")
def take(request: Request, form: Submitted, person: Officer) -> Response:
    """Propose to revoke a certificate."""
    try:
        with transaction() as session:
            number, basis, reason = (form.value(name).strip() for name in ("number", "basis", "reason"))
            proposal = propose(session, number, basis, reason, by=person)
    except NotFound:
        form.fault("number", UNKNOWN)
        return _new(request, View(form, status=422))
    except Invalid as refused:
        return _new(request, View(_refused(form, refused), status=refused.status))
    except Conflict as late:
        return _new(request, View(form, late.sentence(), late.status))
    notice = gettext("已提出撤销，待领导小组确认；确认前证书继续有效。")
    return redirect(request, f"/office/revocations/{proposal.id}", notice=notice)


@router.get("/office/revocations/{revocation_id}")
def show(request: Request, revocation_id: Words, person: Handler) -> Response:
    """Show one proposal."""
    return _shown(request, identity(revocation_id), person, View())


@router.post("/office/revocations/{revocation_id}")
def decide(request: Request, revocation_id: Words, form: Submitted, person: Handler) -> Response:
    """Confirm the proposal or decline it."""
    wanted, declining = identity(revocation_id), form.value("act") == "decline"
    try:
        with transaction() as session:
            if declining:
                decline(session, wanted, form.value("answer"), by=person)
            else:
                confirm(session, wanted, by=person)
    except Invalid as refused:
        return _shown(request, wanted, person, View(_refused(form, refused), status=refused.status))
    except Conflict as late:
        return _shown(request, wanted, person, View(form, late.sentence(), late.status))
    done = gettext("已退回撤销提议，证书继续有效。") if declining else gettext("证书已撤销，名录和核验页面已同时标注。")
    return redirect(request, f"/office/revocations/{wanted}", notice=done)


def _new(request: Request, view: View) -> Response:
    number = view.form.value("number").strip()
    with reading() as session:
        found = verify(session, number) if number else None
    context = NewPage(
        form=view.form,
        certificate=found if found and found.number == number else None,
        refusal=view.refusal,
        crumbs=[Crumb(gettext(LIST), "/office/revocations"), Crumb(gettext("提出撤销"))],
    )
    return page(request, "office/revocation-new.html", context, status=view.status)


def _shown(request: Request, revocation_id: UUID, person: Person, view: View) -> Response:
    with reading() as session:
        found = proposal_of(session, revocation_id, by=person)
    context = ProposalPage(
        proposed=found,
        mark=_mark(found),
        may_decide=found.open and person.has(Role.DECIDER) and found.proposer.id != person.id,
        form=view.form,
        refusal=view.refusal,
        crumbs=[Crumb(gettext(LIST), "/office/revocations"), Crumb(found.certificate.number)],
    )
    return page(request, "office/revocation.html", context, status=view.status)


def _refused(form: Form, refused: Invalid) -> Form:
    return form.refused(Invalid(faults=[Fault(one.field, gettext(one.message)) for one in refused.faults]))


def _mark(one: Proposed) -> tuple[str, str]:
    if one.open:
        return gettext(WAITING), "waiting"
    return (gettext(CONFIRMED), "refused") if one.revocation.confirmed else (gettext(DECLINED), "done")
