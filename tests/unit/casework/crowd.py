"""Many cases at once, in every stage and state, written straight into the record: lists are tried on them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from casework.demonstration import CALL
from casework.people import recommending_bodies
from core.clock import local, now, today
from models.application import Application, Call
from models.case import Assignment, Case, StageRound
from models.engine import Run, RunState
from models.organisation import Organisation, OrganisationKind
from models.person import User
from regulation.areas import AREAS
from regulation.definition import PROCEDURE
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast

STAGES = ("submission", "local-review", "expert-review", "expert-review", "site-inspection", "certification")
ENDS = (Outcome.APPROVED, Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.LAPSED)
KINDS = ("职业技术学院", "工程研究院", "行业协会", "培训中心", "医药高等专科学校", "装备制造集团有限责任公司教育培训部")
TRADES = ("智能制造", "水利水电", "中医药", "光电子信息", "现代农业", "建筑工程", "数字经济")
TRACEBACK = 'Traceback (most recent call last):\n  File "tasks/certificates.py", line 41\nTimeoutError: no answer'


@dataclass
class Crowd:
    """The cases that were made, by what is remarkable about them."""

    cases: list[Case] = field(default_factory=list)
    stalled: list[str] = field(default_factory=list)
    overdue: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    @property
    def references(self) -> list[str]:
        return [case.reference for case in self.cases]


def a_crowd(session: Session, size: int = 60, calls: Sequence[Call] = ()) -> Crowd:
    """Enter cases: every tenth is closed, every thirteenth stalled, every fourth overdue, some without a deadline."""
    calls = calls or [session.exec(select(Call).where(Call.code == CALL)).one()]
    people = {user.email: user.id for user in session.exec(select(User))}
    bodies = recommending_bodies(session)
    crowd = Crowd()
    for n in range(size):
        area = AREAS[n % len(AREAS)]
        unit = Organisation(
            kind=OrganisationKind.INSTITUTION,
            name=f"示例{area.name[:2]}{TRADES[n % 7]}{KINDS[n % 6]}{n + 1}",
            credit_code=f"99{n:016}",
            area_code=area.code,
        )
        session.add(unit)
        session.flush()
        application = Application(
            call_id=calls[n % len(calls)].id,
            organisation_id=unit.id,
            recommender_id=bodies[n % len(bodies)].id,
            content={"base_name": f"示例{TRADES[n % 7]}继续教育基地{n + 1}", "area": area.code},
            created_by=people[cast.APPLICANT],
        )
        session.add(application)
        session.flush()
        enter(session, crowd, application, n, people)
    session.flush()
    return crowd


def enter(session: Session, crowd: Crowd, application: Application, n: int, people: dict[str, UUID]) -> None:
    opened = local(now()).replace(hour=0, minute=0, second=0, microsecond=n) - timedelta(days=n % 23)
    case = Case(
        application_id=application.id,
        reference=f"JD-2026-{n + 101:04}",
        procedure=PROCEDURE,
        stage=STAGES[n % 6],
        opened_at=opened - timedelta(days=20),
    )
    crowd.cases.append(case)
    if n % 10 == 9:
        case.outcome, case.closed_at = ENDS[n // 10 % 4], opened
        case.stage = "publication" if case.outcome is Outcome.APPROVED else case.stage
        crowd.closed.append(case.reference)
    elif n % 13 == 7:
        case.stalled_at = opened
        crowd.stalled.append(case.reference)
    session.add(case)
    session.flush()
    if case.stalled_at:
        session.add(a_failure(case))
    if not case.closed_at:
        at = StageRound(case_id=case.id, stage=case.stage, round=1, opened_at=opened)
        session.add(at)
        session.flush()
        give_out(session, crowd, at, n, application, people)


def give_out(  # noqa: PLR0917 - what a duty is made of
    session: Session, crowd: Crowd, at: StageRound, n: int, application: Application, people: dict[str, UUID]
) -> None:
    case = session.get_one(Case, at.case_id)
    due_on = today() + timedelta(days=n % 12 - 3)
    duties: dict[str, list[tuple[Duty, dict[str, UUID]]]] = {
        "submission": [(Duty.CORRECT, {"organisation_id": application.organisation_id})],
        "local-review": [(Duty.RECOMMEND, {"organisation_id": application.recommender_id})],
        "expert-review": [(Duty.REVIEW, {"user_id": people[email]}) for email in (cast.CHAIR, *cast.EXPERTS)],
        "site-inspection": [(Duty.ASSEMBLE_TEAM, {})],
        "certification": [(Duty.CERTIFY, {})],
    }
    given = [(Duty.ASSEMBLE_PANEL, {})] if n % 6 == 3 else duties[case.stage]
    for duty, holder in given:
        session.add(
            Assignment(
                stage_round_id=at.id,
                case_id=case.id,
                duty=duty,
                due_on=due_on,
                assigned_at=at.opened_at,
                **holder,
            )
        )
    if due_on < today():
        crowd.overdue.append(case.reference)


def a_failure(case: Case, attempt: int = 2) -> Run:
    return Run(
        case_id=case.id,
        flow_run_id=uuid4(),
        attempt=attempt,
        reason="decided",
        state=RunState.FAILED,
        ended_in="Failed",
        started_at=case.stalled_at,
        ended_at=case.stalled_at,
        failed_step="issue_certificate",
        error="TimeoutError: the printer did not answer within 30 s",
        traceback=TRACEBACK,
    )


def case_of(session: Session, reference: str) -> Case:
    return session.exec(select(Case).where(col(Case.reference) == reference)).one()
