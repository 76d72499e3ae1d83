"""Taking over: after an undone conclusion the panel's reviews of an unchanged file stand in the round that follows.

Each is written again under its own seat of the new round, with its hour and where it comes from, so that a round still
has all that its decision rests on. Whoever may not judge any more leaves that one seat vacant.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from casework import journal
from casework.assignments import of_round, seats_of
from casework.cases import latest_submission, rounds_of
from casework.committees import candidates
from casework.experts.seats import reopen_assembling
from core.clock import now
from models.case import Assignment, Case, StageRound
from models.judgement import Review
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.stages.expert_review import EXPERT_REVIEW

Sat = tuple[Assignment, Review]


def take_over(session: Session, case: Case, at: StageRound) -> bool:
    """Give a round the panel and the reviews of the one before; says whether there was anything to take over.

    There is where that round's conclusion was undone and every review is of the newest papers.
    """
    sat = reviews_before(session, case, at)
    if not sat:
        return False
    able = {one.user.id: one for one in candidates(session, Duty.ASSEMBLE_PANEL, case)}
    fit = {user_id for user_id, one in able.items() if not one.conflicts}
    chairs = {user_id for user_id, one in able.items() if one.may_lead}
    moment, vacant = now(), 0
    for seat, written in sat:
        stays = seat.user_id in fit and (not seat.leads or seat.user_id in chairs)
        vacant += not stays
        keep_seat(session, at, seat, written if stays else None, moment)
    if vacant:
        reopen_assembling(session, case, at, by=None)
    counts = {"taken": len(sat) - vacant, "vacant": vacant}
    journal.note(session, "reviews-taken-over", case=case, by=None, stage=at.stage, round=at.round, **counts)
    return True


def reviews_before(session: Session, case: Case, at: StageRound) -> list[Sat]:
    """Return the seats and reviews that a round may take over: all of the round before, or none."""
    before = undone_before(session, case, at)
    if not before:
        return []
    seats = [one for one in seats_of(session, before.id) if one.duty is Duty.REVIEW]
    found = {one.assignment_id: one for one in session.exec(select(Review).where(Review.stage_round_id == before.id))}
    newest = latest_submission(session, case).id
    sat = [(seat, found[seat.id]) for seat in seats if seat.id in found and found[seat.id].submission_id == newest]
    return sat if len(sat) == len(seats) else []


def undone_before(session: Session, case: Case, at: StageRound) -> StageRound | None:
    """Return the round of expert review before this one, if its conclusion was undone."""
    if at.stage != EXPERT_REVIEW.key:
        return None
    earlier = [one for one in rounds_of(session, case.id) if one.stage == at.stage and one.round == at.round - 1]
    return next((one for one in earlier if one.outcome is Outcome.UNDONE), None)


def keep_seat(session: Session, at: StageRound, seat: Assignment, written: Review | None, moment: datetime) -> None:
    """Write a seat of the round before into this one, done with its review, or vacant without one."""
    kept = Assignment(
        stage_round_id=at.id, case_id=at.case_id, duty=seat.duty, user_id=seat.user_id, leads=seat.leads,
        due_on=seat.due_on, provisional=seat.provisional, assigned_at=moment, ended_at=moment,
    )  # fmt: skip
    if not written:
        kept.voided_at = moment
        session.add(kept)
        session.flush()
        return
    kept.done_at, kept.done_by = moment, seat.user_id
    session.add(kept)
    session.flush()
    again = written.model_dump(exclude={"id", "assignment_id", "stage_round_id", "taken_from"})
    session.add(Review(**again, assignment_id=kept.id, stage_round_id=at.id, taken_from=written.id))
    session.flush()


def concluded_before(session: Session, case: Case, at: StageRound) -> UUID | None:
    """Return who concluded the undone round without a seat on its panel, having taken the chair after the reviews."""
    before = undone_before(session, case, at)
    given = of_round(session, before.id) if before else []
    seated = {one.user_id for one in given if one.duty is Duty.REVIEW and not one.voided_at and not one.replaced_by}
    called = [one for one in given if one.duty is Duty.CONCLUDE and one.done_at and one.user_id not in seated]
    able = {
        one.user.id
        for one in (candidates(session, Duty.ASSEMBLE_PANEL, case) if called else [])
        if one.may_lead and not one.conflicts
    }
    return next((one.user_id for one in called if one.user_id in able), None)
