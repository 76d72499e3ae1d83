"""Refused or withdrawn, at every stage: the case ends there, and nobody is left with a duty."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from casework.decisions import withdraw
from core.db import reading, transaction
from core.errors import AlreadyDecided, CaseClosed, Conflict, NotAssigned, NotFound
from models.case import Assignment, Case
from models.certificate import Certificate
from models.message import Message
from regulation.outcomes import Outcome
from tests import cast
from tests.stories.record import inbox
from tests.stories.telling import Story

Opened = Callable[[str], Story]
REFUSING = {
    "local review": Story.recommends,
    "conclusion": Story.concludes,
    "site inspection": Story.inspect,
    "certification": Story.certifies,
}
BEFORE_THE_END = [*REFUSING, "panel to be named", "expert review", "team to be named"]


def ended_as(outcome: Outcome) -> None:
    """The case is closed so, nothing is anybody's turn, and there is no certificate."""
    with reading() as session:
        case = session.exec(select(Case)).one()
        assert (case.outcome, case.closed_at is not None) == (outcome, True)
        assert all(session.exec(select(Assignment.ended_at)))
        assert not session.exec(select(Certificate)).all()


@pytest.mark.parametrize("page", REFUSING)
def test_refused(opened_at: Opened, page: str) -> None:
    assert REFUSING[page](opened_at(page), Outcome.REFUSED) == "Refused"
    ended_as(Outcome.REFUSED)
    with reading() as session:
        letter = session.exec(select(Message).where(Message.letter == "refused")).one()
    assert letter.facts["reasons"] == "材料与规定条件不符。"


@pytest.mark.parametrize("page", BEFORE_THE_END)
def test_withdrawn(opened_at: Opened, page: str) -> None:
    assert opened_at(page).withdraws() == "Withdrawn"
    ended_as(Outcome.WITHDRAWN)


def test_withdrawn_while_correcting(opened_at: Opened) -> None:
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    assert story.withdraws() == "Withdrawn"
    ended_as(Outcome.WITHDRAWN)
    with pytest.raises(CaseClosed):
        story.corrects()


def test_withdrawn_with_all_reviews_in_the_chair_is_asked_for_nothing(opened_at: Opened) -> None:
    story = opened_at("expert review")
    with story.engine_away():
        story.review()
        story.withdraws()
    assert story.turn() == "Withdrawn"
    assert not [letter for letter in letters_to("黄主任示例") if "作出评审结论" in str(letter.facts.get("duty"))]


def test_not_withdrawn_once_the_last_stage_is_decided(opened_at: Opened) -> None:
    story = opened_at("certification")
    with story.engine_away():
        story.certifies()
        with pytest.raises(AlreadyDecided):
            story.withdraws()
    assert story.turn() == "Certified"
    with pytest.raises(CaseClosed):
        story.withdraws()


def test_an_applicant_who_withdraws_too_late_is_not_told_the_chairs_name(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    with story.engine_away():
        story.concludes()
        with pytest.raises(Conflict) as refused:
            story.withdraws()
    assert "黄主任" not in refused.value.sentence()
    assert story.turn() == "Awaiting site inspection"
    assert story.withdraws() == "Withdrawn"


def test_nobody_but_the_applicant_withdraws(opened_at: Opened) -> None:
    story = opened_at("local review")
    for stranger in (cast.OTHER_APPLICANT, cast.RECOMMENDER, cast.OFFICE):
        with pytest.raises((NotAssigned, NotFound)), transaction() as session:
            withdraw(session, story.case_id, "", by=cast.person(stranger, session))
    assert inbox(cast.RECOMMENDER) == ["recommend"]


def letters_to(name: str) -> list[Message]:
    with reading() as session:
        return list(session.exec(select(Message).where(Message.recipient == name)))
