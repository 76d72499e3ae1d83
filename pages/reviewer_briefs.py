"""What each duty needs before its eyes beside the papers: candidates, scores, what was declared, the whole record."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from casework.committees import Candidate, candidates
from casework.inspections import ITEMS, inspections_of
from casework.reviews import RECOMMENDATIONS, reviews_for
from core.i18n import gettext
from models.application import Submission
from models.case import StageRound
from models.judgement import Decision
from models.person import User
from pages.case_judgements import DecisionLine, ReviewRound, VisitLine, decision_lines, review_rounds
from pages.case_pages import File
from pages.case_question_lines import QuestionLine, question_lines
from pages.kit import Option
from pages.public_sources import cited
from pages.reviewer_certifying import Certifying, certifying_for
from pages.reviewer_checks import Signing, signing_for
from pages.reviewer_declared import declared
from pages.reviewer_panel import PanelBrief, panel_brief
from pages.visit_records import visit_records
from pages.visit_sheet import VisitSheet, visit_sheet
from regulation.policy import Policy, policy_of
from regulation.roles import Duty


@dataclass(frozen=True)
class Item:
    """One condition of article 4 that a visit looks at."""

    key: str
    title: str
    source: str
    declared: str


@dataclass(frozen=True)
class Brief:
    """What one duty is given; the parts that a duty does not need are empty."""

    policy: Policy
    candidates: list[Candidate]
    advice: list[Option]
    reviews: list[ReviewRound]
    items: list[Item]
    matches: list[Option]
    decisions: list[DecisionLine]
    visits: list[VisitLine]
    signing: Signing | None
    questions: list[QuestionLine]
    sheet: VisitSheet | None
    certifying: Certifying | None
    panel: PanelBrief | None


@dataclass(frozen=True)
class Material:
    """Where a brief is drawn from."""

    file: File
    at: StageRound
    submission: Submission | None
    decisions: list[tuple[Decision, User | None]]


def brief_for(session: Session, duty: Duty, material: Material) -> Brief:
    """Gather what somebody with this duty needs to see."""
    file = material.file
    policy = policy_of(file.call.policy)
    deciding = duty in {Duty.CERTIFY, Duty.RECONSIDER}
    judging = deciding or duty in {Duty.REVIEW, Duty.CONCLUDE}
    panels = reviews_for(session, file.case, file.naming.viewer, file.sight) if judging else []
    visits = inspections_of(session, file.case.id) if deciding or duty is Duty.INSPECT else []
    return Brief(
        policy=policy,
        candidates=candidates(session, duty, file.case) if duty in {Duty.ASSEMBLE_PANEL, Duty.ASSEMBLE_TEAM} else [],
        advice=[Option(str(key), gettext(title)) for key, title in RECOMMENDATIONS.items()],
        reviews=review_rounds(panels, file.naming, file.call.policy)[::-1],
        items=_items(material.submission, gettext) if duty is Duty.INSPECT else [],
        matches=[Option("yes", gettext("一致")), Option("no", gettext("不一致"))],
        decisions=decision_lines(material.decisions, file.naming) if deciding else [],
        visits=visit_records(session, visits, file.naming, file.case)[::-1],
        questions=question_lines(session, file.case, file.naming) if judging else [],
        signing=signing_for(session, duty, file, material.at, material.submission),
        sheet=visit_sheet(session, material.at, file, material.submission) if duty is Duty.INSPECT else None,
        certifying=certifying_for(session, duty, file),
        panel=panel_brief(session, file.case, material.at) if duty is Duty.ASSEMBLE_PANEL else None,
    )


def _items(submission: Submission | None, say: Callable[..., str]) -> list[Item]:
    content = submission.content if submission else {}
    return [
        Item(key, gettext(title), cited(source), declared(key, content, say)) for key, (title, source) in ITEMS.items()
    ]
