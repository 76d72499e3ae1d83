"""Enlarging a panel: two more experts where the result hangs on a single reviewer, so that the number stays odd."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from casework import bells, journal
from casework.access import require
from casework.assignments import Holder, assign, seats_of
from casework.cases import held, open_round, policy_for
from casework.committees import Candidate
from casework.decisions import refuse_if_ended
from casework.experts.conflicts import conflict_faults
from casework.experts.seats import take_back_the_conclusion
from casework.people import Person
from casework.replacing import substitutes
from casework.results import result_of
from core.errors import Fault, Invalid, StageClosed
from core.i18n import marked
from models.case import Assignment, Case, StageRound
from regulation.roles import Duty, Role

MORE = 2
"""One more would make the number even and a tie possible."""
NO_PANEL = marked("现在没有可以增聘专家的评审委员会。")
AWAITED = marked("请待全部专家提交评审意见后再决定是否增聘专家。")
STEADY = marked("去掉任何一位专家的意见，评审结果都不变，不需要增聘专家。")
ONCE = marked("本轮评审已增聘过专家，不能再次增聘。")
HOW_MANY = marked("请选择 2 位专家，使委员会人数仍为单数。")
UNABLE = marked("所选人员不能参加本次评审，请从所列人员中选择。")


def enlarge_panel(session: Session, case_id: UUID, members: Sequence[UUID], *, by: Person) -> list[Assignment]:
    """Ask two more experts for their review; the chair is called anew when theirs are in.

    Only once a round, only when all have answered and one reviewer alone would tip the result: more votes are asked
    for because there are too few to rely on, not because of what they said. Raises `NotPermitted`, `NotFound`,
    `AlreadyDecided`, `CaseClosed`, `StageClosed`, or `Invalid`.
    """
    require(by, Role.OFFICE)
    case = held(session, case_id)
    at = open_round(session, case.id)
    if not at or at.stage != "expert-review":
        raise StageClosed(NO_PANEL)
    refuse_if_ended(session, case, at)
    if refusal := why_not(session, case, at):
        raise StageClosed(refusal)
    if len(set(members)) != MORE or len(members) != MORE:
        raise Invalid(faults=[Fault("members", HOW_MANY)])
    if not set(members) <= {one.user.id for one in further_experts(session, at)}:
        raise Invalid(faults=[Fault("members", UNABLE)])
    if conflicts := conflict_faults(session, case, members):
        raise Invalid(faults=[Fault("members", one.message) for one in conflicts])
    given = [assign(session, at, Duty.REVIEW, Holder(user_id=member), by=by) for member in members]
    take_back_the_conclusion(session, case, at)
    journal.note(session, "panel-enlarged", case=case, by=by, stage=at.stage, round=at.round, members=len(given))
    bells.hang(session, case, "panel-enlarged", by=by)
    return given


def why_not(session: Session, case: Case, at: StageRound) -> str:
    """Return why a panel cannot be enlarged; nothing when it can."""
    seats = [seat for seat in seats_of(session, at.id) if seat.duty is Duty.REVIEW]
    if not seats:
        return NO_PANEL
    if any(not seat.ended_at for seat in seats):
        return AWAITED
    if len(seats) > policy_for(session, case).panel_size:
        return ONCE
    found = result_of(session, case, at)
    return STEADY if found and found.robust else "" if found else NO_PANEL


def further_experts(session: Session, at: StageRound) -> list[Candidate]:
    """Return who could be asked: those who may sit in this case and had no seat in this round, by name."""
    seats = [seat for seat in seats_of(session, at.id) if seat.duty is Duty.REVIEW]
    ordinary = next((seat for seat in seats if not seat.leads), None)
    return substitutes(session, ordinary) if ordinary else []
