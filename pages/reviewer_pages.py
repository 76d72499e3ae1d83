"""The page of one duty: its form while it is open and one's own, and otherwise what became of it."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from casework.assignments import is_for, seats_of
from casework.cases import by_id, submissions_of
from casework.decisions import decisions_of
from casework.people import Person
from casework.replacing import is_replaceable, substitutes
from casework.visits.signing import draft_of
from core.errors import NotFound
from core.i18n import gettext, marked
from models.case import Assignment, StageRound
from models.judgement import Decision
from models.person import User
from pages.case_judgements import DecisionLine, decision_line
from pages.case_pages import File, file_of, way_to
from pages.case_papers import Papers, papers_of
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.reviewer_briefs import Brief, Material, brief_for
from pages.reviewer_checks import answered_before
from pages.reviewer_ended import Ended, ended
from pages.reviewer_sheet import ScoringSheet, draft_form, scoring_for
from pages.visit_reading import BASIC, BASICALLY, form_with
from regulation.definition import stage
from regulation.outcomes import Outcome
from regulation.policy import policy_of
from regulation.roles import Duty, Role

TYPED = (("reasons", marked("理由")), ("corrections", marked("补正内容")), ("opinion", marked("评审意见")),
         ("summary", marked("考察情况")))  # fmt: skip
"""The long texts of the forms, given back to whoever came too late with them."""


@dataclass(frozen=True)
class View:
    """In what light the page is shown: what was just typed, and why it was refused."""

    form: Form = field(default_factory=Form.of)
    refusal: str = ""
    status: int = 200

    @property
    def typed(self) -> bool:
        """Whether the page is shown again after something was sent."""
        return self.status != 200


@dataclass(frozen=True)
class DutyPage:
    """One duty with its papers."""

    file: File
    assignment: Assignment
    title: str
    stage: str
    round: int
    form: Form
    open: bool
    ended: Ended | None
    refusal: str
    typed: list[tuple[str, str]]
    outcomes: list[Option]
    returned_before: bool
    returns: list[DecisionLine]
    papers: Papers | None
    brief: Brief | None
    substitutes: list[Option] | None
    scoring: ScoringSheet | None
    crumbs: list[Crumb]

    @property
    def template(self) -> str:
        """The form of this duty, or what became of it."""
        return f"reviewer/{self.assignment.duty}.html" if self.open else "reviewer/ended.html"


def sighted(session: Session, assignment_id: UUID, viewer: Person) -> tuple[Assignment, File]:
    """Return a duty with its case as somebody may see it; raises `NotFound` when that is nothing."""
    assignment = session.get(Assignment, assignment_id)
    if not assignment:
        raise NotFound
    return assignment, file_of(session, by_id(session, assignment.case_id), viewer)


def duty_page(session: Session, assignment: Assignment, file: File, view: View) -> DutyPage:
    """Gather the page of a duty."""
    at = session.get_one(StageRound, assignment.stage_round_id)
    decisions = decisions_of(session, file.case.id)
    decided = next((pair for pair in decisions if (pair[0].stage, pair[0].round) == (at.stage, at.round)), None)
    submissions = submissions_of(session, file.case) if file.sight.papers else []
    mine = is_for(assignment, file.naming.viewer)
    is_open = mine and not assignment.ended_at and not decided and not file.case.closed_at
    material = Material(file, at, submissions[0] if submissions else None, decisions)
    returned = [decision for decision, _ in decisions if decision.outcome is Outcome.RETURNED]
    spent = sum(d.stage == at.stage for d in returned) >= policy_of(file.call.policy).returns_per_stage
    form = view.form if view.typed or not is_open else _begun(session, assignment, at, file)
    became = None if is_open else ended(session, assignment, file, decided, seats_of(session, at.id))
    return DutyPage(
        file=file,
        assignment=assignment,
        title=gettext(assignment.duty.title),
        stage=gettext(stage(at.stage).title),
        round=at.round,
        form=form,
        open=is_open,
        ended=became,
        refusal=view.refusal,
        typed=_typed(view.form, became) if became else [],
        outcomes=_outcomes(at, spent=spent),
        returned_before=spent and stage(at.stage).returnable,
        returns=returns_before(decisions, file) if file.sight.papers else [],
        papers=papers_of(file.case, submissions, personal=file.sight.personal) if submissions else None,
        brief=brief_for(session, assignment.duty, material) if is_open else None,
        substitutes=None if is_open or decided or file.case.closed_at else _substitutes(session, assignment, file),
        scoring=scoring_for(assignment, file.call.policy, material.submission, form) if is_open else None,
        crumbs=[
            *([_list(assignment)] if mine else way_to(file)),
            Crumb(file.case.reference, file.address),
            Crumb(gettext(assignment.duty.title)),
        ],
    )


def _begun(session: Session, assignment: Assignment, at: StageRound, file: File) -> Form:
    """Return the form to go on with: one's draft of a review, or what was answered the round before."""
    if assignment.duty is Duty.REVIEW:
        return draft_form(session, assignment.id, file.naming.viewer)
    if assignment.duty is Duty.INSPECT:
        draft = draft_of(session, at.id)
        return form_with(draft.content) if draft else Form.of()
    return answered_before(session, file.case.id, at.stage) if at.round > 1 else Form.of()


def _typed(form: Form, became: Ended) -> list[tuple[str, str]]:
    """Return the long texts that a late form brought and the record does not have."""
    given = [(gettext(title), form.value(name).strip()) for name, title in TYPED]
    return [(title, text) for title, text in given if text and text not in became.texts]


def returns_before(decisions: list[tuple[Decision, User | None]], file: File) -> list[DecisionLine]:
    """Return what earlier rounds asked to be corrected, the newest first; it travels with the papers."""
    returned = [(decision, user) for decision, user in decisions if decision.outcome is Outcome.RETURNED]
    return [decision_line(decision, user, file.naming) for decision, user in returned[::-1]]


def _outcomes(at: StageRound, *, spent: bool) -> list[Option]:
    """Return what may be concluded here; a stage that has returned the file as often as it may, may not again."""
    offered = stage(at.stage).outcomes.items()
    options = [Option(str(o), gettext(words)) for o, words in offered if not (spent and o is Outcome.RETURNED)]
    if at.stage == "site-inspection":
        options.insert(1, Option(BASIC, gettext(BASICALLY), gettext("须在理由中写明需要改进之处。")))
    return options


def _substitutes(session: Session, assignment: Assignment, file: File) -> list[Option] | None:
    """Return who could take the duty over, where the reader may give it away."""
    if not file.naming.viewer.has(Role.OFFICE) or not is_replaceable(assignment):
        return None
    return [
        Option(str(one.user.id), gettext("{name}（未办 {n} 项）", name=one.user.name, n=one.open_duties))
        for one in substitutes(session, assignment)
        if not one.conflicts
    ]


def _list(assignment: Assignment) -> Crumb:
    if assignment.ended_at:
        return Crumb(gettext("已办"), "/archive")
    named = assignment.user_id or assignment.organisation_id
    return Crumb(gettext("待办"), "/inbox") if named else Crumb(gettext("待领"), "/queue")
