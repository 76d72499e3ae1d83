"""What each duty's form does: it is read field by field and carried out; whatever is wrong is told at once."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from casework.assignments import own
from casework.cases import latest_submission
from casework.committees import assemble
from casework.decisions import Conclusion, decide
from casework.inspections import inspect
from casework.people import Person
from casework.reviews import Opinion, review
from casework.sheets import sheet_for
from core.addresses import maybe_identity
from core.errors import Fault, Invalid, NotFound
from core.i18n import gettext, marked
from models.case import Case
from pages.forms import NO_CHOICE, Form
from pages.meeting_fields import sitting_of
from pages.reviewer_checks import sheet_of
from pages.reviewer_sheet import marked_in
from pages.visit_reading import record_in
from regulation.outcomes import Outcome
from regulation.roles import Duty

LONGEST = 2000
CONCLUSION = marked("结论")
MEMBERS = marked("人员")
TOO_LONG_IN_ALL = 4000

Act = Callable[[Session, UUID, Form, Person], None]


def carry_out(session: Session, assignment_id: UUID, form: Form, person: Person) -> str:
    """Do what the form says and return the sentence about it; raises `Invalid` with every fault, or a `Conflict`.

    What the form finds wrong is told together with what the record objects to, so nothing is asked for twice.
    """
    duty = own(session, assignment_id, person).duty
    if duty not in ACTS:
        raise NotFound
    act, done = ACTS[duty]
    act(session, assignment_id, form, person)
    form.refuse_faults()
    return gettext(done)


def refused(form: Form, error: Invalid) -> Form:
    """Return the form with a refusal's faults, in the reader's language, one for each field."""
    known = {fault.field for fault in form.faults}
    settled = known | ({"reasons", "corrections"} if "outcome" in known else set())
    faults = [Fault(fault.field, gettext(fault.message)) for fault in error.faults if fault.field not in settled]
    return form.refused(Invalid(error.message, faults=faults, **error.values))


def _conclusion(form: Form) -> Conclusion:
    """Read outcome, reasons and corrections; no outcome is one that no stage knows, so the record refuses it."""
    outcome = form.choice("outcome", CONCLUSION, list(Outcome))
    reasons = form.text("reasons", marked("理由"), required=False, longest=LONGEST)
    corrections = form.text("corrections", marked("补正内容"), required=False, longest=TOO_LONG_IN_ALL).splitlines()
    returned = outcome == Outcome.RETURNED
    return Conclusion(Outcome(outcome or Outcome.LAPSED), reasons, corrections if returned else [])


def _decide(session: Session, assignment_id: UUID, form: Form, person: Person) -> None:
    decide(session, assignment_id, _conclusion(form), by=person)


def _examine(session: Session, assignment_id: UUID, form: Form, person: Person) -> None:
    sheet = sheet_of(form, own(session, assignment_id, person).duty)
    decide(session, assignment_id, replace(_conclusion(form), sheet=sheet), by=person)


def _certify(session: Session, assignment_id: UUID, form: Form, person: Person) -> None:
    decide(session, assignment_id, replace(_conclusion(form), sitting=sitting_of(form)), by=person)


def _review(session: Session, assignment_id: UUID, form: Form, person: Person) -> None:
    sheet = sheet_for(session, session.get_one(Case, own(session, assignment_id, person).case_id))
    score = None if sheet else form.integer("score", marked("评分"), required=False, between=(0, 100))
    text = form.text("opinion", marked("评审意见"), required=False, longest=LONGEST)
    marks, remarks = marked_in(form, sheet)
    review(session, assignment_id, Opinion(score, form.value("recommendation"), text, marks, remarks), by=person)


def _assemble(session: Session, assignment_id: UUID, form: Form, person: Person) -> None:
    members = [known for known in map(maybe_identity, form.values_of("members")) if known]
    if len(members) != len(form.values_of("members")):
        form.fault("members", NO_CHOICE, label=MEMBERS)
    assemble(session, assignment_id, members, maybe_identity(form.value("leader")), by=person)


def _inspect(session: Session, assignment_id: UUID, form: Form, person: Person) -> None:
    papers = latest_submission(session, session.get_one(Case, own(session, assignment_id, person).case_id)).content
    visit, conclusion = record_in(form, papers, whole=True)
    inspect(session, assignment_id, visit, conclusion, by=person)


ACTS: dict[Duty, tuple[Act, str]] = {
    Duty.RECOMMEND: (_examine, marked("推荐意见已提交。")),
    Duty.CHECK_FORM: (_examine, marked("审查结论已提交。")),
    Duty.ASSEMBLE_PANEL: (_assemble, marked("专家评审委员会已组建，已通知各位专家。")),
    Duty.REVIEW: (_review, marked("评审意见已提交。")),
    Duty.CONCLUDE: (_decide, marked("评审结论已提交。")),
    Duty.ASSEMBLE_TEAM: (_assemble, marked("考察组已安排，已通知考察人员。")),
    Duty.INSPECT: (_inspect, marked("考察记录已提交。")),
    Duty.CERTIFY: (_certify, marked("审定结论已提交。")),
    Duty.RECONSIDER: (_decide, marked("复核结论已提交。")),
}
"""What each duty's form does, and what is said when it is done; a correction is made in the application."""
