"""The check list behind a recommendation or an acceptance: what must be answered, who signs it, and keeping it."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from casework.cases import policy_for
from casework.people import Person
from casework.quotas import refusal
from core.errors import Fault
from core.i18n import marked
from models.application import Application, Call
from models.case import Case, StageRound
from models.organisation import Organisation
from models.person import User
from models.recommendation import Examination, SignedScan
from regulation.checks import NO, STAGE_CHECKS, CheckItem
from regulation.outcomes import Outcome
from regulation.policy import Policy

RECOMMENDING, ACCEPTING = "local-review", "acceptance"
LONGEST_NOTE, LONGEST_NAME = 500, 50

NO_LIST = marked("本环节没有审核清单。")
UNKNOWN = marked("审核清单中没有这一项。")
UNANSWERED = marked("请逐项作出审核意见。")
NO_ANSWER = marked("请从所列选项中选择。")
NOTE_MISSING = marked("不符合的，请写明情况。")
NOTE_TOO_LONG = marked("说明不超过 500 字。")
NAME_TOO_LONG = marked("姓名不超过 50 字。")
UNMET = marked("清单中有不符合的项目，不能作出该结论。")
NO_HANDLER = marked("请填写经办人姓名。")
NO_SIGNER = marked("请填写负责人姓名。")
NO_SCAN = marked("请上传签字盖章的推荐意见扫描件（PDF），再同意推荐（第五条第三项）。")


@dataclass(frozen=True)
class Answer:
    """One point of the list, answered."""

    item: str
    answer: str
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A check list as somebody filled it in, with the names of who handled (经办人) and who signed (负责人)."""

    answers: list[Answer] = field(default_factory=list)
    handled_by: str = ""
    signed_by: str = ""


def faults_of(session: Session, case: Case, at: StageRound, outcome: Outcome, sheet: Sheet | None) -> list[Fault]:
    """Return everything that the check list, the signatures and the quota have against a conclusion of this round."""
    if at.stage not in STAGE_CHECKS:
        return [Fault("checks", NO_LIST)] if sheet else []
    in_full = at.stage == ACCEPTING or is_in_full(policy_for(session, case))
    given = sheet or Sheet()
    faults = answer_faults(given, STAGE_CHECKS[at.stage], complete=in_full and outcome is Outcome.APPROVED)
    if outcome is Outcome.APPROVED and any(one.answer == NO for one in given.answers):
        faults.append(Fault("outcome", UNMET))
    if at.stage == RECOMMENDING:
        faults += name_faults(given, required=in_full and outcome is not Outcome.RETURNED)
        if outcome is Outcome.APPROVED:
            faults += recommendation_faults(session, case, at, in_full=in_full)
    return faults


def is_in_full(policy: Policy) -> bool:
    """Whether a recommendation comes with its check list and its signed scan: where the office checks the form."""
    return ACCEPTING not in policy.skipped


def answer_faults(sheet: Sheet, asked: tuple[CheckItem, ...], *, complete: bool) -> list[Fault]:
    """Return what is wrong with the answers; a no needs a note, and `complete` asks for every point."""
    known = {item.key: item for item in asked}
    answered = {one.item: one for one in sheet.answers}
    absent = [key for key in known if key not in answered] if complete else []
    faults = [Fault(f"checks.{key}", UNANSWERED) for key in absent]
    for one in sheet.answers:
        if one.item not in known:
            faults.append(Fault(f"checks.{one.item}", UNKNOWN))
        elif one.answer not in known[one.item].answers:
            faults.append(Fault(f"checks.{one.item}", NO_ANSWER))
        elif one.answer == NO and not one.note.strip():
            faults.append(Fault(f"checks.{one.item}.note", NOTE_MISSING))
        if len(one.note) > LONGEST_NOTE:
            faults.append(Fault(f"checks.{one.item}.note", NOTE_TOO_LONG))
    return faults


def name_faults(sheet: Sheet, *, required: bool) -> list[Fault]:
    """Return what is wrong with the names on the paper."""
    given = (("handled_by", sheet.handled_by.strip(), NO_HANDLER), ("signed_by", sheet.signed_by.strip(), NO_SIGNER))
    missing = [Fault(name, sentence) for name, text, sentence in given if required and not text]
    return missing + [Fault(name, NAME_TOO_LONG) for name, text, _ in given if len(text) > LONGEST_NAME]


def recommendation_faults(session: Session, case: Case, at: StageRound, *, in_full: bool) -> list[Fault]:
    """Return what keeps a file from being recommended now: a missing scan, or no place left."""
    faults = [Fault("scan", NO_SCAN)] if in_full and not scan_of(session, at.id) else []
    application = session.get_one(Application, case.application_id)
    body = session.get_one(Organisation, application.recommender_id)
    full = refusal(session, session.get_one(Call, application.call_id), body.id, body.name)
    return [*faults, Fault("outcome", full)] if full else faults


def keep(session: Session, at: StageRound, sheet: Sheet, *, by: Person) -> Examination:
    """Keep a check list with the decision that stands on it, in the order of the list."""
    answered = {one.item: one for one in sheet.answers}
    asked = [answered[item.key] for item in STAGE_CHECKS[at.stage] if item.key in answered]
    examination = Examination(
        case_id=at.case_id,
        stage_round_id=at.id,
        items=[{"item": one.item, "answer": one.answer, "note": one.note.strip()} for one in asked],
        handled_by=sheet.handled_by.strip(),
        signed_by=sheet.signed_by.strip(),
        recorded_by=by.id,
    )
    session.add(examination)
    return examination


def scan_of(session: Session, stage_round_id: UUID) -> SignedScan | None:
    """Return the signed and sealed scan of a round."""
    kept = select(SignedScan).where(SignedScan.stage_round_id == stage_round_id, col(SignedScan.removed_at).is_(None))
    return session.exec(kept).first()


def examinations_of(session: Session, case_id: UUID) -> list[tuple[StageRound, Examination, User, SignedScan | None]]:
    """Return the check lists of a case with who recorded them and the scans, in the order of the rounds."""
    found = (
        select(StageRound, Examination, User, SignedScan)
        .join(Examination, col(Examination.stage_round_id) == StageRound.id)
        .join(User, col(User.id) == Examination.recorded_by)
        .join(
            SignedScan,
            (col(SignedScan.stage_round_id) == StageRound.id) & col(SignedScan.removed_at).is_(None),
            isouter=True,
        )
        .where(StageRound.case_id == case_id)
        .order_by(col(StageRound.opened_at))
    )
    return list(session.exec(found))


def sheet_before(session: Session, case_id: UUID, stage: str) -> Examination | None:
    """Return the newest check list of a stage, so that after a correction only what has changed is answered anew."""
    found = (
        select(Examination)
        .join(StageRound, col(StageRound.id) == Examination.stage_round_id)
        .where(Examination.case_id == case_id, StageRound.stage == stage)
        .order_by(col(StageRound.round).desc())
    )
    return session.exec(found).first()
