"""An expert answers by telephone: the office writes down what was said and when, and the expert is told by letter."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework.experts.answers import ACCEPT, DECLINE, RECUSE, Answer
from casework.experts.by_telephone import record_answer
from casework.experts.conflicts import grounds_of
from core.clock import now
from core.db import reading, transaction
from core.errors import Invalid, NotFound, NotPermitted, StageClosed
from models.case import Assignment, Case
from models.expert import Draw, Invitation, InvitationState
from models.journal import JournalEntry
from models.message import Message
from regulation.roles import Duty
from tests import cast
from tests.stories.panels import answers, drawn_and_invited, identity, invited, panel_of
from tests.stories.record import inbox
from tests.stories.telling import Story

Opened = Callable[[str], Story]
SAID = {ACCEPT: "", DECLINE: "当周在京参加答辩", RECUSE: "与申报单位负责人为近亲属"}


@pytest.fixture
def drawn(opened_at: Opened) -> tuple[Story, Draw]:
    story = opened_at("panel to be named")
    return story, drawn_and_invited(story)


def test_an_acceptance_has_the_effect_of_the_experts_own(drawn: tuple[Story, Draw]) -> None:
    story, draw = drawn
    first, second, third = invited(draw)
    says(story, first, ACCEPT)
    with reading() as session:
        invitation = session.exec(select(Invitation).where(Invitation.user_id == identity(first))).one()
        assert (invitation.state, invitation.recorded_by) == (InvitationState.ACCEPTED, identity(cast.OFFICE))
        assert invitation.spoken_at
        line = session.exec(select(JournalEntry).where(JournalEntry.act == "telephone-accept")).one()
        assert (line.by, line.detail) == (identity(cast.OFFICE), {"expert": str(identity(first))})
        letter = session.exec(select(Message).where(Message.letter == "answer-recorded")).one()
        assert (letter.address, letter.facts["recorded_by"]) == (first, "周敏示例")
        duty = session.exec(select(Assignment).where(Assignment.user_id == identity(first))).one()
        assert (duty.duty, duty.done_by) == (Duty.ANSWER, identity(cast.OFFICE))
    for email in (second, third):
        answers(story, email)
    assert set(panel_of(story)) == {first, second, third}


def test_a_decline_draws_the_next(drawn: tuple[Story, Draw]) -> None:
    story, draw = drawn
    first = invited(draw)[0]
    says(story, first, DECLINE)
    assert inbox(first) == []
    assert len(invited(draw, InvitationState.OPEN)) == 3
    assert first not in invited(draw, InvitationState.OPEN)


def test_a_recusal_is_a_declared_conflict(drawn: tuple[Story, Draw]) -> None:
    story, draw = drawn
    first = invited(draw)[0]
    says(story, first, RECUSE)
    with reading() as session:
        case = session.get_one(Case, story.case_id)
        assert [one.sentence for one in grounds_of(session, case, identity(first))] == [
            "本人申请回避（与申报单位负责人为近亲属）"
        ]


def test_everything_that_is_wrong_is_told_at_once(drawn: tuple[Story, Draw]) -> None:
    story, draw = drawn
    first = invited(draw)[0]
    for given, at, wrong in (
        (Answer(ACCEPT), None, {"promise", "spoken_at"}),
        (Answer(DECLINE), now(), {"reason"}),
        (Answer("perhaps"), now(), {"answer"}),
        (Answer(DECLINE, reason="出国"), now() + timedelta(hours=1), {"spoken_at"}),
        (Answer(DECLINE, reason="出国"), now() - timedelta(days=1), {"spoken_at"}),
    ):
        with pytest.raises(Invalid) as refused:
            records(first, given, at)
        assert {fault.field for fault in refused.value.faults} == wrong
    assert invited(draw, InvitationState.OPEN) == invited(draw)
    assert story.state == "Awaiting expert review"


def test_only_the_office_and_only_once(drawn: tuple[Story, Draw]) -> None:
    story, draw = drawn
    first, second, _ = invited(draw)
    for by, refusal in ((cast.DECIDER, NotPermitted), (second, NotPermitted), (first, NotPermitted)):
        with pytest.raises(refusal):
            records(first, Answer(ACCEPT, promise=True), now(), by=by)
    answers(story, first)
    with pytest.raises(StageClosed):
        records(first, Answer(DECLINE, reason="出国"), now())
    office = cast.person(cast.OFFICE)
    with pytest.raises(NotFound), transaction() as session:
        record_answer(session, office.id, Answer(ACCEPT, promise=True), now(), by=office)


def says(story: Story, email: str, word: str) -> None:
    records(email, Answer(word, promise=word == ACCEPT, reason=SAID[word]), now())
    story.turn()


def records(email: str, given: Answer, at: datetime | None, by: str = cast.OFFICE) -> None:
    with transaction() as session:
        of = session.exec(select(Invitation.id).where(Invitation.user_id == identity(email))).one()
        record_answer(session, of, given, at, by=cast.person(by, session))
