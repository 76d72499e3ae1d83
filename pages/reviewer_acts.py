"""What each duty's form does: it is read field by field and carried out; whatever is wrong is told at once."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from casework.assignments import own
from casework.cases import latest_submission
from casework.committees import assemble
from casework.decisions import Conclusion, decide
from casework.inspections import ITEMS, Seen, Visit, inspect
from casework.people import Person
from casework.reviews import Opinion, review
from casework.sheets import sheet_for
from core.addresses import maybe_identity
from core.errors import Fault, Invalid, NotFound
from core.i18n import gettext, marked, translated
from models.case import Case
from pages.forms import NO_CHOICE, Form
from pages.reviewer_checks import sheet_of
from pages.reviewer_declared import declared
from pages.reviewer_sheet import marked_in
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
    visit = Visit(
        form.day("visited_on", marked("考察日期"), required=False),
        form.text("summary", marked("考察情况"), required=False, longest=LONGEST),
        [_seen(form, item, title, declared(item, papers, _in_chinese)) for item, (title, _) in ITEMS.items()],
    )
    inspect(session, assignment_id, visit, _conclusion(form), by=person)


def _seen(form: Form, item: str, title: str, declared_as: str) -> Seen:
    """Read what was found of one item; the record keeps what was declared in Chinese, the language of the papers."""
    found = form.text(f"findings-{item}", title, required=False, longest=500)
    matches = form.choice(f"matches-{item}", marked("是否一致"), ("yes", "no"))
    note = form.text(f"note-{item}", marked("备注"), required=False, longest=500)
    return Seen(item, declared_as, found, matches=matches == "yes", note=note)


def _in_chinese(source: str, **values: object) -> str:
    return translated(source, "zh", **values)


ACTS: dict[Duty, tuple[Act, str]] = {
    Duty.RECOMMEND: (_examine, marked("推荐意见已提交。")),
    Duty.CHECK_FORM: (_examine, marked("审查结论已提交。")),
    Duty.ASSEMBLE_PANEL: (_assemble, marked("专家评审委员会已组建，已通知各位专家。")),
    Duty.REVIEW: (_review, marked("评审意见已提交。")),
    Duty.CONCLUDE: (_decide, marked("评审结论已提交。")),
    Duty.ASSEMBLE_TEAM: (_assemble, marked("考察组已安排，已通知考察人员。")),
    Duty.INSPECT: (_inspect, marked("考察记录已提交。")),
    Duty.CERTIFY: (_decide, marked("审定结论已提交。")),
}
"""What each duty's form does, and what is said when it is done; a correction is made in the application."""
