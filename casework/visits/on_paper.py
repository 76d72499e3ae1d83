"""The record of a visit 考察记录 on paper: who went, what was declared and what was found, photos, signatures.

Whoever may see a visit is its team or oversees the case, so everybody is named.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from casework.assignments import seats_of
from casework.cases import parties
from casework.inspections import ITEMS
from casework.naming import in_place
from casework.visits.lines import lines_of
from casework.visits.signing import signers_of
from core.clock import local, on_paper
from core.errors import NotFound
from core.i18n import gettext, marked, speaking
from core.typesetting import legible, typeset
from models.application import Call
from models.case import Case, StageRound
from models.judgement import Decision, Finding, Inspection
from models.person import User
from models.visit import LineFinding, VisitSignature
from regulation.checklist import title_of
from regulation.definition import stage
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.stages.site_inspection import SITE_INSPECTION

TITLE = "实地考察记录"
NOTHING = marked("本轮实地考察还没有提交考察记录。")
LEADER, MEMBER, STANDS_IN = "组长", "组员", "代行考察"
WHOLE = "考察全程"
BY_ACCOUNT, ON_PAPER, UNSIGNED = "系统账号确认", "纸质签名", "未签名"
YES, NO = "一致", "不一致"

Row = list[str]
Signed = Sequence[tuple[User, VisitSignature]]


def visit_record(session: Session, case: Case, number: int) -> bytes:
    """Set the record of a round's visit; the same record gives the same bytes. Raises `NotFound` before it is filed."""
    found = session.exec(
        select(StageRound, Inspection)
        .join(Inspection, col(Inspection.stage_round_id) == StageRound.id)
        .where(StageRound.case_id == case.id, StageRound.stage == SITE_INSPECTION.key, StageRound.round == number)
    ).first()
    if not found:
        raise NotFound(NOTHING)
    at, visit = found
    with speaking("zh"):
        data = _data(session, case, at, visit)
        return typeset("visit", data, created=local(visit.recorded_at).date())


def record_name(case: Case, number: int) -> str:
    """Return the name under which a record is saved."""
    return f"{TITLE}-{case.reference}-{number}.pdf"


def _data(session: Session, case: Case, at: StageRound, visit: Inspection) -> dict[str, Any]:
    application, unit, _ = parties(session, case)
    call = session.get_one(Call, application.call_id)
    findings = session.exec(select(Finding).where(Finding.inspection_id == visit.id)).all()
    lines = lines_of(session, [visit.id])[visit.id]
    titles = {"": WHOLE, **{key: title for key, (title, _) in ITEMS.items()}}
    titles |= {one.line: legible(title_of(one.title, one.about)) for one in lines}
    decision, recorder = _decision(session, at), session.get_one(User, visit.recorded_by)
    who = legible(in_place(recorder.name, decision.in_place_of))
    return {
        "title": TITLE,
        "number": f"{case.reference}　第 {at.round} 轮",
        "facts": [
            ["申报单位", legible(unit.name)],
            ["拟挂牌基地名称", legible(str(application.content.get("base_name") or "—"))],
            ["申报批次", legible(call.title)],
            ["考察日期", on_paper(visit.visited_on)],
            ["申报单位在场代表", legible(visit.representative or "—")],
            ["记录人", f"{who}，{local(visit.recorded_at):%Y-%m-%d %H:%M} 提交"],
        ],
        "summary": [legible(one) for one in visit.summary.splitlines() if one.strip()],
        "conditions": _conditions(findings),
        "lines": [_line(one) for one in lines],
        "photos": [
            [titles.get(one["line"], one["line"]), legible(one["filename"]), one["taken_at"] or "—", one["sha256"]]
            for one in visit.photos
        ],
        "signatures": _signatures(session, at, signers_of(session, [visit])[visit.id]),
        "scan": [legible(visit.scan_name), visit.scan_sha256] if visit.scan_sha256 else [],
        "sha256": visit.sha256,
        **_conclusion(at, visit, decision),
    }  # fmt: skip


def _conditions(findings: Sequence[Finding]) -> list[Row]:
    found = {one.item: one for one in findings}
    return [
        [
            gettext(title),
            legible(found[item].declared or "—"),
            legible(found[item].found),
            YES if found[item].matches else NO,
            legible(found[item].note),
        ]
        for item, (title, _) in ITEMS.items()
        if item in found
    ]


def _line(one: LineFinding) -> Row:
    unit = f" {gettext(one.unit)}" if one.unit else ""
    apart = f"相差 {one.difference:.1f}%" if one.difference else ""
    flag = "超出规定幅度" if one.flagged else ""
    return [
        legible(title_of(one.title, one.about)),
        legible(f"{one.declared}{unit}"),
        legible(f"{one.found}{unit}"),
        "，".join(filter(None, [YES if one.matches else NO, apart, flag])),
        legible(one.note),
    ]


def _signatures(session: Session, at: StageRound, signed: Signed) -> list[Row]:
    """Return everybody of the team, whoever leads first, with how and when they signed; then who stood in for one."""
    seats = [one for one in seats_of(session, at.id) if one.duty is Duty.INSPECT]
    by_hand = {user.id: (user, signature) for user, signature in signed}
    rows = []
    for seat in sorted(seats, key=lambda one: not one.leads):
        user = session.get_one(User, seat.user_id)
        office = LEADER if seat.leads else MEMBER
        rows.append(_signature(user, office, by_hand.pop(user.id, (user, None))[1]))
    return rows + [_signature(user, STANDS_IN, signature) for user, signature in by_hand.values()]


def _signature(user: User, office: str, signature: VisitSignature | None) -> Row:
    how = UNSIGNED if not signature else ON_PAPER if signature.on_paper else BY_ACCOUNT
    at = f"{local(signature.signed_at):%Y-%m-%d %H:%M}" if signature else ""
    return [legible(user.name), office, how, at]


def _decision(session: Session, at: StageRound) -> Decision:
    here = Decision.case_id == at.case_id, Decision.stage == at.stage, Decision.round == at.round
    return session.exec(select(Decision).where(*here)).one()


def _conclusion(at: StageRound, visit: Inspection, decision: Decision) -> dict[str, Any]:
    words = "基本符合条件" if visit.basic else gettext(stage(at.stage).words_for(decision.outcome))
    undone = f"（该结论已于 {local(decision.undone_at):%Y-%m-%d} 撤回）" if decision.undone_at else ""
    reasons = [*decision.reasons.splitlines(), *(decision.corrections if decision.outcome is Outcome.RETURNED else [])]
    return {
        "conclusion": f"{words}{undone}",
        "reasons": [legible(one) for one in reasons if one.strip()],
        "dated": on_paper(local(decision.decided_at).date()),
    }
