"""Expert review by the scoring sheet and by votes: what counts, what passes, and what is asked of the institution."""

from datetime import date, datetime

import pytest
from sqlmodel import select
from time_machine import Traveller

from casework.cases import latest_submission
from casework.decisions import Conclusion, decide
from casework.enlarging import AWAITED, ONCE, STEADY
from casework.resolution import resolution
from casework.review_drafts import draft_of, save_draft
from casework.reviews import Opinion
from core.clock import HUBEI, now
from core.db import reading, transaction
from core.errors import AlreadyDecided, Invalid, NotAssigned, NotFound, StageClosed, Stale
from models.case import Assignment, Case
from models.judgement import Review, ReviewDraft
from models.message import Message
from regulation.outcomes import Outcome
from regulation.roles import Duty
from regulation.sheet import DEFAULT
from tests import cast
from tests.stories.record import inbox
from tests.stories.scoring import (
    GOOD,
    RULES,
    answers,
    asks,
    by_sheet,
    enlarges_panel,
    further_experts,
    gives,
    scores,
    the_result,
    votes,
)
from tests.stories.telling import Story, conclusion

PANEL = [cast.CHAIR, *cast.EXPERTS]


def to_the_panel(story: Story, members: list[str] | None = None, *, sheet: bool = False, **rules: float) -> None:
    """Bring a case before its panel, under the rules for votes and quorum."""
    seated = members or PANEL
    story.under(**(RULES | {"panel_size": len(seated)} | rules))
    if sheet:
        by_sheet(story)
    story.submits()
    story.recommends()
    story.assembles(Duty.ASSEMBLE_PANEL, seated, cast.CHAIR)


def faults_of(story: Story, email: str, opinion: Opinion) -> set[str]:
    with pytest.raises(Invalid) as refused:
        gives(story, email, opinion)
    return {fault.field for fault in refused.value.faults}


def hash_of(story: Story) -> str:
    with reading() as session:
        return latest_submission(session, session.get_one(Case, story.case_id)).sha256


# By the sheet


def test_scored_by_the_sheet_from_the_marks_to_the_conclusion(story: Story) -> None:
    to_the_panel(story, sheet=True)
    for email in PANEL:
        scores(story, email, GOOD)
    with reading() as session:
        review = session.exec(select(Review)).first()
        assert review
        assert review.score == sum(review.marks.values()) == sum(GOOD.values())
        assert set(review.marks) == {item.key for item in DEFAULT.items}
    assert the_result(story).passed
    assert story.concludes() == "Awaiting site inspection"


def test_every_item_is_marked_within_its_points_and_the_extremes_are_explained(story: Story) -> None:
    to_the_panel(story, sheet=True)
    marks = GOOD | {"influence": 9, "faculty": 10, "projects": 2, "domains": 3}
    del marks["plan"]
    found = faults_of(
        story, cast.CHAIR, Opinion(None, "pass", "条件具备。", marks | {"charm": 3}, {"projects": "偏少"})
    )
    assert {"marks.influence", "marks.plan", "marks.charm", "remarks.faculty"} <= found
    assert not {"remarks.projects", "remarks.domains", "marks.domains"} & found
    assert faults_of(story, cast.CHAIR, Opinion(88, "", "", {})) >= {"score", "recommendation", "opinion", "marks.plan"}


def test_a_call_without_a_sheet_takes_one_score(story: Story) -> None:
    to_the_panel(story)
    assert faults_of(story, cast.CHAIR, Opinion(None, "pass", "条件具备。", GOOD)) == {"score", "marks"}
    votes(story, cast.CHAIR, 90)


def test_a_draft_is_kept_as_it_was_typed_and_gone_when_submitted(story: Story) -> None:
    to_the_panel(story, sheet=True)
    duty = story.duty(Duty.REVIEW, cast.CHAIR).id
    typed = {"marks.faculty": "十", "opinion": "初看条件具备", "nonsense": "x"}
    with transaction() as session:
        chair, expert = cast.person(cast.CHAIR, session), cast.person(cast.EXPERTS[0], session)
        kept = save_draft(session, duty, typed, 0, by=chair)
        assert (kept.version, kept.typed) == (1, {"marks.faculty": "十", "opinion": "初看条件具备"})
        assert save_draft(session, duty, typed, 0, by=chair).version == 1
        with pytest.raises(Stale) as stale:
            save_draft(session, duty, typed | {"opinion": "另一窗口"}, 0, by=chair)
        assert stale.value.changed == ["opinion"]
        with pytest.raises(NotAssigned):
            save_draft(session, duty, typed, 1, by=expert)
        with pytest.raises(NotAssigned):
            draft_of(session, duty, by=expert)
        with pytest.raises(Invalid):
            save_draft(session, duty, {"opinion": "字" * 4001}, 1, by=chair)
    scores(story, cast.CHAIR, GOOD)
    with reading() as session:
        assert session.exec(select(ReviewDraft)).all() == []
    with transaction() as session, pytest.raises(StageClosed):
        save_draft(session, duty, typed, 1, by=cast.person(cast.CHAIR, session))


# What it comes to


def test_of_seven_the_highest_and_the_lowest_score_are_dropped(story: Story) -> None:
    seven = [*PANEL, *further_experts(4)]
    to_the_panel(story, seven)
    for email, score in zip(seven, (100, 82, 82, 82, 82, 82, 0), strict=True):
        votes(story, email, score)
    found = the_result(story)
    assert (found.mean, found.dropped, found.passed) == (82, (100, 0), True)
    assert story.concludes() == "Awaiting site inspection"


def test_two_of_three_votes_are_enough_and_one_is_not(story: Story) -> None:
    to_the_panel(story)
    for email, advice in zip(PANEL, ("pass", "fail", "return"), strict=True):
        votes(story, email, 90, advice)
    found = the_result(story)
    assert (found.mean, found.yes, found.passed) == (90, 1, False)
    with pytest.raises(Invalid) as refused:
        approves_without_a_word(story)
    assert [fault.field for fault in refused.value.faults] == ["reasons"]
    assert story.concludes() == "Awaiting site inspection"


def approves_without_a_word(story: Story) -> None:
    with transaction() as session:
        duty = story.duty(Duty.CONCLUDE).id
        decide(session, duty, Conclusion(Outcome.APPROVED), by=cast.person(cast.CHAIR, session))


def test_the_chair_who_agrees_with_the_result_need_say_no_more(story: Story) -> None:
    to_the_panel(story)
    for email in PANEL:
        votes(story, email, 90)
    approves_without_a_word(story)
    assert story.turn() == "Awaiting site inspection"


def test_a_tie_fails_even_where_half_of_the_votes_would_do(story: Story) -> None:
    four = [*PANEL, *further_experts(1)]
    to_the_panel(story, four, vote_share=50)
    for email, advice in zip(four, ("pass", "pass", "fail", "fail"), strict=True):
        votes(story, email, 90, advice)
    assert {check.key for check in the_result(story).checks if not check.met} == {"tie"}
    assert story.decides(cast.CHAIR, Duty.CONCLUDE, Outcome.REFUSED) == "Refused"


def test_without_a_quorum_nothing_passes(story: Story) -> None:
    to_the_panel(story)
    for email in PANEL:
        votes(story, email, 90)
    assert the_result(story).passed
    for email in cast.EXPERTS:
        voids(story, email)
    found = the_result(story)
    assert (found.present, found.seats) == (1, 3)
    assert {check.key for check in found.checks if not check.met} == {"quorum"}
    with pytest.raises(Invalid):
        approves_without_a_word(story)


def voids(story: Story, email: str) -> None:
    """Let the review of somebody who had to leave the case count no longer."""
    with transaction() as session:
        duty = session.get_one(Assignment, story.duty(Duty.REVIEW, email).id)
        review = session.exec(select(Review).where(Review.assignment_id == duty.id)).one()
        review.voided_at = duty.voided_at = now()
        review.voided_reason = "与申报单位有利害关系"


# Whether one reviewer tips it


def test_where_one_reviewer_tips_the_result_the_office_asks_two_more(story: Story) -> None:
    to_the_panel(story)
    for email, advice in zip(PANEL, ("pass", "pass", "fail"), strict=True):
        votes(story, email, 90, advice)
    assert (the_result(story).passed, the_result(story).pivotal) == (True, 2)
    assert inbox(cast.CHAIR) == ["conclude"]
    more = further_experts(2)
    enlarges_panel(story, more)
    assert inbox(cast.CHAIR) == []
    votes(story, more[0], 88)
    assert inbox(cast.CHAIR) == []
    votes(story, more[1], 86)
    assert inbox(cast.CHAIR) == ["conclude"]
    assert (the_result(story).seats, the_result(story).robust) == (5, True)
    with pytest.raises(StageClosed, match=ONCE):
        enlarges_panel(story, more)
    assert story.concludes() == "Awaiting site inspection"


def test_a_panel_is_enlarged_for_no_other_reason(story: Story) -> None:
    to_the_panel(story)
    more = further_experts(2)
    for email in PANEL[:2]:
        votes(story, email, 90)
    with pytest.raises(StageClosed, match=AWAITED):
        enlarges_panel(story, more)
    votes(story, PANEL[2], 90)
    with pytest.raises(StageClosed, match=STEADY):
        enlarges_panel(story, more)


NAMED = {
    "one": ["zengpin0@example.com"],
    "twice": ["zengpin0@example.com"] * 2,
    "sits already": [cast.OTHER_EXPERT, cast.CHAIR],
    "no expert": [cast.OTHER_EXPERT, cast.OFFICE],
}


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_two_who_may_and_did_not_yet_sit(story: Story, named: list[str]) -> None:
    to_the_panel(story)
    further_experts(2)
    for email, advice in zip(PANEL, ("pass", "pass", "fail"), strict=True):
        votes(story, email, 90, advice)
    with pytest.raises(Invalid) as refused:
        enlarges_panel(story, named)
    assert [fault.field for fault in refused.value.faults] == ["members"]
    assert inbox(cast.CHAIR) == ["conclude"]


def test_nothing_is_concluded_while_a_review_is_awaited(story: Story) -> None:
    to_the_panel(story)
    for email, advice in zip(PANEL, ("pass", "pass", "fail"), strict=True):
        votes(story, email, 90, advice)
    duty = story.duty(Duty.CONCLUDE).id
    with story.engine_away():
        enlarges_panel(story, further_experts(2))
        with transaction() as session, pytest.raises(StageClosed):
            decide(session, duty, conclusion(Outcome.APPROVED), by=cast.person(cast.CHAIR, session))


# Questions


def test_a_question_and_its_answer_leave_the_papers_as_they_are(story: Story) -> None:
    to_the_panel(story)
    before = hash_of(story)
    number = asks(story, cast.EXPERTS[0], "专职教师名单中有 3 人同时列入兼职名单，请说明。")
    with reading() as session:
        letter = session.exec(select(Message).where(Message.letter == "clarification")).one()
        assert letter.recipient == "林晓示例"
        assert "赵教授示例" not in str(letter.facts)
    answers(story, number, "该 3 人今年 3 月起转为专职。")
    assert hash_of(story) == before
    with reading() as session:
        heard = session.exec(select(Message).where(Message.letter == "clarified")).one()
        assert heard.recipient == "赵教授示例"
    with pytest.raises(AlreadyDecided):
        answers(story, number, "再次答复。")


def test_an_open_question_holds_up_nothing(story: Story) -> None:
    to_the_panel(story)
    asks(story, cast.CHAIR, "请说明实训场所的权属。")
    for email in PANEL:
        votes(story, email, 90)
    assert story.concludes() == "Awaiting site inspection"
    with pytest.raises(AlreadyDecided):
        answers(story, 1, "来不及答复。")


def test_a_question_is_answered_before_the_review_is_due(story: Story, clock: Traveller) -> None:
    to_the_panel(story)
    assert story.duty(Duty.REVIEW, cast.CHAIR).due_on == date(2026, 9, 28)
    asks(story, cast.CHAIR, "请说明实训场所的权属。")
    clock.move_to(datetime(2026, 9, 24, 23, 50, tzinfo=HUBEI))
    answers(story, 1, "自有。")
    asks(story, cast.CHAIR, "请说明图书资料的数量。")
    clock.move_to(datetime(2026, 9, 25, 0, 10, tzinfo=HUBEI))
    with pytest.raises(StageClosed):
        answers(story, 2, "两万册。")
    with pytest.raises(StageClosed):
        asks(story, cast.CHAIR, "现在还能问吗？")


@pytest.mark.parametrize("email", [cast.OFFICE, cast.APPLICANT, cast.RECOMMENDER])
def test_only_a_member_of_the_panel_asks(story: Story, email: str) -> None:
    to_the_panel(story)
    with pytest.raises(NotAssigned):
        asks(story, email, "请说明。")
    with pytest.raises(NotFound):
        asks(story, cast.OTHER_EXPERT, "请说明。")


@pytest.mark.parametrize("email", [cast.OFFICE, cast.CHAIR, cast.RECOMMENDER])
def test_only_the_institution_answers(story: Story, email: str) -> None:
    to_the_panel(story)
    number = asks(story, cast.CHAIR, "请说明。")
    story.applicant = email
    with pytest.raises(NotAssigned):
        answers(story, number, "代为答复。")


@pytest.mark.parametrize("words", ["", " ", "字" * 2001], ids=["empty", "blank", "too long"])
def test_a_question_and_an_answer_have_words(story: Story, words: str) -> None:
    to_the_panel(story)
    with pytest.raises(Invalid):
        asks(story, cast.CHAIR, words)
    number = asks(story, cast.CHAIR, "请说明。")
    with pytest.raises(Invalid):
        answers(story, number, words)


# The resolution


def test_the_resolution_is_the_same_for_ever_and_only_of_a_conclusion(story: Story) -> None:
    to_the_panel(story, sheet=True)
    for email in PANEL:
        scores(story, email, GOOD)
    with pytest.raises(NotFound):
        resolved(story)
    story.concludes()
    paper = resolved(story)
    story.assembles_team()
    assert resolved(story) == paper
    assert paper.startswith(b"%PDF")


def resolved(story: Story) -> bytes:
    with reading() as session:
        return resolution(session, session.get_one(Case, story.case_id), 1)
