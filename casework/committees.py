"""Expert panels and inspection teams: the office says who looks at a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework import bells, journal
from casework.assignments import Holder, assign, finish, held_duty, is_for
from casework.cases import policy_for
from casework.decisions import refuse_if_ended
from casework.experts.conflicts import Ground, conflict_faults, holding
from casework.experts.mixture import mixture_faults
from casework.experts.seats import vacant_in
from casework.people import Person, holders_of, roles_of
from core.errors import Fault, Invalid, NotAssigned, StageClosed
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from models.expert import DrawnFor
from models.person import User, UserRole
from regulation.policy import Policy
from regulation.roles import Duty, Role

ASSEMBLED_BY = {
    Duty.REVIEW: Duty.ASSEMBLE_PANEL,
    Duty.CONCLUDE: Duty.ASSEMBLE_PANEL,
    Duty.INSPECT: Duty.ASSEMBLE_TEAM,
}
"""The duties given by name, each with the office's duty that named its holders."""


def assemble(
    session: Session, assignment_id: UUID, members: Sequence[UUID], leader: UUID | None, *, by: Person
) -> list[Assignment]:
    """Name the panel with its chair, or the team with its leader, whichever the duty asks for.

    Raises `NotAssigned`, `AlreadyDecided`, `StageClosed`, or `Invalid` with every fault at once.
    """
    duty, case, at = held_duty(session, assignment_id)
    if not is_for(duty, by) or duty.duty not in {Duty.ASSEMBLE_PANEL, Duty.ASSEMBLE_TEAM}:
        raise NotAssigned
    refuse_if_ended(session, case, at)
    refuse_if_assembled(session, duty)
    panel = duty.duty is Duty.ASSEMBLE_PANEL
    faults = (panel_faults if panel else team_faults)(session, policy_for(session, case), members, leader)
    faults += mixture_faults(session, case, members) if panel else []
    faults += conflict_faults(session, case, members)
    if faults:
        raise Invalid(faults=faults)
    kind = Duty.REVIEW if panel else Duty.INSPECT
    given = [assign(session, at, kind, Holder(user_id=m, leads=m == leader), by=by) for m in members]
    finish(duty, by=by)
    record(session, case, at, given, by=by)
    return given


def refuse_if_assembled(session: Session, duty: Assignment) -> None:
    """Raise `StageClosed` when the people were named, a drawn panel is being invited, or only a seat is vacant."""
    if duty.ended_at:
        raise StageClosed(marked("该申报的人员已经安排，不能重复安排。"))
    if duty.duty is not Duty.ASSEMBLE_PANEL:
        return
    if vacant_in(session, duty.stage_round_id):
        raise StageClosed(marked("该委员会只缺因回避空出的席位，请逐席补选，其他委员的意见仍然有效。"))
    drawn = select(DrawnFor.id).where(DrawnFor.stage_round_id == duty.stage_round_id, col(DrawnFor.stands))
    if session.exec(drawn).first():
        raise StageClosed(marked("该申报已随机抽取专家，请先作废抽取结果，再直接指定。"))


def record(session: Session, case: Case, at: StageRound, given: list[Assignment], *, by: Person) -> None:
    """Write the naming into the journal and hang the bell."""
    act = "panel-assembled" if at.stage == "expert-review" else "team-assembled"
    journal.note(session, act, case=case, by=by, stage=at.stage, round=at.round, members=len(given))
    bells.hang(session, case, act, by=by)


def panel_faults(session: Session, policy: Policy, members: Sequence[UUID], leader: UUID | None) -> list[Fault]:
    """Return what is wrong with a panel: its size, a member who is no expert, a chair who is none."""
    faults = people_faults(session, members, Role.EXPERT)
    if len(members) != policy.panel_size:
        faults.append(Fault("members", marked("专家评审委员会人数与本批次规定的人数不符，请重新选择。")))
    if leader is None or leader not in members:
        faults.append(Fault("leader", marked("请在所选专家中指定一名主任委员。")))
    elif Role.CHAIR not in roles_of(session, leader):
        faults.append(Fault("leader", marked("所指定的专家不具备主任委员资格。")))
    return faults


def team_faults(session: Session, policy: Policy, members: Sequence[UUID], leader: UUID | None) -> list[Fault]:
    """Return what is wrong with an inspection team."""
    faults = people_faults(session, members, Role.INSPECTOR)
    if len(members) < policy.team_size:
        faults.append(Fault("members", marked("考察人员少于本批次规定的人数，请增加人员。")))
    if leader not in members:
        faults.append(Fault("leader", marked("请在所选人员中指定一名组长。")))
    return faults


def people_faults(session: Session, members: Sequence[UUID], role: Role) -> list[Fault]:
    """Return a fault when somebody is named twice, is unknown, or lacks the role."""
    if len(set(members)) != len(members):
        return [Fault("members", marked("同一人员不能重复选择。"))]
    able = {user.id for user in holders_of(session, role)}
    unable = [member for member in members if member not in able]
    return [Fault("members", marked("所选人员不具备相应资格，请重新选择。"))] if unable else []


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be named, with how much they have to do already; with conflicts somebody who may not."""

    user: User
    may_lead: bool
    open_duties: int
    conflicts: tuple[Ground, ...] = ()


def can_sit_again(session: Session, former: Sequence[Assignment]) -> bool:
    """Whether everybody who was named still has an account, qualifies and is in no conflict."""
    if not former:
        return True
    case = session.get_one(Case, former[0].case_id)
    able = {duty: candidates(session, ASSEMBLED_BY[duty], case) for duty in {one.duty for one in former}}
    return all(
        any(
            one.user.id == seat.user_id and (one.may_lead or not seat.leads) and not one.conflicts
            for one in able[seat.duty]
        )
        for seat in former
    )


def candidates(session: Session, duty: Duty, case: Case | None = None) -> list[Candidate]:
    """Return whom a panel or a team may be made of, by name; for a case with what stands against each of them."""
    panel = duty is Duty.ASSEMBLE_PANEL
    busy = dict(
        session.exec(
            select(Assignment.user_id, func.count())
            .where(col(Assignment.user_id).is_not(None), col(Assignment.ended_at).is_(None))
            .group_by(col(Assignment.user_id))
        ).all()
    )
    chairs = set(session.exec(select(UserRole.user_id).where(UserRole.role == Role.CHAIR))) if panel else set()
    people = holders_of(session, Role.EXPERT if panel else Role.INSPECTOR)
    against = holding(session, [case] if case else [], [user.id for user in people])
    return [
        Candidate(user, not panel or user.id in chairs, busy.get(user.id, 0), tuple(against.get(user.id, ())))
        for user in people
    ]
