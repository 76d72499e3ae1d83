"""After an undone conclusion the reviews stand: only the chair concludes anew, unless a member may not judge."""

from collections.abc import Callable
from datetime import date, datetime

from sqlmodel import Session, col, select

from casework.experts.profiles import Employer, save_profile
from casework.replacing import replace_member
from casework.resolution import resolution
from casework.undoing import undo
from core.db import reading, transaction
from models.case import Assignment, Case, StageRound
from models.journal import JournalEntry
from models.judgement import Decision, Review
from models.message import Message
from models.person import User, UserRole
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role
from tests import cast
from tests.stories.panels import a_profile, an_expert, identity
from tests.stories.record import inbox
from tests.stories.telling import Story

Opened = Callable[[str], Story]
CHAIR, (FIRST, SECOND), THIRD = cast.CHAIR, cast.EXPERTS, cast.OTHER_EXPERT
UNIT = "江汉示例职业技术学院"
Said = list[tuple[int, int, bool]]


def undoes(story: Story, email: str = CHAIR) -> str:
    """The chair takes the conclusion back."""
    with transaction() as session:
        newest = session.exec(select(Decision).order_by(col(Decision.decided_at).desc())).first()
        assert newest
        undo(session, newest.id, "误选结论。", by=cast.person(email, session))
    return story.turn()


def reviews() -> Said:
    """Return round and score of every review on record, with whether it was taken over."""
    with reading() as session:
        rows = select(StageRound.round, Review.score, Review.taken_from)
        rows = rows.join(StageRound, col(StageRound.id) == Review.stage_round_id)
        return sorted((number, score, bool(of)) for number, score, of in session.exec(rows))


def test_nobody_reviews_again_and_the_chair_concludes_anew(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    hours = given_at()
    assert story.concludes(Outcome.REFUSED) == "Refused"
    letters = posted()
    assert undoes(story) == "Awaiting expert review"
    assert (inbox(FIRST), inbox(SECOND), inbox(cast.OFFICE), inbox(CHAIR)) == ([], [], [], ["conclude"])
    assert reviews() == [(1, 85, False), (1, 88, False), (1, 90, False), (2, 85, True), (2, 88, True), (2, 90, True)]
    assert given_at() == hours * 2, "the hour is the one at which it was written"
    assert [letter for letter in posted()[len(letters) :] if letter == "assignment"] == ["assignment"], "the chair's"
    assert story.concludes() == "Awaiting site inspection"
    with reading() as session:
        decisions = session.exec(select(Decision).where(Decision.stage == "expert-review")).all()
        assert sorted((one.round, one.outcome, bool(one.undone_at)) for one in decisions) == [
            (1, Outcome.REFUSED, True),
            (2, Outcome.APPROVED, False),
        ]
        line = session.exec(select(JournalEntry).where(JournalEntry.act == "reviews-taken-over")).one()
        assert (line.round, line.detail) == (2, {"taken": 3, "vacant": 0})
        assert resolution(session, session.get_one(Case, story.case_id), 2).startswith(b"%PDF")
    assert story.goes_on_to_publication() == "Certified"


def test_undone_twice_they_are_still_there(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    for _ in range(2):
        story.concludes(Outcome.REFUSED)
        undoes(story)
    assert [number for number, _, taken in reviews() if taken] == [2, 2, 2, 3, 3, 3]
    assert story.concludes() == "Awaiting site inspection"


def test_a_return_that_was_undone_leaves_the_papers_as_they_were(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    story.concludes(Outcome.RETURNED)
    assert inbox(cast.APPLICANT) == ["correct"]
    undoes(story)
    assert (inbox(cast.APPLICANT), inbox(CHAIR)) == ([], ["conclude"])
    assert story.concludes(Outcome.RETURNED) == "Awaiting correction"
    story.corrects()
    assert inbox(FIRST) == ["review"], "other papers are reviewed anew"
    assert [number for number, _, _ in reviews()] == [1, 1, 1, 2, 2, 2]
    story.review()
    assert story.concludes() == "Awaiting site inspection"


def test_a_member_with_a_conflict_leaves_one_seat_vacant(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    story.concludes(Outcome.REFUSED)
    joins_the_unit(FIRST)
    undoes(story)
    assert (inbox(cast.OFFICE), inbox(CHAIR), inbox(FIRST), inbox(SECOND)) == (["assemble-panel"], [], [], [])
    assert [(score, taken) for number, score, taken in reviews() if number == 2] == [(88, True), (90, True)]
    replaces(story, FIRST, THIRD)
    assert (inbox(cast.OFFICE), inbox(THIRD), inbox(CHAIR)) == ([], ["review"], [])
    story.reviews(THIRD, 70)
    assert inbox(CHAIR) == ["conclude"]
    assert story.concludes() == "Awaiting site inspection"
    assert [score for number, score, _ in reviews() if number == 2] == [70, 88, 90]


def test_a_chair_who_is_none_any_more_leaves_the_chair_vacant(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    with transaction() as session:
        an_expert(session, "新主任示例", a_profile(), chairs=True)
    story.concludes(Outcome.REFUSED)
    with transaction() as session:
        held = select(UserRole).where(UserRole.user_id == identity(CHAIR), UserRole.role == Role.CHAIR)
        session.delete(session.exec(held).one())
    undoes(story)
    with reading() as session:
        new = session.exec(select(User).where(User.name == "新主任示例")).one().email
    replaces(story, CHAIR, new)
    story.reviews(new, 86)
    assert inbox(new) == ["conclude"]
    assert story.decides(new, Duty.CONCLUDE, Outcome.APPROVED) == "Awaiting site inspection"


def test_who_took_the_chair_after_the_reviews_concludes_again(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    with transaction() as session:
        an_expert(session, "新主任示例", a_profile(), chairs=True)
        new = session.exec(select(User).where(User.name == "新主任示例")).one().email
    with transaction() as session:
        duty = story.duty(Duty.CONCLUDE).id
        replace_member(session, duty, identity(new), by=cast.person(cast.OFFICE, session))
    story.turn()
    story.decides(new, Duty.CONCLUDE, Outcome.REFUSED)
    undoes(story, new)
    assert (inbox(new), inbox(CHAIR)) == (["conclude"], [])
    assert story.decides(new, Duty.CONCLUDE, Outcome.APPROVED) == "Awaiting site inspection"


def test_a_void_review_is_not_taken_over(opened_at: Opened) -> None:
    story = opened_at("expert review")
    replaces(story, FIRST, THIRD)
    for email in (CHAIR, SECOND, THIRD):
        story.reviews(email, 88)
    story.concludes(Outcome.REFUSED)
    undoes(story)
    with reading() as session:
        seats = select(Assignment.user_id).join(StageRound, col(StageRound.id) == Assignment.stage_round_id)
        seats = seats.where(StageRound.round == 2, Assignment.duty == Duty.REVIEW)
        assert set(session.exec(seats)) == {identity(email) for email in (CHAIR, SECOND, THIRD)}


def joins_the_unit(email: str) -> None:
    """Somebody is employed by the applicant by now."""
    with transaction() as session:
        profile = a_profile(employers=[Employer(UNIT, "", date(2026, 9, 1))])
        save_profile(session, identity(email), profile, by=cast.person(cast.OFFICE, session))


def replaces(story: Story, former: str, member: str) -> None:
    with transaction() as session:
        seat = story.duty(Duty.REVIEW, former).id
        replace_member(session, seat, identity(member), by=cast.person(cast.OFFICE, session))
    story.turn()


def given_at() -> list[datetime]:
    with reading() as session:
        rows = session.exec(select(Review).join(StageRound, col(StageRound.id) == Review.stage_round_id)).all()
        return [one.reviewed_at for one in sorted(rows, key=lambda one: (round_of(session, one), one.reviewed_at))]


def round_of(session: Session, written: Review) -> int:
    return session.get_one(StageRound, written.stage_round_id).round


def posted() -> list[str]:
    with reading() as session:
        return list(session.exec(select(Message.letter).order_by(col(Message.posted_at), col(Message.id))))
