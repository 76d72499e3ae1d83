"""What became of a duty that is not, or no longer, the reader's to do: who did it, when, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session, col, select

from casework.assignments import is_for
from casework.inspections import inspections_of
from casework.naming import Naming, in_place
from casework.reviews import reviews_for
from core.i18n import gettext, marked
from models.case import Assignment
from models.judgement import Decision
from models.organisation import Organisation
from models.person import User
from pages.case_judgements import DecisionLine, ReviewLine, VisitLine, decision_line, review_rounds
from pages.case_pages import File
from pages.visit_records import visit_records
from regulation.roles import Duty

Decided = tuple[Decision, User | None] | None

DONE = marked("该事项已办结")
GONE = marked("该事项已无须办理")
REPLACED = marked("该事项已调整由其他人员办理")
OTHERS = marked("该事项由他人办理")
DECIDED = marked("本环节已有结论，系统正在处理")


@dataclass(frozen=True)
class Ended:
    """What became of a duty; the parts the reader may not see are empty."""

    sentence: str
    who: str = ""
    at: datetime | None = None
    holder: str = ""
    decision: DecisionLine | None = None
    review: ReviewLine | None = None
    visit: VisitLine | None = None
    members: list[str] = field(default_factory=list)

    @property
    def texts(self) -> set[str]:
        """The long texts on record."""
        decided = {self.decision.reasons, "\n".join(self.decision.corrections)} if self.decision else set()
        return (
            decided
            | ({self.review.opinion} if self.review else set())
            | ({self.visit.summary} if self.visit else set())
        )


def ended(session: Session, assignment: Assignment, file: File, decided: Decided, given: Sequence[Assignment]) -> Ended:
    """Say what became of a duty, as far as this reader may know."""
    naming, mine = file.naming, is_for(assignment, file.naming.viewer)
    told = mine or file.sight.decisions
    return Ended(
        sentence=gettext(_sentence(assignment, decided, mine=mine)),
        who=_doer(session, assignment, naming, mine=mine),
        at=assignment.done_at,
        holder="" if assignment.ended_at else _holder(session, assignment, file),
        decision=_decision(file, decided) if decided and told else None,
        review=_review(session, assignment, file),
        visit=_visit(session, assignment, file),
        members=_members(session, assignment, file, given),
    )


def _doer(session: Session, assignment: Assignment, naming: Naming, *, mine: bool) -> str:
    """Return who did the duty, and in whose place to whoever may know names or whose duty it was."""
    doer = session.get(User, assignment.done_by) if assignment.done_by else None
    if not doer:
        return ""
    absent = session.get(User, assignment.done_for) if assignment.done_for else None
    called = doer.name if mine else naming.person(doer, assignment.duty.role)
    return in_place(called, absent.name) if absent and (mine or naming.sight.names) else called


def _sentence(assignment: Assignment, decided: Decided, *, mine: bool) -> str:
    if assignment.done_at:
        return DONE
    if assignment.ended_at:
        return REPLACED if assignment.replaced_by else GONE
    return DECIDED if decided else OTHERS if not mine else GONE


def _holder(session: Session, assignment: Assignment, file: File) -> str:
    if assignment.organisation_id:
        return session.get_one(Organisation, assignment.organisation_id).name
    if assignment.user_id:
        return file.naming.person(session.get_one(User, assignment.user_id), assignment.duty.role)
    return gettext(assignment.duty.role.title)


def _decision(file: File, decided: tuple[Decision, User | None]) -> DecisionLine:
    return decision_line(*decided, file.naming)


def _review(session: Session, assignment: Assignment, file: File) -> ReviewLine | None:
    if assignment.duty is not Duty.REVIEW or not assignment.done_at:
        return None
    panels = reviews_for(session, file.case, file.naming.viewer, file.sight)
    for panel in panels:
        kept = [pair for pair in panel.reviews if pair[0].assignment_id == assignment.id]
        if kept:
            only = replace(panel, reviews=kept)
            return review_rounds([only], file.naming, file.call.policy)[0].reviews[0]
    return None


def _visit(session: Session, assignment: Assignment, file: File) -> VisitLine | None:
    if assignment.duty is not Duty.INSPECT or not file.sight.inspection:
        return None
    here = [v for v in inspections_of(session, file.case.id) if v[0].id == assignment.stage_round_id]
    return next(iter(visit_records(session, here, file.naming, file.case)), None)


def _members(session: Session, assignment: Assignment, file: File, given: Sequence[Assignment]) -> list[str]:
    """Return whom the office named, the leader first, to whoever may know names."""
    kind = {Duty.ASSEMBLE_PANEL: Duty.REVIEW, Duty.ASSEMBLE_TEAM: Duty.INSPECT}.get(assignment.duty)
    if not kind or not file.sight.names:
        return []
    named = sorted((one for one in given if one.duty is kind), key=lambda one: not one.leads)
    ids = [one.user_id for one in named]
    people = {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(ids)))}
    leader = gettext("主任委员") if kind is Duty.REVIEW else gettext("组长")
    return [
        gettext("{name}（{body}）", name=people[one.user_id], body=leader) if one.leads else people[one.user_id]
        for one in named
        if one.user_id
    ]
