"""Inspections: what was seen beside what was declared, and the conclusion (Art. 5(4))."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from casework.assignments import held_duty
from casework.decisions import Conclusion, fulfil
from casework.people import Person
from core.clock import local, today
from core.errors import Fault, Invalid
from core.i18n import marked
from models.case import StageRound
from models.judgement import Finding, Inspection
from models.person import User
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
    """The record of a visit."""

    visited_on: date | None
    summary: str
    findings: list[Seen] = field(default_factory=list)


def inspect(session: Session, assignment_id: UUID, visit: Visit, conclusion: Conclusion, *, by: Person) -> Inspection:
    """Record the visit and its conclusion, which ends the round; any member of the team does it, once."""
    _, case, at = held_duty(session, assignment_id)
    faults = faults_of(visit, opened_on=local(case.opened_at).date())
    try:
        fulfil(session, assignment_id, conclusion, {Duty.INSPECT}, by=by)
    except Invalid as refused:
        raise Invalid(faults=[*faults, *refused.faults]) from refused
    if faults:
        raise Invalid(faults=faults)
    inspection = Inspection(
        stage_round_id=at.id,
        visited_on=visit.visited_on,  # type: ignore[arg-type]  # checked above
        summary=visit.summary.strip(),
        recorded_by=by.id,
    )
    session.add(inspection)
    session.flush()
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
    return inspection


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
    found = session.exec(
        select(Finding).where(col(Finding.inspection_id).in_([inspection.id for _, inspection, _ in visits]))
    ).all()
    order = list(ITEMS)
    findings = sorted(found, key=lambda finding: order.index(finding.item))
    return [(at, visit, user, [f for f in findings if f.inspection_id == visit.id]) for at, visit, user in visits]
