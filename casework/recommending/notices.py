"""The notices of acceptance: 受理通知书, or 不予受理通知书 with its reasons; issued once, kept as they were issued."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.cases import latest_submission, of_the_round, parties, policy_for
from casework.letters import applicants_of, post
from casework.naming import in_place
from casework.organisations import PROVINCE
from casework.series import next_number
from core.clock import local, on_paper
from core.files import fetch, keep
from core.i18n import speaking, translated
from core.typesetting import legible, typeset
from models.application import Application, Call, Submission
from models.case import Case, StageRound
from models.judgement import Decision
from models.person import User
from models.recommendation import AcceptanceNotice
from regulation.definition import CITATION
from regulation.form.definition import FIELDS
from regulation.notices import NoticeText, text_for
from regulation.outcomes import Outcome

KILOBYTE = 1024
OFFICE = "湖北省人力资源和社会保障厅专业技术人员管理处（继教办）"


def conclude_check(session: Session, case: Case, at: StageRound, decision: Decision) -> AcceptanceNotice | None:
    """After the office's check of the form: issue the notice and, where the file was accepted, send the letter.

    Nothing is issued for a correction that was asked for, nor twice for one round.
    """
    if decision.outcome not in {Outcome.APPROVED, Outcome.REFUSED} or notice_of_round(session, at.id):
        return None
    notice = issue(session, case, at, decision)
    if decision.outcome is Outcome.APPROVED:
        for applicant in applicants_of(session, case):
            facts = {"number": notice.number, "issued_on": notice.issued_on.isoformat()}
            post(session, "accepted", applicant, about=str(decision.id), case=case, **facts)
    return notice


def issue(session: Session, case: Case, at: StageRound, decision: Decision) -> AcceptanceNotice:
    """Take the number of the year, set the notice and keep it; what has no glyph is named, so nothing stalls a case."""
    words = text_for(decision.outcome, by_silence=decision.by_system)
    issued_on = local(decision.decided_at).date()
    number = next_number(session, f"{words.series}-{issued_on.year}")
    submission = latest_submission(session, case)
    notice = AcceptanceNotice(
        case_id=case.id,
        stage_round_id=at.id,
        outcome=decision.outcome,
        number=f"{words.series}〔{issued_on.year}〕{number:04}号",
        submission_id=submission.id,
        issued_on=issued_on,
        sha256="",
    )
    content = _content(session, case, decision, submission, words) | {"number": notice.number}
    notice.sha256 = keep(typeset("notice", content, created=issued_on))
    session.add(notice)
    act = "acceptance-issued" if decision.outcome is Outcome.APPROVED else "rejection-issued"
    detail = {"number": notice.number, "sha256": notice.sha256}
    journal.note(session, act, case=case, by=None, stage=at.stage, round=at.round, **detail)
    return notice


def notice_of(session: Session, case_id: UUID) -> AcceptanceNotice | None:
    """Return the notice that stands: the newest whose decision was not undone."""
    found = (
        select(AcceptanceNotice)
        .join(StageRound, col(StageRound.id) == AcceptanceNotice.stage_round_id)
        .join(Decision, of_the_round())
        .where(AcceptanceNotice.case_id == case_id, col(Decision.undone_at).is_(None))
        .order_by(col(StageRound.round).desc())
    )
    return session.exec(found).first()


@dataclass(frozen=True)
class Issued:
    """A notice that stands, as a page tells of it."""

    title: str
    number: str
    issued_on: date


def issued_in(session: Session, case_id: UUID) -> Issued | None:
    """Return the notice that stands in a case, as a page tells of it."""
    notice = notice_of(session, case_id)
    return Issued(title_of(notice), notice.number, notice.issued_on) if notice else None


def notice_of_round(session: Session, stage_round_id: UUID) -> AcceptanceNotice | None:
    """Return the notice of a round."""
    return session.exec(select(AcceptanceNotice).where(AcceptanceNotice.stage_round_id == stage_round_id)).first()


def pdf(notice: AcceptanceNotice) -> bytes:
    """Return the notice as it was issued."""
    return fetch(notice.sha256)


def title_of(notice: AcceptanceNotice) -> str:
    """Return what the notice is called."""
    return text_for(notice.outcome, by_silence=False).title


def filename_of(notice: AcceptanceNotice, case: Case) -> str:
    """Return the name under which the notice is saved."""
    return f"{title_of(notice)}-{case.reference}.pdf"


def _content(
    session: Session, case: Case, decision: Decision, submission: Submission, words: NoticeText
) -> dict[str, Any]:
    application, unit, recommender = parties(session, case)
    filed_on, decided_on = local(submission.submitted_at).date(), local(decision.decided_at).date()
    call = session.get_one(Call, application.call_id)
    days = policy_for(session, case).acceptance_days
    said = {"citation": CITATION, "call": call.title, "filed_on": on_paper(filed_on), "days": days}
    refused = decision.outcome is Outcome.REFUSED
    officer = session.get(User, decision.decided_by) if decision.decided_by else None
    with speaking("zh"):
        return {
            "title": words.title,
            "unit": legible(unit.name),
            "opening": legible(words.opening.format(**said)),
            "verdict": legible(words.verdict.format(**said)),
            "reasons": [legible(line) for line in decision.reasons.splitlines() if line.strip()] if refused else [],
            "closing": words.closing,
            "facts": [
                ["申报编号", case.reference],
                ["拟挂牌基地名称", legible(_base_name(application, submission))],
                ["推荐单位", legible(recommender.name)],
                ["收到日期", f"{on_paper(filed_on)}（第 {submission.number} 次提交）"],
                ["提交内容校验值（SHA-256）", submission.sha256],
                ["经办人", in_place(officer.name, decision.in_place_of) if officer else "系统（期满自动记载）"],
            ],
            "papers": _papers(submission),
            "authority": PROVINCE,
            "office": OFFICE,
            "issued_on": on_paper(decided_on),
        }


def _base_name(application: Application, submission: Submission) -> str:
    return str(submission.content.get("base_name") or application.content.get("base_name") or "—")


def _papers(submission: Submission) -> list[list[str]]:
    """Return what was received: title, file, size, SHA-256."""
    return [
        [
            translated(FIELDS[paper["kind"]].title, "zh") if paper["kind"] in FIELDS else str(paper["kind"]),
            legible(paper["filename"]),
            f"{-(-paper['size'] // KILOBYTE):,} KB",
            paper["sha256"],
        ]
        for paper in submission.documents
    ]
