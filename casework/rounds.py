"""Opening and closing the rounds of a stage: what the flow does between two people's acts."""

from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.assignments import Holder, assign, carriers, end_open, of_round, seats_of
from casework.by_hand import Place, parts_done
from casework.cases import parties, rounds_of
from casework.committees import can_sit_again
from casework.experts.seats import vacant_in
from casework.letters import applicants_of, post
from casework.recommending.notices import conclude_check
from casework.recommending.sheets import ACCEPTING
from casework.recommending.waiting import offer_freed_place
from casework.taking_over import concluded_before, take_over
from casework.visits.appointments import at_the_end_of
from core.clock import now
from models.case import Assignment, Case, StageRound
from models.judgement import Decision
from models.operating import Part
from regulation.definition import BY_KEY, stage
from regulation.outcomes import ENDINGS, Outcome
from regulation.roles import Duty


def find(session: Session, case_id: UUID, key: str, number: int) -> StageRound | None:
    """Return the n-th round of a stage, if it was opened."""
    return session.exec(
        select(StageRound).where(StageRound.case_id == case_id, StageRound.stage == key, StageRound.round == number)
    ).first()


def decision_on(session: Session, case_id: UUID, key: str, number: int) -> Decision | None:
    """Return the decision that ended, or will end, a round."""
    return session.exec(
        select(Decision).where(Decision.case_id == case_id, Decision.stage == key, Decision.round == number)
    ).first()


def open_round(session: Session, case: Case, key: str, number: int) -> str:
    """Open the n-th round of a stage and give out its first duties; says what was done, nothing when it was open."""
    if case.closed_at or find(session, case.id, key, number):
        return ""
    at = StageRound(case_id=case.id, stage=key, round=number)
    session.add(at)
    case.stage = key
    session.flush()
    duty = BY_KEY[key].opens_with
    taken = take_over(session, case, at)
    renewed = taken or [renew(session, at, former) for former in committee_before(session, case, at)]
    if not renewed and duty:
        given = assign(session, at, duty, first_holder(session, case, duty))
        if duty is Duty.CORRECT and Part.LETTERS not in parts_done(session, case, Place("open_round", key, number)):
            ask_for_correction(session, case, given)
    journal.note(session, "round-opened", case=case, by=None, stage=key, round=number)
    return f"opened {key} round {number}"


def first_holder(session: Session, case: Case, duty: Duty) -> Holder:
    """Say who gets the duty that a round opens with."""
    application, _, _ = parties(session, case)
    match duty:
        case Duty.CORRECT:
            return Holder(organisation_id=application.organisation_id)
        case Duty.RECOMMEND:
            return Holder(organisation_id=application.recommender_id)
        case _:
            return Holder()


def ask_for_correction(session: Session, case: Case, given: Assignment) -> None:
    """Tell the applicant of the return, everything to be corrected and the day by which, as the duty has it."""
    returns = select(Decision).where(
        Decision.case_id == case.id, Decision.outcome == Outcome.RETURNED, col(Decision.undone_at).is_(None)
    )
    decision = session.exec(returns.order_by(col(Decision.decided_at).desc())).first()
    if decision:
        facts = {"due_on": given.due_on.isoformat(), "path": f"/applications/{case.application_id}"}
        tell_applicants(session, case, decision, facts, about=given.id)


def committee_before(session: Session, case: Case, at: StageRound) -> list[Assignment]:
    """Return the people who examined the round before: after a correction the same ones look again.

    Nobody, when one of them is gone or another took the chair after the reviews: the office names all of them anew.
    """
    before = find(session, case.id, at.stage, at.round - 1)
    given = seats_of(session, before.id) if before else []
    seats = [one for one in given if one.duty in {Duty.REVIEW, Duty.INSPECT}]
    led_by = {one.user_id for one in given if one.leads}
    return seats if len(led_by) == 1 and can_sit_again(session, seats) else []


def renew(session: Session, at: StageRound, former: Assignment) -> Assignment:
    """Give somebody the duty of the round before once more."""
    return assign(session, at, former.duty, Holder(user_id=former.user_id, leads=former.leads))


def call_the_chair(session: Session, case: Case, number: int) -> str:
    """Ask the chair for the conclusion once every review of the round is in."""
    at = find(session, case.id, "expert-review", number)
    if not at or not reviews_complete(session, at) or decision_on(session, case.id, at.stage, number):
        return ""
    assign(session, at, Duty.CONCLUDE, Holder(user_id=chair_in(session, case, at), leads=True))
    return "called the chair"


def chair_in(session: Session, case: Case, at: StageRound) -> UUID | None:
    """Return who concludes a round: whoever was called before a seat was vacated or the conclusion undone.

    Otherwise who leads the panel.
    """
    given = of_round(session, at.id)
    out = {one.user_id for one in given if one.duty is Duty.REVIEW and one.voided_at}
    called = [one for one in given if one.duty is Duty.CONCLUDE and one.voided_at and one.user_id not in out]
    leading = [one for one in seats_of(session, at.id) if one.duty is Duty.REVIEW and one.leads]
    return called[-1].user_id if called else concluded_before(session, case, at) or leading[-1].user_id


def reviews_complete(session: Session, at: StageRound) -> bool:
    """Whether a panel sits, no seat is vacant, all have reviewed, and the chair was not called in this round."""
    given = seats_of(session, at.id)
    reviews = [a for a in given if a.duty is Duty.REVIEW]
    complete = bool(reviews) and all(a.done_at for a in reviews) and not vacant_in(session, at.id)
    return complete and all(a.duty is not Duty.CONCLUDE for a in given)


def close_round(session: Session, case: Case, key: str, number: int) -> str:
    """Close a decided round, tell the people concerned, and end the case if that is what the decision means."""
    at, decision = find(session, case.id, key, number), decision_on(session, case.id, key, number)
    if not at or at.closed_at or not decision:
        return ""
    at.closed_at, at.outcome = now(), decision.outcome
    relieved = end_open(session, at)
    journal.note(session, "round-closed", case=case, by=None, stage=key, round=number, outcome=decision.outcome)
    if decision.outcome in ENDINGS:
        close_case(session, case, decision.outcome)
    by_hand = parts_done(session, case, Place("close_round", key, number))
    if Part.LETTERS not in by_hand:
        tell(session, case, decision, relieved)
    if key == ACCEPTING and Part.NOTICE not in by_hand:
        conclude_check(session, case, at, decision)
    if key == "site-inspection" and Part.VISIT_DAYS not in by_hand:
        at_the_end_of(session, case, at)
    if decision.outcome in ENDINGS and Part.FREED_PLACE not in by_hand:
        offer_freed_place(session, case)
    return f"closed {key} round {number}: {decision.outcome}"


def close_case(session: Session, case: Case, outcome: Outcome) -> None:
    """End the proceeding."""
    case.closed_at, case.outcome, case.stalled_at = now(), outcome, None
    journal.note(session, "case-closed", case=case, by=None, stage=case.stage, outcome=outcome)


def tell(session: Session, case: Case, decision: Decision, relieved: list[Assignment]) -> None:
    """Post the letters an ending calls for: to the applicant, and to those who need do nothing any more.

    A return is told with the duty it brings, see `ask_for_correction`.
    """
    if decision.outcome in ENDINGS:
        facts = {"due_on": last_due(session, case, decision)} if decision.outcome is Outcome.LAPSED else {}
        tell_applicants(session, case, decision, facts, about=decision.id)
    if decision.outcome in {Outcome.WITHDRAWN, Outcome.LAPSED}:
        others = [assignment for assignment in relieved if assignment.duty is not Duty.CORRECT]
        for assignment, person in ((one, person) for one in others for person in carriers(session, one)):
            post(session, "relieved", person, about=str(assignment.id), case=case, duty=assignment.duty.title)


def tell_applicants(session: Session, case: Case, decision: Decision, facts: dict[str, str], *, about: UUID) -> None:
    """Post the letter named after the outcome, with the reasons and every correction at once."""
    facts = {"stage": stage(decision.stage).title, "reasons": decision.reasons, **facts}
    for applicant in applicants_of(session, case):
        post(
            session,
            str(decision.outcome),
            applicant,
            about=str(about),
            case=case,
            corrections=decision.corrections,
            **facts,
        )


def last_due(session: Session, case: Case, decision: Decision) -> str:
    """Return the day that passed without an answer."""
    at = next(r for r in rounds_of(session, case.id) if (r.stage, r.round) == (decision.stage, decision.round))
    assignment = session.exec(select(Assignment).where(Assignment.stage_round_id == at.id)).first()
    return assignment.due_on.isoformat() if assignment else ""
