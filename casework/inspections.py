"""Inspections: what was seen beside what was declared, and the conclusion (Art. 5(4))."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from casework.cases import latest_submission, policy_for
from casework.decisions import Conclusion, fulfil
from casework.people import Person
from casework.visits import lines, photos, signing, threshold
from casework.visits.lines import SeenLine
from casework.visits.signing import Signing
from core.clock import local, today
from core.errors import Fault, Invalid
from core.i18n import marked
from models.case import StageRound
from models.judgement import Finding, Inspection
from models.person import User
from regulation.outcomes import Outcome
from regulation.roles import Duty

ITEMS = {
    "faculty": (marked("师资队伍"), "Art. 4(1)"),
    "management": (marked("管理机构与管理制度"), "Art. 4(2)"),
    "premises": (marked("教室、设备与实训场所"), "Art. 4(3)"),
    "funds": (marked("配套经费保障"), "Art. 4(3)"),
    "training": (marked("年培训专业技术人才人数"), "Art. 4(4)"),
}
"""What a visit looks at: one item for each condition of article 4."""


@dataclass(frozen=True)
class Seen:
    """One finding: what was declared, what was found, whether they match."""

    item: str
    declared: str
    found: str
    matches: bool
    note: str = ""


@dataclass(frozen=True)
class Visit:
    """The record of a visit: the five conditions, the declared values line by line, who was there.

    `basic` says 基本符合: approved, with what is to be improved among the reasons.
    """

    visited_on: date | None
    summary: str
    findings: list[Seen] = field(default_factory=list)
    lines: list[SeenLine] = field(default_factory=list)
    signing: Signing = field(default_factory=Signing)
    basic: bool = False


def inspect(session: Session, assignment_id: UUID, visit: Visit, conclusion: Conclusion, *, by: Person) -> Inspection:
    """Record the visit and its conclusion, which ends the round; any member of the team does it, once.

    Raises what `decisions.decide` raises, and `Invalid` with everything that is wrong or unsigned at once.
    """
    case, at, _ = photos.visiting(session, assignment_id, by)
    policy, taken = policy_for(session, case), photos.photos_of_round(session, at.id)
    sha256 = signing.digest_of(content_of(visit, conclusion), taken)
    compared, faults = lines.compare(latest_submission(session, case).content, visit.lines, policy.difference_flag)
    confirmed = {by.id} | {one.user_id for one in signing.signatures_of(session, at.id, sha256)}
    faults = [
        *faults_of(visit, opened_on=local(case.opened_at).date()),
        *faults,
        *basic_faults(visit, conclusion),
        *threshold.faults_of_lines(session, case, compared, conclusion.outcome),
        *signing.signing_faults(session, at, visit.signing, policy, confirmed),
        *signing.conflict_faults_of(session, case, {*confirmed, *visit.signing.on_paper}),
    ]
    try:
        fulfil(session, assignment_id, conclusion, {Duty.INSPECT}, by=by)
    except Invalid as refused:
        raise Invalid(faults=[*faults, *refused.faults]) from refused
    if faults:
        raise Invalid(faults=faults)
    scan_name, scan_sha256 = signing.kept_scan(visit.signing)
    inspection = Inspection(
        stage_round_id=at.id,
        visited_on=visit.visited_on,  # type: ignore[arg-type]  # checked above
        summary=visit.summary.strip(),
        basic=visit.basic,
        representative=visit.signing.representative.strip(),
        photos=photos.frozen(taken),
        scan_name=scan_name,
        scan_sha256=scan_sha256,
        sha256=sha256,
        recorded_by=by.id,
    )
    session.add(inspection)
    session.flush()
    write(session, at, inspection, visit, by=by)
    lines.record(session, inspection.id, compared)
    return inspection


def write(session: Session, at: StageRound, inspection: Inspection, visit: Visit, *, by: Person) -> None:
    """Write what was found of each condition, and who signed."""
    signing.sign(session, at, by.id, inspection.sha256)
    for member in visit.signing.on_paper:
        signing.sign(session, at, member, inspection.sha256, on_paper=True)
    for seen in visit.findings:
        session.add(
            Finding(
                inspection_id=inspection.id,
                item=seen.item,
                declared=seen.declared.strip(),
                found=seen.found.strip(),
                matches=seen.matches,
                note=seen.note.strip(),
            )
        )


def content_of(visit: Visit, conclusion: Conclusion) -> dict[str, Any]:
    """Return a record as the team signs it and as its draft is kept."""
    return {
        "visited_on": visit.visited_on.isoformat() if visit.visited_on else "",
        "summary": visit.summary.strip(),
        "findings": {s.item: [s.found.strip(), s.matches, s.note.strip()] for s in visit.findings},
        "lines": {s.line: [s.found.strip(), s.matches, s.note.strip()] for s in visit.lines},
        "representative": visit.signing.representative.strip(),
        "outcome": str(conclusion.outcome),
        "basic": visit.basic,
        "reasons": conclusion.reasons.strip(),
        "corrections": [one.strip() for one in conclusion.corrections if one.strip()],
    }


def basic_faults(visit: Visit, conclusion: Conclusion) -> list[Fault]:
    """基本符合 is an approval that says what is to be improved."""
    if visit.basic and (conclusion.outcome is not Outcome.APPROVED or not conclusion.reasons.strip()):
        return [Fault("reasons", marked("结论为基本符合的，请写明需要改进之处。"))]
    return []


def faults_of(visit: Visit, opened_on: date) -> list[Fault]:
    """Return everything that is wrong with the record of a visit."""
    faults = []
    if not visit.visited_on:
        faults.append(Fault("visited_on", marked("请填写考察日期，如 2026-11-24。")))
    elif visit.visited_on > today() or visit.visited_on < opened_on:
        faults.append(Fault("visited_on", marked("考察日期应在受理之后、今天之前（含今天）。")))
    if not visit.summary.strip():
        faults.append(Fault("summary", marked("请填写考察情况。")))
    recorded = [seen.item for seen in visit.findings]
    absent = [item for item in ITEMS if recorded.count(item) != 1]
    faults += [Fault(f"findings.{item}", marked("请填写该项的考察结果。")) for item in absent]
    for seen in visit.findings:
        if seen.item not in ITEMS:
            faults.append(Fault(f"findings.{seen.item}", marked("没有这一考察项目。")))
        elif not seen.found.strip():
            faults.append(Fault(f"findings.{seen.item}", marked("请填写该项的考察结果。")))
    return faults


def inspections_of(session: Session, case_id: UUID) -> list[tuple[StageRound, Inspection, User, list[Finding]]]:
    """Return every visit of a case in the order of the rounds, each with its findings in the order of article 4."""
    visits = session.exec(
        select(StageRound, Inspection, User)
        .join(Inspection, col(Inspection.stage_round_id) == StageRound.id)
        .join(User, col(User.id) == Inspection.recorded_by)
        .where(StageRound.case_id == case_id)
        .order_by(col(StageRound.round))
    ).all()
    if not visits:
        return []
    found = session.exec(
        select(Finding).where(col(Finding.inspection_id).in_([inspection.id for _, inspection, _ in visits]))
    ).all()
    order = list(ITEMS)
    findings = sorted(found, key=lambda finding: order.index(finding.item))
    return [(at, visit, user, [f for f in findings if f.inspection_id == visit.id]) for at, visit, user in visits]
