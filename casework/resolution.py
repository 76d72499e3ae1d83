"""The committee's resolution 评审决议 on paper: panel, figures, votes and what the chair concludes, Art. 5(4)."""

from typing import Any

from sqlmodel import Session, col, select

from casework.cases import parties, rounds_of
from casework.results import result_from
from casework.reviews import VOTES
from core.clock import local, on_paper
from core.errors import NotFound
from core.i18n import gettext, marked, speaking
from core.typesetting import legible, typeset
from models.application import Call, Submission
from models.case import Assignment, Case, StageRound
from models.judgement import Decision, Recommendation, Review
from models.person import User
from regulation.definition import stage
from regulation.policy import policy_of
from regulation.provenance import ASSUMED
from regulation.result import Check, Result, mean_of, shown
from regulation.roles import Duty, Role
from regulation.sheet import Sheet, sheet_of
from regulation.stages.expert_review import EXPERT_REVIEW

TITLE = "专家评审决议"
COMMITTEE = "湖北省专业技术人员继续教育基地专家评审委员会"
NOTHING = marked("本轮评审还没有结论，不能生成评审决议。")
MEMBER = "委员"

Lines = list[list[str]]
Reviewed = list[tuple[Review, Assignment, User]]


def resolution(session: Session, case: Case, number: int) -> bytes:
    """Set the resolution of a concluded round; the same record gives the same bytes. Raises `NotFound` before that."""
    at = session.exec(
        select(StageRound).where(
            StageRound.case_id == case.id, StageRound.stage == EXPERT_REVIEW.key, StageRound.round == number
        )
    ).first()
    decision = _conclusion(session, at) if at else None
    if not at or not decision:
        raise NotFound(NOTHING)
    with speaking("zh"):
        return typeset("resolution", _data(session, case, at, decision), created=local(decision.decided_at).date())


def concluded_rounds(session: Session, case: Case) -> set[int]:
    """Return the rounds of which there is a resolution."""
    reviews = [at for at in rounds_of(session, case.id) if at.stage == EXPERT_REVIEW.key]
    return {at.round for at in reviews if _conclusion(session, at)}


def resolution_name(case: Case, number: int) -> str:
    """Return the name under which a resolution is saved."""
    return f"{TITLE}-{case.reference}-{number}.pdf"


def _conclusion(session: Session, at: StageRound) -> Decision | None:
    """Return the chair's decision on a round; a withdrawal or a lapse is none of the committee's."""
    found = session.exec(
        select(Decision).where(
            Decision.case_id == at.case_id, Decision.stage == at.stage, Decision.round == at.round,
            col(Decision.undone_at).is_(None),
        )
    ).first()  # fmt: skip
    return found if found and found.outcome in stage(at.stage).outcomes and found.decided_by else None


def _data(session: Session, case: Case, at: StageRound, decision: Decision) -> dict[str, Any]:
    reviewed, seats = _reviewed(session, at)
    application, unit, _ = parties(session, case)
    call = session.get_one(Call, application.call_id)
    reviews = [written for written, _, _ in reviewed]
    found = result_from(reviews, seats, policy_of(call.policy))
    papers = session.get_one(Submission, reviews[-1].submission_id) if reviews else None
    day = on_paper(local(decision.decided_at).date())
    filed = f"第 {papers.number} 次提交　SHA-256 {papers.sha256}" if papers else "—"
    return {
        "title": TITLE,
        "number": f"{case.reference}　第 {at.round} 轮",
        "committee": COMMITTEE,
        "facts": [
            ["申报单位", legible(unit.name)],
            ["拟挂牌基地名称", legible(str(application.content.get("base_name") or "—"))],
            ["申报批次", legible(call.title)],
            ["评审的材料", filed],
        ],
        "members": [_member(seat, user) for _, seat, user in reviewed],
        "checks": [_check(check) for check in found.checks],
        "scores": _scores(reviews, found),
        "items": _items(sheet_of(call.policy), reviews),
        "figures": _figures(found),
        "verdict": f"按本批次规则计算，评审结果为：{'通过' if found.passed else '不通过'}。",
        "conclusion": gettext(stage(at.stage).words_for(decision.outcome)),
        "reasons": [legible(one) for one in [*decision.reasons.splitlines(), *decision.corrections] if one.strip()],
        "dated": day,
    }


def _reviewed(session: Session, at: StageRound) -> tuple[Reviewed, int]:
    """Return the reviews that count with their seats, the chair's first, and how many seats the committee has."""
    rows = session.exec(
        select(Review, Assignment, User)
        .select_from(Assignment)
        .join(User, col(User.id) == Assignment.user_id)
        .join(Review, (col(Review.assignment_id) == Assignment.id) & col(Review.voided_at).is_(None), isouter=True)
        .where(Assignment.stage_round_id == at.id, Assignment.duty == Duty.REVIEW)
        .where(col(Assignment.replaced_by).is_(None))
        .order_by(col(Assignment.leads).desc(), col(Review.reviewed_at), col(Assignment.id))
    ).all()
    return [(written, seat, user) for written, seat, user in rows if written], len(rows)


def _member(seat: Assignment, user: User) -> list[str]:
    return [legible(user.name), Role.CHAIR.title if seat.leads else MEMBER]


def _scores(reviews: list[Review], found: Result) -> Lines:
    """Return the scores from the highest down and their votes, without names: the order tells nobody's."""
    dropped = list(found.dropped or ())
    lines = []
    for number, one in enumerate(sorted(reviews, key=_by_score), 1):
        out = one.score in dropped
        if out:
            dropped.remove(one.score)
        vote = gettext(VOTES[one.recommendation is Recommendation.PASS])
        lines.append([f"专家 {number}", f"{one.score}", vote, "去掉，不计入平均分" if out else ""])
    return lines


def _by_score(written: Review) -> tuple[int, bool]:
    return -written.score, written.recommendation is not Recommendation.PASS


def _figures(found: Result) -> list[str]:
    lines = [
        f"委员会 {found.seats} 人，参评 {found.present} 人。",
        f"同意 {found.yes} 票，不同意 {found.present - found.yes} 票。",
    ]
    if found.deviation is not None:
        lines.append(f"最高 {found.highest} 分，最低 {found.lowest} 分，标准差 {found.deviation:f} 分。")
    if not found.robust:
        lines.append(f"去掉其中任何一位专家的意见，评审结果即会改变（共 {found.pivotal} 位有此影响）。")
    return lines


def _check(check: Check) -> list[str]:
    unit = gettext(check.unit)
    figure = f"{shown(check.figure)} {unit}" if check.figure is not None else "—"
    least = f"多于 {shown(check.threshold)} 票" if check.key == "tie" else f"不低于 {shown(check.threshold)} {unit}"
    source = "暂定" if check.source == ASSUMED else check.source
    return [gettext(check.title), least, figure, source, "是" if check.met else "否"]


def _items(sheet: Sheet | None, reviews: list[Review]) -> Lines:
    return [
        [
            gettext(group.title) if not at else "",
            gettext(item.title),
            f"{item.points}",
            shown(mean_of([one.marks[item.key] for one in reviews if item.key in one.marks])),
        ]
        for group in (sheet.groups if sheet else ())
        for at, item in enumerate(group.items)
    ]
