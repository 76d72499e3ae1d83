"""Somebody who was named cannot come: the office gives the duty to another, and the case goes on."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select
from time_machine import Traveller

from casework.access import Sight, sight_of
from casework.replacing import replace_member, substitutes
from casework.reviews import reviews_for
from core.clock import now
from core.db import reading, transaction
from core.errors import AlreadyDecided, CaseClosed, Invalid, NotPermitted, StageClosed
from models.case import Case
from models.journal import JournalEntry
from models.message import Message
from models.person import User, UserRole
from regulation.calendar import official
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role
from tests import cast
from tests.stories.book import hour_of
from tests.stories.record import inbox, unanswered
from tests.stories.telling import Story

Opened = Callable[[str], Story]
CHAIR, (FIRST, SECOND), THIRD = cast.CHAIR, cast.EXPERTS, cast.OTHER_EXPERT
INSPECTOR, OTHER_INSPECTOR = cast.INSPECTORS


def test_an_expert(opened_at: Opened) -> None:
    story = opened_at("expert review")
    assert replaces(story, Duty.REVIEW, FIRST, THIRD) == "Awaiting expert review"
    assert (inbox(FIRST), inbox(THIRD)) == ([], ["review"])
    with pytest.raises(StageClosed):
        story.reviews(FIRST, 90)
    for expert in (CHAIR, SECOND, THIRD):
        assert inbox(CHAIR) != ["conclude"]
        story.reviews(expert, 90)
    assert inbox(CHAIR) == ["conclude"]
    assert story.goes_on_to_publication() == "Certified"


def test_both_are_told_and_the_journal_keeps_who(opened_at: Opened) -> None:
    story = opened_at("expert review")
    replaces(story, Duty.REVIEW, FIRST, THIRD)
    former, given = story.duty(Duty.REVIEW, FIRST), story.duty(Duty.REVIEW, THIRD)
    with reading() as session:
        letters = session.exec(select(Message).order_by(col(Message.posted_at).desc())).all()
        line = session.exec(select(JournalEntry).where(JournalEntry.act == "member-replaced")).one()
    told = {(letter.letter, letter.address): letter.facts["path"] for letter in letters}
    assert told["replaced", FIRST].startswith("/cases/")
    assert told["assignment", THIRD] == f"/duties/{given.id}"
    assert line.by == cast.person(cast.OFFICE).id
    assert line.detail == {"duty": "review", "former": str(former.user_id), "successor": str(given.user_id)}
    assert former.replaced_by == given.id
    assert unanswered() == []


def test_the_chair_before_the_reviews_are_in(opened_at: Opened) -> None:
    story = opened_at("expert review")
    refused(story, Duty.REVIEW, CHAIR, THIRD)
    may(THIRD, Role.CHAIR)
    replaces(story, Duty.REVIEW, CHAIR, THIRD)
    for expert in (FIRST, SECOND, THIRD):
        story.reviews(expert, 85)
    assert (inbox(CHAIR), inbox(THIRD)) == ([], ["conclude"])
    assert story.decides(THIRD, Duty.CONCLUDE, Outcome.APPROVED) == "Awaiting site inspection"


def test_the_chair_who_was_to_conclude(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    may(SECOND, Role.CHAIR)
    replaces(story, Duty.CONCLUDE, CHAIR, SECOND)
    assert (inbox(CHAIR), inbox(SECOND)) == ([], ["conclude"])
    assert story.decides(SECOND, Duty.CONCLUDE, Outcome.RETURNED) == "Awaiting correction"
    assert story.corrects() == "Awaiting expert review"
    assert inbox(cast.OFFICE) == ["assemble-panel"], "whose chair changed on the way is no longer the same panel"


def test_the_leader_of_a_team(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    may(FIRST, Role.INSPECTOR)
    replaces(story, Duty.INSPECT, INSPECTOR, FIRST)
    assert (inbox(INSPECTOR), inbox(FIRST), inbox(OTHER_INSPECTOR)) == ([], ["inspect"], ["inspect"])
    assert story.duty(Duty.INSPECT, FIRST).leads
    assert not story.duty(Duty.INSPECT, OTHER_INSPECTOR).leads


def test_after_a_return_the_one_who_came_instead_looks_again(opened_at: Opened) -> None:
    story = opened_at("expert review")
    replaces(story, Duty.REVIEW, FIRST, THIRD)
    for expert in (CHAIR, SECOND, THIRD):
        story.reviews(expert, 70)
    story.concludes(Outcome.RETURNED)
    story.corrects()
    assert inbox(cast.OFFICE) == []
    assert inbox(CHAIR) == inbox(SECOND) == inbox(THIRD) == ["review"]
    assert inbox(FIRST) == []


@pytest.mark.parametrize("leaves", ["the house", "the role"])
def test_after_a_return_with_somebody_gone_the_office_names_all_anew(opened_at: Opened, leaves: str) -> None:
    story = opened_at("conclusion")
    story.concludes(Outcome.RETURNED)
    with transaction() as session:
        user = session.exec(select(User).where(User.email == FIRST)).one()
        if leaves == "the house":
            user.closed_at = now()
        else:
            role = select(UserRole).where(UserRole.user_id == user.id, UserRole.role == Role.EXPERT)
            session.delete(session.exec(role).one())
    assert story.corrects() == "Awaiting expert review"
    assert inbox(cast.OFFICE) == ["assemble-panel"]
    assert inbox(CHAIR) == inbox(SECOND) == []
    story.assembles(Duty.ASSEMBLE_PANEL, [CHAIR, SECOND, THIRD], CHAIR)
    assert inbox(THIRD) == ["review"]


def test_who_cannot_come_instead(opened_at: Opened) -> None:
    story = opened_at("expert review")
    for unfit in (FIRST, SECOND, CHAIR, INSPECTOR, cast.APPLICANT):
        refused(story, Duty.REVIEW, FIRST, unfit)
    with reading() as session:
        offered = {one.user.email for one in substitutes(session, story.duty(Duty.REVIEW, FIRST))}
    assert THIRD in offered
    assert not offered & {FIRST, SECOND, CHAIR, INSPECTOR}
    replaces(story, Duty.REVIEW, FIRST, THIRD)
    refused(story, Duty.REVIEW, SECOND, FIRST)


def test_what_cannot_be_given_away(opened_at: Opened) -> None:
    story = opened_at("expert review")
    for email in (cast.APPLICANT, cast.RECOMMENDER, CHAIR, FIRST, cast.DECIDER, cast.OPERATOR, cast.AUDITOR):
        with pytest.raises(NotPermitted):
            replaces(story, Duty.REVIEW, FIRST, THIRD, by=email)
    story.reviews(FIRST, 80)
    for duty, of in ((Duty.REVIEW, FIRST), (Duty.ASSEMBLE_PANEL, ""), (Duty.RECOMMEND, "")):
        with pytest.raises((StageClosed, AlreadyDecided)):
            replaces(story, duty, of, THIRD)
    replaces(story, Duty.REVIEW, SECOND, THIRD)
    with pytest.raises(StageClosed):
        replaces(story, Duty.REVIEW, SECOND, THIRD)
    story.withdraws()
    with pytest.raises((AlreadyDecided, CaseClosed)):
        replaces(story, Duty.REVIEW, CHAIR, FIRST)


def test_a_duty_of_the_house_is_nobodys_to_hand_over(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    with pytest.raises(StageClosed):
        replaces(story, Duty.ASSEMBLE_PANEL, "", THIRD)


def test_who_was_replaced_sees_the_file_no_longer(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    may(THIRD, Role.CHAIR)
    replaces(story, Duty.CONCLUDE, CHAIR, THIRD)
    assert sees(story, CHAIR) == Sight(papers=True, own_review=True), "the own review stays"
    assert sees(story, THIRD) == Sight(papers=True, all_reviews=True, names=True)


def test_who_was_replaced_before_anything_was_said_sees_nothing_but_the_case(opened_at: Opened) -> None:
    story = opened_at("expert review")
    replaces(story, Duty.REVIEW, FIRST, THIRD)
    assert sees(story, FIRST) == Sight()


def test_the_panel_is_counted_without_who_was_replaced(opened_at: Opened) -> None:
    story = opened_at("expert review")
    replaces(story, Duty.REVIEW, FIRST, THIRD)
    for expert in (CHAIR, SECOND, THIRD):
        story.reviews(expert, 88)
    with reading() as session:
        case, chair = session.get_one(Case, story.case_id), cast.person(CHAIR, session)
        (panel,) = reviews_for(session, case, chair, sight_of(session, chair, case))
    assert (panel.asked, panel.complete) == (3, True)


def test_the_days_begin_anew(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("expert review")
    clock.move_to(hour_of("expert review") + timedelta(days=2))
    replaces(story, Duty.REVIEW, FIRST, THIRD)
    given, colleague = story.duty(Duty.REVIEW, THIRD), story.duty(Duty.REVIEW, SECOND)
    assert official().between(colleague.due_on, given.due_on) == 2


def replaces(story: Story, duty: Duty, former: str, successor: str, by: str = cast.OFFICE) -> str:
    """Let the office give somebody's duty to another, and the flow take its run."""
    with transaction() as session:
        person = cast.person(by, session)
        replace_member(session, story.duty(duty, former).id, identity(successor), by=person)
    return story.turn()


def refused(story: Story, duty: Duty, former: str, successor: str) -> None:
    with pytest.raises(Invalid) as unfit:
        replaces(story, duty, former, successor)
    assert [fault.field for fault in unfit.value.faults] == ["member"]


def sees(story: Story, email: str) -> Sight:
    with reading() as session:
        return sight_of(session, cast.person(email, session), session.get_one(Case, story.case_id))


def identity(email: str) -> UUID:
    return cast.person(email).id


def may(email: str, role: Role) -> None:
    with transaction() as session:
        session.add(UserRole(user_id=cast.person(email, session).id, role=role))
