"""Experts of continuing education and of related fields form the committee, Art. 5(4): drawn, asked, seated."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select
from time_machine import Traveller

from casework.experts.answers import ACCEPT, RECUSE, Answer, answer
from casework.experts.answers import invited as invitations
from casework.experts.confirming import confirm, discard
from casework.experts.draws import draw_panel
from casework.experts.following import repeated
from casework.experts.kept import verified
from casework.experts.pool import FIELDS
from casework.experts.profiles import suspend
from casework.turns import turns_of
from core.db import reading, transaction
from core.errors import AlreadyDecided, CaseClosed, Invalid, NotAssigned, NotPermitted, StageClosed
from models.case import Assignment, Case
from models.expert import Draw, Expert, InvitationState
from models.message import Message
from regulation.form.example import example
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.stories.book import hour_of
from tests.stories.crowd import at_once
from tests.stories.panels import (
    EDUCATION,
    FIELD,
    a_pool,
    a_profile,
    all_accept,
    an_expert,
    answers,
    declines,
    drawn_and_invited,
    draws,
    identity,
    invited,
    invites,
    panel_of,
)
from tests.stories.record import inbox
from tests.stories.telling import Story, an_application

Opened = Callable[[str], Story]
OPEN, ACCEPTED, DECLINED = InvitationState.OPEN, InvitationState.ACCEPTED, InvitationState.DECLINED
APPLICANT_UNIT = "江汉示例职业技术学院"


@pytest.fixture
def story(opened_at: Opened) -> Story:
    """Open where the office has to form the committee, three members, two of them of continuing education."""
    told = opened_at("panel to be named")
    told.under(continuing_education_share=50, field_experts=1)
    return told


def test_a_panel_is_drawn_asked_and_seated(story: Story) -> None:
    draw = drawn_and_invited(story)
    assert inbox(cast.OFFICE) == ["assemble-panel"], "the duty stays open until all have accepted"
    first, *others = invited(draw)
    assert [inbox(email) for email in (first, *others)] == [["answer"]] * 3
    assert turn(story) == {"组建专家评审委员会": 1, "答复评审邀请": 3}
    answers(story, first)
    assert inbox(first) == []
    assert all_accept(story, draw) == "Awaiting expert review"
    assert inbox(cast.OFFICE) == []
    assert sorted(panel_of(story)) == sorted([first, *others])
    with reading() as session:
        kept = session.get_one(Draw, draw.id)
        members = [identity(one) for one in panel_of(story)]
        kinds = session.exec(select(Expert.kind).where(col(Expert.user_id).in_(members))).all()
    assert kept.assembled_at
    assert str(identity(panel_of(story)[0])) == kept.chair
    assert sorted(kinds) == [EDUCATION, EDUCATION, FIELD]
    for email in panel_of(story):
        story.reviews(email, 90)
    assert inbox(panel_of(story)[0]) == ["conclude"]


def test_seed_candidates_and_every_exclusion_are_kept_and_give_the_same_panel_again(story: Story) -> None:
    a_pool()
    with transaction() as session:
        office = cast.person(cast.OFFICE, session)
        tied = an_expert(session, "任职示例", a_profile(employer=APPLICANT_UNIT), chairs=True)
        out = an_expert(session, "期满示例", a_profile(valid_to=date(2026, 6, 30)))
        halted = an_expert(session, "暂停示例", a_profile())
        suspend(session, halted.id, "评审期间泄露评审情况", by=office)
    draw = draws(story, "lottery 2026-09-14")
    with reading() as session:
        kept = session.get_one(Draw, draw.id)
    assert verified(kept)
    reasons = {one["id"]: one["reason"] for one in kept.exclusions}
    assert reasons[str(tied.id)] == f"任职于申报单位，或离职未满规定年限（{APPLICANT_UNIT}）"
    assert reasons[str(out.id)] == "聘期已满"
    assert reasons[str(halted.id)] == "已暂停"
    assert reasons[str(identity(cast.CHAIR))] == "未建档案"
    assert not {one["id"] for one in kept.candidates} & set(reasons)
    kept.members = kept.members[::-1]
    assert not verified(kept), "whoever changes the record is found out"


def test_a_panel_that_cannot_be_drawn_says_which_rule_and_who_was_excluded_why(story: Story) -> None:
    with transaction() as session:
        for number in range(3):
            an_expert(session, f"教育{number}示例", a_profile(), chairs=True)
        an_expert(session, "领域示例", a_profile(FIELD, employer=APPLICANT_UNIT))
    with pytest.raises(Invalid) as refused:
        draws(story)
    told = {(fault.field, fault.message) for fault in refused.value.faults}
    titles = "、".join(FIELDS[key] for key in sorted(example()["domains"]))
    assert ("panel", f"可抽取的“{titles}”领域专家 0 人，少于规定的 1 人。") in told
    assert any(field == "excluded" and "领域示例" in said and APPLICANT_UNIT in said for field, said in told)
    with reading() as session:
        assert not session.exec(select(Draw.id)).all()


def test_a_decline_draws_the_next_in_order(story: Story) -> None:
    draw = drawn_and_invited(story)
    gone = invited(draw)[1]
    declines(story, gone)
    standing = invited(draw, OPEN)
    assert len(standing) == 3
    assert gone not in standing
    assert inbox(gone) == []
    with reading() as session:
        kept = session.get_one(Draw, draw.id)
        (new,) = [one for one, _ in invitations(session, draw.id) if one.gone]
        assert repeated(kept, new), "the next in order follows from what was kept"
        assert str(identity(gone)) in new.gone
    all_accept(story, draw)
    assert sorted(panel_of(story)) == sorted(standing)


def test_when_the_chair_declines_the_lead_passes_on(story: Story) -> None:
    draw = drawn_and_invited(story)
    with reading() as session:
        chair = next(user.email for one, user in invitations(session, draw.id) if one.leads)
    declines(story, chair)
    with reading() as session:
        leading = [user.email for one, user in invitations(session, draw.id) if one.leads and one.state is OPEN]
    assert len(leading) == 1
    assert leading != [chair]
    all_accept(story, draw)
    assert panel_of(story)[0] == leading[0]


def test_no_answer_in_time_draws_the_next(story: Story, clock: Traveller) -> None:
    draw = drawn_and_invited(story)
    silent, *others = invited(draw)
    for email in others:
        answers(story, email)
    clock.move_to(hour_of("panel to be named") + timedelta(days=3))
    story.time_passes()
    assert invited(draw, OPEN) == [silent], "the last day is not over"
    clock.move_to(hour_of("panel to be named") + timedelta(days=4))
    story.time_passes()
    assert invited(draw, InvitationState.LAPSED) == [silent]
    assert inbox(silent) == []
    (following,) = invited(draw, OPEN)
    answers(story, following)
    assert sorted(panel_of(story)) == sorted([following, *others])


def test_nobody_left_is_told_to_the_office(story: Story) -> None:
    draw = drawn_and_invited(story, size=4)
    for _ in range(2):
        declines(story, invited(draw, OPEN)[0])
    with reading() as session:
        told = session.exec(select(Message).where(Message.letter == "nobody-left")).all()
    assert {letter.address for letter in told} == {cast.OFFICE}
    assert inbox(cast.OFFICE) == ["assemble-panel"]
    with transaction() as session:
        discard(session, draw.id, "专家库人数不足，改为直接指定", by=cast.person(cast.OFFICE, session))
    assert not invited(draw, OPEN)
    story.under(continuing_education_share=0, field_experts=0)
    assert story.assembles_panel() == "Awaiting expert review"


def test_an_acceptance_needs_the_promise_and_no_conflict(story: Story) -> None:
    draw = drawn_and_invited(story)
    email = invited(draw)[0]
    for given, wrong in (
        (Answer("perhaps"), {"answer"}),
        (Answer(ACCEPT), {"promise"}),
        (Answer("decline"), {"reason"}),
        (Answer(RECUSE, reason=" "), {"reason"}),
    ):
        with pytest.raises(Invalid) as refused, transaction() as session:
            answer(session, story.duty(Duty.ANSWER, email).id, given, by=cast.person(email, session))
        assert {fault.field for fault in refused.value.faults} == wrong
    other = invited(draw)[1]
    with pytest.raises(NotAssigned), transaction() as session:
        answer(session, story.duty(Duty.ANSWER, email).id, Answer(ACCEPT, promise=True), by=cast.person(other, session))
    answers(story, email)
    with pytest.raises(StageClosed), transaction() as session:
        answer(session, story.duty(Duty.ANSWER, email).id, Answer(ACCEPT, promise=True), by=cast.person(email, session))


def test_who_asks_to_be_recused_is_followed_and_not_drawn_again(story: Story) -> None:
    draw = drawn_and_invited(story)
    email = invited(draw)[0]
    answers(story, email, RECUSE, "与申报单位有合作课题")
    assert email not in invited(draw, OPEN)
    accepted = invited(draw, OPEN)[0]
    answers(story, accepted)
    with transaction() as session:
        discard(session, draw.id, "重新抽取", by=cast.person(cast.OFFICE, session))
    assert accepted in {letter.address for letter in posted("taken-back")}, "who had accepted is told"
    again = draws(story, "another seed")
    reason = next(one["reason"] for one in again.exclusions if one["id"] == str(identity(email)))
    assert "本人申请回避（与申报单位有合作课题）" in reason


def test_a_conflict_that_shows_between_drawing_and_inviting_stops_the_invitations(story: Story) -> None:
    a_pool()
    draw = draws(story)
    with transaction() as session:
        member = UUID(draw.members[0])
        profile = session.exec(select(Expert).where(Expert.user_id == member)).one()
        profile.recommending_unit = APPLICANT_UNIT
    with pytest.raises(Invalid) as refused:
        invites(draw)
    assert "由申报单位推荐入库" in refused.value.faults[0].message
    assert not invited(draw)


def test_by_hand_and_by_lot_do_not_mix(story: Story) -> None:
    draw = drawn_and_invited(story)
    with pytest.raises(StageClosed):
        story.assembles_panel()
    with pytest.raises(StageClosed):
        draws(story)
    with pytest.raises(StageClosed), transaction() as session:
        confirm(session, draw.id, by=cast.person(cast.OFFICE, session))


@pytest.mark.parametrize("email", [cast.CHAIR, cast.APPLICANT, cast.RECOMMENDER, cast.AUDITOR, cast.DECIDER])
def test_only_the_office_draws(story: Story, email: str) -> None:
    a_pool()
    with pytest.raises(NotPermitted):
        draws(story, by=email)


def test_a_withdrawn_application_ends_its_invitations(story: Story) -> None:
    draw = drawn_and_invited(story)
    email = invited(draw)[0]
    assert story.withdraws() == "Withdrawn"
    assert inbox(email) == []
    with pytest.raises((AlreadyDecided, CaseClosed)), transaction() as session:
        answer(session, story.duty(Duty.ANSWER, email).id, Answer(ACCEPT, promise=True), by=cast.person(email, session))


def test_after_a_return_the_drawn_panel_looks_again(story: Story) -> None:
    draw = drawn_and_invited(story)
    all_accept(story, draw)
    before = panel_of(story)
    for email in before:
        story.reviews(email, 70)
    story.decides(before[0], Duty.CONCLUDE, Outcome.RETURNED)
    story.corrects()
    with reading() as session:
        waiting = select(Assignment.user_id).where(Assignment.duty == Duty.REVIEW, col(Assignment.ended_at).is_(None))
        assert set(session.exec(waiting)) == {identity(email) for email in before}


def test_one_panel_for_several_cases_of_a_call(story: Story) -> None:
    a_pool()
    with transaction() as session:
        other = Story(an_application(session, cast.OTHER_APPLICANT), applicant=cast.OTHER_APPLICANT)
        tied = an_expert(session, "另任示例", a_profile(employer="楚天示例工程研究院"), chairs=True)
    other.submits()
    other.recommends()
    with transaction() as session:
        duties = [one.duty(Duty.ASSEMBLE_PANEL).id for one in (story, other)]
        draw = draw_panel(session, duties, "both", by=cast.person(cast.OFFICE, session))
    (reason,) = [one["reason"] for one in draw.exclusions if one["id"] == str(tied.id)]
    assert "楚天示例工程研究院" in reason
    assert reason.startswith("JD-"), "it says in which of the cases"
    invites(draw)
    assert len(posted("invitation")) == 3, "one letter for all the cases"
    first, *others = invited(draw)
    assert inbox(first) == ["answer", "answer"]
    answers(other, first)
    assert inbox(first) == [], "one answer is for all the cases"
    other.withdraws()
    for email in others:
        answers(story, email)
    assert sorted(panel_of(story)) == sorted([first, *others])
    assert panel_of(other) == []


def test_the_last_answers_at_the_same_moment_seat_the_panel_once(story: Story) -> None:
    draw = drawn_and_invited(story)
    experts = invited(draw)

    def accept(email: str) -> None:
        with transaction() as session:
            person, given = cast.person(email, session), Answer(ACCEPT, promise=True)
            answer(session, story.duty(Duty.ANSWER, email).id, given, by=person)

    assert at_once(len(experts), accept, experts) == [None] * len(experts)
    story.turn()
    assert sorted(panel_of(story)) == sorted(experts)


def posted(letter: str) -> list[Message]:
    with reading() as session:
        return list(session.exec(select(Message).where(Message.letter == letter)))


def turn(story: Story) -> dict[str, int]:
    with reading() as session:
        duties = [one.duty for one in turns_of(session, session.get_one(Case, story.case_id))]
    return {duty: duties.count(duty) for duty in duties}


def test_duties_of_no_case_cannot_be_drawn_for(story: Story) -> None:
    a_pool()
    with pytest.raises((StageClosed, AlreadyDecided)), transaction() as session:
        draw_panel(session, [story.duty(Duty.RECOMMEND).id], by=cast.person(cast.OFFICE, session))
