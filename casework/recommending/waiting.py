"""The waiting list 候补: files for which no place is left, and what happens when one is free again."""

from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.calls import recommends_still, require_time_to_recommend
from casework.letters import post
from casework.people import Person, holders_of
from casework.quotas import standing_of
from casework.recommending.ranks import WAITING, Ranked, after_all, files_of, put
from casework.recommending.scans import open_recommendation
from casework.turnstile import pass_through
from core.clock import now
from core.errors import Conflict
from core.i18n import marked
from models.application import Application, Call
from models.case import Case
from models.judgement import Decision
from models.recommendation import Ranking
from regulation.outcomes import Outcome
from regulation.roles import Role

PLACES_LEFT = marked("推荐名额尚有剩余，请直接作出推荐结论，不必列入候补。")


def wait(session: Session, assignment_id: UUID, *, by: Person) -> Ranked:
    """Put a file on its body's waiting list because no place is left; it stays with the body, its day goes on.

    Raises `Conflict` while a place is free, `CallClosed` when the body's window is over; once on the list, being put
    there again changes nothing.
    """
    case, at, by = open_recommendation(session, assignment_id, by=by)
    require_time_to_recommend(session, case, Outcome.APPROVED)
    application = session.get_one(Application, case.application_id)
    call = session.get_one(Call, application.call_id)
    pass_through(session, f"quota {call.id}")
    if not standing_of(session, call, application.recommender_id).full:
        raise Conflict(PLACES_LEFT)
    files = files_of(session, call.id, application.recommender_id)
    waiting = [one for one in files if one.state == WAITING]
    if all(one.case.id != case.id for one in waiting):
        put(session, case.id, after_all(files, WAITING), now(), by=by)
        journal.note(session, "waiting", case=case, by=by, stage=at.stage, round=at.round, place=len(waiting) + 1)
        session.flush()
        files = files_of(session, call.id, application.recommender_id)
    return next(one for one in files if one.case.id == case.id)


def offer_freed_place(session: Session, case: Case) -> None:
    """A recommended case has ended: tell the bodies that may recommend again who is first on their waiting list.

    Nothing is decided by it: the body recommends the file or does not, and when its window is over nothing is offered.
    """
    if was_recommended(session, case):
        offer(session, case, about=str(case.id))


def offer_undone_place(session: Session, case: Case, decision: Decision) -> None:
    """A recommendation was taken back: its place is free as well, at least until the body concludes anew."""
    if decision.stage == "local-review" and decision.outcome is Outcome.APPROVED:
        offer(session, case, about=str(decision.id))


def offer(session: Session, case: Case, *, about: str) -> None:
    """Tell each body that may recommend again, and has files waiting, which one is first; once about one thing."""
    application = session.get_one(Application, case.application_id)
    call = session.get_one(Call, application.call_id)
    if not recommends_still(call):
        return
    for body in bodies_waiting(session, call.id):
        if standing_of(session, call, body).full:
            continue
        first = next((one for one in files_of(session, call.id, body) if one.state == WAITING), None)
        if first:
            tell_of_place(session, first, (call, body), about=about)


def tell_of_place(session: Session, first: Ranked, at: tuple[Call, UUID], *, about: str) -> None:
    """Post the letter about a free place to the people of a body, with the file that is first on its list."""
    call, body = at
    for person in holders_of(session, Role.RECOMMENDER, body):
        post(
            session,
            "place-free",
            person,
            about=about,
            case=first.case,
            call=call.title,
            path=f"/recommendations/{call.code}",
        )


def was_recommended(session: Session, case: Case) -> bool:
    """Whether a case has a standing recommendation."""
    found = select(Decision.id).where(Decision.case_id == case.id, Decision.stage == "local-review")
    found = found.where(Decision.outcome == Outcome.APPROVED, col(Decision.undone_at).is_(None))
    return session.exec(found).first() is not None


def bodies_waiting(session: Session, call_id: UUID) -> list[UUID]:
    """Return the bodies that have files on their waiting lists in a call."""
    found = (
        select(Application.recommender_id)
        .join(Case, col(Case.application_id) == Application.id)
        .join(Ranking, col(Ranking.case_id) == Case.id)
        .where(Application.call_id == call_id, col(Ranking.waiting_since).is_not(None), col(Case.closed_at).is_(None))
        .distinct()
    )
    return sorted(session.exec(found))
