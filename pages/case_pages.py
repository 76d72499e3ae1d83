"""What the page of a case shows: gathered with a fixed number of questions, cut to what the reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from casework.access import Sight
from casework.assignments import given_in, is_for
from casework.cases import authored_submissions_of, by_reference, rounds_of
from casework.certificates import of_case
from casework.decisions import decisions_of
from casework.inspections import inspections_of
from casework.journal import timeline_of
from casework.letters import letters_of
from casework.meetings import minutes_of
from casework.naming import Naming, naming_of
from casework.objections.looking import HANDLERS, standing_of, told_objections
from casework.people import Person
from casework.processing import Processing, processing_of
from casework.recommending.notices import Issued, issued_in
from casework.replacing import replaceable_in
from casework.reviews import reviews_for
from casework.runs import runs_of
from casework.visits.arranging import round_to_visit
from core.i18n import gettext
from models.application import Application, Call, Submission
from models.case import Assignment, Case, StageRound
from models.certificate import Certificate
from models.judgement import Decision
from models.message import Message
from models.person import User
from pages.case_examinations import ExaminationLine, examination_lines
from pages.case_judgements import DecisionLine, ReviewRound, VisitLine, decision_lines, review_rounds
from pages.case_letters import LetterLine, letter_lines
from pages.case_panel_links import panel_links
from pages.case_papers import differences
from pages.case_path import path_of, turns_for
from pages.case_question_lines import QuestionLine, question_lines
from pages.case_runs import RunLine, runs_for
from pages.case_timeline import timeline_for
from pages.case_undoing import Undoable, undoable
from pages.forms import Form
from pages.kit import Crumb, Happening, StageMark, Turn
from pages.visit_records import visit_records
from regulation.policy import policy_of
from regulation.roles import Duty, Role
from regulation.stages.acceptance import ACCEPTANCE
from regulation.stages.certification import CERTIFICATION
from regulation.stages.expert_review import EXPERT_REVIEW
from regulation.stages.publicity import PUBLICITY
from regulation.stages.site_inspection import SITE_INSPECTION


@dataclass(frozen=True)
class Version:
    """One filed version in a list of them."""

    submission: Submission
    who: str
    href: str
    changes: int


@dataclass(frozen=True)
class Link:
    """A duty of the reader's own in this case."""

    title: str
    href: str


@dataclass(frozen=True)
class File:
    """A case opened for one reader: what it is about, and what the reader may see of it."""

    case: Case
    application: Application
    call: Call
    naming: Naming

    @property
    def sight(self) -> Sight:
        """What the reader may see."""
        return self.naming.sight

    @property
    def address(self) -> str:
        """Where the case is."""
        return f"/cases/{self.case.reference}"

    @property
    def title(self) -> str:
        """What the case is called: the base, or the institution."""
        return str(self.application.content.get("base_name") or self.naming.unit)


@dataclass(frozen=True)
class CasePage:
    """The page of a case."""

    file: File
    sight: Sight
    marks: list[StageMark]
    turn: str
    turns: list[Turn]
    duties: list[Link]
    timeline: list[Happening]
    decisions: list[DecisionLine]
    versions: list[Version]
    reviews: list[ReviewRound]
    panel_links: dict[int, list[Crumb]]
    questions: list[QuestionLine]
    visits: list[VisitLine]
    certificate: Certificate | None
    runs: list[RunLine]
    letters: list[LetterLine]
    members: list[Link]
    objections: list[Link]
    visit_at: str
    examinations: list[ExaminationLine]
    notice: Issued | None
    processing: Processing
    undoable: list[Undoable]
    withdrawable: bool
    form: Form
    crumbs: list[Crumb] = field(default_factory=list)


def opened(session: Session, reference: str, viewer: Person) -> File:
    """Open a case for somebody; raises `NotFound` when that person may see nothing of it."""
    return file_of(session, by_reference(session, reference), viewer)


def file_of(session: Session, case: Case, viewer: Person) -> File:
    """Return a case as somebody may see it; raises `NotFound` when that is nothing."""
    application = session.get_one(Application, case.application_id)
    naming = naming_of(session, case, viewer)
    return File(case, application, session.get_one(Call, application.call_id), naming)


def case_page(session: Session, file: File, form: Form) -> CasePage:
    """Gather the page of a case."""
    case, sight, naming = file.case, file.sight, file.naming
    rounds, decisions = rounds_of(session, case.id), decisions_of(session, case.id)
    duties = given_in(session, case.id)
    been = {one.stage for one in rounds}  # what belongs to a stage is there from its first round on
    tells = sight.journal or sight.decisions
    panels = reviews_for(session, case, naming.viewer, sight) if EXPERT_REVIEW.key in been else []
    reviews = review_rounds(panels, naming, file.call.policy)
    minutes = minutes_of(session, case.id) if CERTIFICATION.key in been else {}
    policy = policy_of(file.call.policy)
    turn, turns = turns_for(session, case, naming)
    letters = letter_lines(_letters(session, file), sight)
    return CasePage(
        file=file,
        sight=sight,
        marks=path_of(policy, rounds, decisions, naming),
        turn=turn,
        turns=turns,
        duties=_duties(case, duties, naming.viewer),
        timeline=timeline_for(timeline_of(session, case.id), naming, letters) if tells else [],
        decisions=decision_lines(decisions, naming, minutes) if sight.decisions else [],
        versions=_versions(session, file) if sight.papers else [],
        reviews=reviews,
        panel_links=panel_links(file.address, reviews, decisions, naming.viewer.roles, policy),
        questions=question_lines(session, case, naming) if EXPERT_REVIEW.key in been else [],
        visits=_visits(session, file) if sight.inspection and SITE_INSPECTION.key in been else [],
        certificate=of_case(session, case.id) if CERTIFICATION.key in been else None,
        runs=runs_for(runs_of(session, case.id), sight) if sight.runs else [],
        letters=letters if sight.letters else [],
        visit_at=_visit(session, file),
        objections=_objections(session, file) if PUBLICITY.key in been else [],
        members=_members(session, case) if naming.viewer.has(Role.OFFICE) and not case.closed_at else [],
        examinations=examination_lines(session, case, naming) if decisions else [],
        notice=issued_in(session, case.id) if sight.decisions and ACCEPTANCE.key in been else None,
        processing=processing_of(session, case.id, duties),
        undoable=undoable(session, case, decisions, naming),
        withdrawable=sight.owner and _is_open(case, rounds, decisions),
        form=form,
        crumbs=[*way_to(file), Crumb(case.reference)],
    )


def way_to(file: File) -> list[Crumb]:
    """Return the way back from a case, by what the reader came from."""
    viewer = file.naming.viewer
    if file.sight.owner:
        return [Crumb(gettext("我的申报"), "/applications")]
    if viewer.has(Role.OFFICE, Role.AUDITOR):
        return [Crumb(gettext("申报一览"), "/office/cases")]
    if viewer.has(Role.OPERATOR):
        return [Crumb(gettext("停滞事项"), "/operator/stalled")]
    return [Crumb(gettext("待办"), "/inbox")]


def _duties(case: Case, given: Sequence[Assignment], viewer: Person) -> list[Link]:
    own = sorted((one for one in given if not one.ended_at and is_for(one, viewer)), key=lambda one: one.due_on)
    return [Link(gettext(one.duty.title), duty_address(case, one)) for one in own]


def _visits(session: Session, file: File) -> list[VisitLine]:
    return visit_records(session, inspections_of(session, file.case.id), file.naming, file.case)


def _letters(session: Session, file: File) -> list[Message]:
    """Return the letters that the reader may read: all of the case's, or those to its own institution."""
    if file.sight.letters:
        return letters_of(session, file.case.id)
    return letters_of(session, file.case.id, file.naming.viewer.organisation_id) if file.sight.owner else []


def _visit(session: Session, file: File) -> str:
    """Return where the visit is arranged, for both sides while its round is open and has a team."""
    may = file.sight.owner or file.sight.inspection
    waits = file.case.stage == "site-inspection" and not file.case.closed_at
    return f"{file.address}/visit" if may and waits and round_to_visit(session, file.case.id) else ""


def _objections(session: Session, file: File) -> list[Link]:
    """Return the objections that the reader was told of, each with the page where it stands."""
    handles = file.naming.viewer.has(*HANDLERS)
    here = "/office/objections" if handles else f"{file.address}/objections"
    found = told_objections(session, file.case, by=file.naming.viewer)
    return [
        Link(
            gettext("{number}（{standing}）", number=one.number, standing=gettext(standing_of(one))), f"{here}/{one.id}"
        )
        for one in found
    ]


def _members(session: Session, case: Case) -> list[Link]:
    """Return who was named and has still to act, each with the page where the office can name another."""
    return [
        Link(
            gettext("{duty}：{name}", duty=gettext(duty.duty.title), name=user.name),
            f"{duty_address(case, duty)}#replace",
        )
        for duty, user in replaceable_in(session, case)
    ]


def duty_address(case: Case, assignment: Assignment) -> str:
    """Return where a duty is done; a correction is made in the application itself."""
    correcting = assignment.duty is Duty.CORRECT
    return f"/applications/{case.application_id}" if correcting else f"/duties/{assignment.id}"


def _versions(session: Session, file: File) -> list[Version]:
    filed = authored_submissions_of(session, file.case)
    submissions = [one for one, _ in filed]
    names = {one.submitted_by: name for one, name in filed} if file.sight.names or file.sight.owner else {}
    before = {one.number + 1: one for one in submissions}
    return [
        Version(
            one,
            names.get(one.submitted_by, file.naming.unit),
            f"{file.address}/papers/{one.number}",
            len(differences(before[one.number], one)) if one.number in before else 0,
        )
        for one in submissions
    ]


def _is_open(case: Case, rounds: Sequence[StageRound], decisions: Sequence[tuple[Decision, User | None]]) -> bool:
    """Whether a round waits for its decision, which a withdrawal would be."""
    decided = {(decision.stage, decision.round) for decision, _ in decisions}
    waiting = [r for r in rounds if not r.closed_at and (r.stage, r.round) not in decided and r.stage != "publication"]
    return bool(waiting) and not case.closed_at
