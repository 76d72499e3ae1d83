"""Returned for correction, once at each stage that can: everything is told at once, and the same people look again."""

from collections.abc import Callable

import pytest
from sqlmodel import col, select

from core.db import reading
from core.errors import Invalid
from models.application import Submission
from models.case import StageRound
from models.message import Message
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.stories.record import inbox
from tests.stories.telling import Story

Opened = Callable[[str], Story]
RETURNED = Outcome.RETURNED


def not_a_second_time(returns: Callable[[Outcome], str]) -> None:
    """The stage has returned the file once, and must come to a conclusion now."""
    with pytest.raises(Invalid, match="更正") as refused:
        returns(RETURNED)
    assert [(fault.field, fault.message[:9]) for fault in refused.value.faults] == [("outcome", "本环节已退回补正过")]


def test_by_the_recommending_body(opened_at: Opened) -> None:
    story = opened_at("local review")
    assert story.recommends(RETURNED) == "Awaiting correction"
    assert inbox(cast.APPLICANT) == ["correct"]
    assert inbox(cast.RECOMMENDER) == []
    assert story.corrects(website="https://www.example.org") == "Awaiting local review"
    assert inbox(cast.APPLICANT) == []
    assert inbox(cast.RECOMMENDER) == ["recommend"]
    not_a_second_time(story.recommends)
    assert story.recommends() == "Awaiting expert review"


def test_by_the_committee_and_the_same_experts_look_again(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    assert story.concludes(RETURNED) == "Awaiting correction"
    assert story.corrects() == "Awaiting expert review"
    assert inbox(cast.OFFICE) == []
    assert inbox(cast.CHAIR) == inbox(cast.EXPERTS[0]) == inbox(cast.EXPERTS[1]) == ["review"]
    assert story.review((95, 95, 95)) == "Awaiting expert review"
    assert inbox(cast.CHAIR) == ["conclude"]
    not_a_second_time(story.concludes)
    assert story.goes_on_to_publication() == "Certified"


def test_by_the_inspectors_and_the_same_team_goes_again(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    assert story.inspect(RETURNED) == "Awaiting correction"
    assert inbox(cast.INSPECTORS[1]) == []
    assert story.corrects() == "Awaiting site inspection"
    assert inbox(cast.OFFICE) == []
    assert inbox(cast.INSPECTORS[0]) == inbox(cast.INSPECTORS[1]) == ["inspect"]
    not_a_second_time(story.inspect)
    assert story.goes_on_to_publication() == "Certified"


def test_once_at_every_stage_and_certified_in_the_end(opened_at: Opened) -> None:
    story = opened_at("local review")
    story.recommends(RETURNED)
    story.corrects()
    story.recommends()
    story.assembles_panel()
    story.review()
    assert story.concludes(RETURNED) == "Awaiting correction"
    assert story.corrects() == "Awaiting expert review"
    story.review()
    story.concludes()
    story.assembles_team()
    assert story.inspect(RETURNED) == "Awaiting correction"
    assert story.corrects() == "Awaiting site inspection"
    assert story.inspect() == "Awaiting certification"
    assert story.certifies() == "Certified"
    with reading() as session:
        opened = session.exec(select(StageRound.stage, StageRound.round).order_by(col(StageRound.opened_at))).all()
    assert [f"{stage} {number}" for stage, number in opened] == [
        "submission 1", "local-review 1", "submission 2", "local-review 2", "expert-review 1", "submission 3",
        "expert-review 2", "site-inspection 1", "submission 4", "site-inspection 2", "certification 1", "publication 1",
    ]  # fmt: skip


def test_a_return_is_one_letter_and_a_correction_a_second_paper(opened_at: Opened) -> None:
    story = opened_at("local review")
    story.recommends(RETURNED)
    with reading() as session:
        letter = session.exec(select(Message).where(Message.letter == "returned")).one()
    assert letter.facts["corrections"] == ["补充近三年培训名册。", "更正专职师资人数。"]
    assert letter.facts["reasons"] == "材料与规定条件不符。"
    assert letter.facts["path"] == f"/applications/{story.application_id}"
    assert letter.facts["due_on"] == "2026-09-20", "five working days from Monday: the fifth is a make-up Sunday"
    assert story.duty(Duty.CORRECT).due_on.isoformat() == letter.facts["due_on"]
    story.corrects(website="https://www.example.org")
    with reading() as session:
        first, second = session.exec(select(Submission).order_by(col(Submission.number))).all()
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 != second.sha256
    assert first.content["website"] == "https://www.example.com"
    assert second.content == first.content | {"website": "https://www.example.org"}


def test_not_by_the_leading_group(opened_at: Opened) -> None:
    with pytest.raises(Invalid) as refused:
        opened_at("certification").certifies(RETURNED)
    assert "outcome" in [fault.field for fault in refused.value.faults]
