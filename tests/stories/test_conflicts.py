"""Who may not judge 回避: found out before anybody is asked, ruled on; and a late conflict voids what was said."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import select

from casework.experts.avoiding import Avoided, ask_to_avoid, asked_for
from casework.experts.conflicts import grounds_of
from casework.experts.profiles import Employer
from casework.experts.rulings import Ruling, declare, rule
from casework.replacing import replace_member, substitutes
from core.db import reading, transaction
from core.errors import AlreadyDecided, Conflict, Invalid, NotAssigned, NotFound, NotPermitted, StageClosed
from models.case import Assignment, Case
from models.expert import Conflict as Raised
from models.expert import ConflictKind, InvitationState
from models.journal import JournalEntry
from models.judgement import Review
from models.person import User
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.stories.panels import (
    a_pool,
    a_profile,
    all_accept,
    an_expert,
    answers,
    drawn_and_invited,
    draws,
    identity,
    invited,
    open_duty,
    panel_of,
    rules,
)
from tests.stories.record import inbox
from tests.stories.telling import Story

Opened = Callable[[str], Story]
CHAIR, (FIRST, SECOND), THIRD = cast.CHAIR, cast.EXPERTS, cast.OTHER_EXPERT
UNIT, CODE, BODY = "江汉示例职业技术学院", "12420000000000019Q", "武汉市人力资源和社会保障局"
WORKED = date(2010, 7, 1)
WHY = "与申报单位负责人为近亲属"


@pytest.mark.parametrize(
    ("kind", "name", "more"),
    [
        ("employer", "现任示例", {"employers": [Employer(UNIT, "", WORKED)]}),
        ("employer", "原任示例", {"employers": [Employer(" 江汉示例职业技术学院", "", WORKED, date(2023, 9, 14))]}),
        ("credit-code", "改名示例", {"employers": [Employer("江汉示例学院（原名）", CODE, WORKED)]}),
        ("body", "推荐示例", {"employers": [Employer(BODY, "", WORKED)]}),
        ("faculty", "周示例", {}),
        ("recommended", "自荐示例", {"recommending_unit": UNIT}),
        ("", "早离示例", {"employers": [Employer(UNIT, "", WORKED, date(2023, 9, 13))]}),
        ("", "无关示例", {}),
    ],
    ids=["works", "worked", "credit code", "body", "faculty", "recommended", "long ago", "nothing"],
)
def test_what_is_detected(opened_at: Opened, kind: str, name: str, more: dict[str, object]) -> None:
    story = opened_at("panel to be named")
    with transaction() as session:
        user = an_expert(session, name, a_profile(**more))  # type: ignore[arg-type]
        found = [one.kind.value for one in grounds_of(session, session.get_one(Case, story.case_id), user.id)]
    assert found == ([kind] if kind else [])


def test_a_conflict_ignored_by_a_forged_request_is_refused_with_the_rule(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    with transaction() as session:
        tied = an_expert(session, "任职示例", a_profile(employer=UNIT)).email
    for members in ([CHAIR, FIRST, tied], [CHAIR, tied, SECOND]):
        with pytest.raises(Invalid) as refused:
            story.assembles(Duty.ASSEMBLE_PANEL, members, CHAIR)
        (fault,) = refused.value.faults
        assert fault.message == f"任职示例应当回避：任职于申报单位，或离职未满规定年限（{UNIT}）。"
    story.assembles_panel()
    with pytest.raises(Invalid) as refused, transaction() as session:
        replace_member(session, story.duty(Duty.REVIEW, FIRST).id, identity(tied), by=cast.person(cast.OFFICE, session))
    assert "应当回避" in refused.value.faults[0].message
    with reading() as session:
        offered = {one.user.email: one.conflicts for one in substitutes(session, story.duty(Duty.REVIEW, FIRST))}
    assert offered[tied]
    assert not offered[THIRD]


def test_a_conflict_can_be_dismissed_with_a_reason(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    with transaction() as session:
        tied = an_expert(session, "周示例", a_profile()).email
    rules(story, tied, upheld=False, kind="faculty", grounds="周示例", reason="同名同姓，经核实不是同一人")
    with transaction() as session:
        assert not grounds_of(session, session.get_one(Case, story.case_id), identity(tied))
        line = session.exec(select(JournalEntry).where(JournalEntry.act == "conflict-dismissed")).one()
        assert line.by == cast.person(cast.OFFICE, session).id
    story.assembles(Duty.ASSEMBLE_PANEL, [CHAIR, FIRST, tied], CHAIR)
    assert inbox(tied) == ["review"]


def test_never_by_the_expert_concerned_and_never_without_a_reason(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    with transaction() as session:
        office = cast.person(cast.OFFICE, session)
        session.add_all([])
        for by, given, refusal in (
            (
                cast.person(FIRST, session),
                Ruling(False, WHY, user_id=office.id, kind="faculty", grounds="x"),
                NotPermitted,
            ),
            (office, Ruling(False, WHY, user_id=office.id, kind="faculty", grounds="x"), NotPermitted),
            (office, Ruling(True, " ", user_id=identity(FIRST), kind="found"), Invalid),
            (office, Ruling(True, WHY, user_id=identity(FIRST), kind="declared"), NotFound),
            (office, Ruling(True, WHY, user_id=identity(FIRST), kind="nonsense"), NotFound),
            (office, Ruling(False, WHY, user_id=identity(FIRST), kind="found"), NotFound),
        ):
            with pytest.raises(refusal):
                rule(session, story.case_id, given, by=by)  # type: ignore[arg-type]


def test_the_applicant_asks_to_avoid_somebody_before_the_panel_is_drawn(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    a_pool()
    asks(story, ("池1示例", "曾参与我校项目评审并有争议"), ("不在库中示例", "有竞争关系"))
    draw = draws(story)
    reasons = {one["name"]: one["reason"] for one in draw.exclusions}
    assert reasons["池1示例"] == "申报单位申请其回避（曾参与我校项目评审并有争议）"
    with pytest.raises(StageClosed):
        asks(story, ("池2示例", WHY))
    with reading() as session:
        case = session.get_one(Case, story.case_id)
        assert [name for name, _ in asked_for(session, case)] == ["池1示例", "不在库中示例"]


def test_a_request_says_everything_at_once(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    for asked, wrong in (
        ((), {"avoided.0.name"}),
        ((("张", ""), ("李示例", "  ")), {"avoided.0.name", "avoided.0.reason", "avoided.1.reason"}),
        ((("李示例", WHY), ("李 示例", WHY)), {"avoided.1.name"}),
        (((f"专家{n}示例", WHY) for n in range(4)), {"avoided.0.name"}),
    ):
        with pytest.raises(Invalid) as refused:
            asks(story, *asked)
        assert {fault.field for fault in refused.value.faults} == wrong
    for email in (cast.OTHER_APPLICANT, cast.RECOMMENDER, cast.OFFICE):
        with pytest.raises((NotAssigned, NotFound)):
            asks(story, ("李示例", WHY), by=email)


def test_who_declares_a_conflict_cannot_score_until_the_office_has_ruled(opened_at: Opened) -> None:
    story = opened_at("expert review")
    declares(story, FIRST)
    with pytest.raises(StageClosed, match="本人申请回避"):
        story.reviews(FIRST, 90)
    with pytest.raises(Conflict):
        declares(story, FIRST)
    rules(story, FIRST, upheld=False, conflict_id=declared(FIRST), reason="不属于应当回避的情形")
    story.reviews(FIRST, 90)
    assert reviews() == [(90, False)]


def test_a_score_after_recusal_is_refused_and_the_seat_goes_to_the_substitute(opened_at: Opened) -> None:
    story = opened_at("expert review")
    declares(story, FIRST)
    rules(story, FIRST, conflict_id=declared(FIRST), substitute=identity(THIRD))
    with pytest.raises(StageClosed):
        story.reviews(FIRST, 90)
    assert (inbox(FIRST), inbox(THIRD), inbox(cast.OFFICE)) == ([], ["review"], [])
    for email in (CHAIR, SECOND, THIRD):
        story.reviews(email, 88)
    assert story.goes_on_to_publication() == "Certified"


def test_a_late_conflict_voids_the_score_and_reopens_one_seat_of_a_drawn_panel(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    story.under(continuing_education_share=50, field_experts=1)
    draw = drawn_and_invited(story)
    all_accept(story, draw)
    chair, second, third = panel_of(story)
    for email, score in ((chair, 90), (second, 100), (third, 60)):
        story.reviews(email, score)
    assert inbox(chair) == ["conclude"]
    rules(story, second)
    assert reviews() == [(60, False), (90, False), (100, True)]
    assert inbox(chair) == [], "the chair's turn is taken back"
    assert inbox(cast.OFFICE) == ["assemble-panel"]
    (following,) = invited(draw, InvitationState.OPEN)
    assert following not in {chair, second, third}
    answers(story, following)
    assert inbox(cast.OFFICE) == []
    assert inbox(following) == ["review"]
    assert inbox(chair) == inbox(third) == [], "what the others said stands"
    assert story.reviews(following, 80) == "Awaiting expert review"
    assert inbox(chair) == ["conclude"], "the chair is called again"
    story.decides(chair, Duty.CONCLUDE, Outcome.APPROVED)
    assert story.state == "Awaiting site inspection"
    assert acts() >= {"review-voided", "conflict-upheld", "member-replaced"}


def test_a_late_conflict_of_the_chair_on_a_panel_named_by_hand(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    with transaction() as session:
        an_expert(session, "新主任示例", a_profile(), chairs=True)
    rules(story, CHAIR)
    assert (inbox(CHAIR), inbox(cast.OFFICE)) == ([], ["assemble-panel"])
    with pytest.raises(StageClosed, match="空出的席位"):
        story.assembles_panel()
    with transaction() as session:
        new = session.exec(select(User).where(User.name == "新主任示例")).one().email
        seat = story.duty(Duty.REVIEW, CHAIR)
        replace_member(session, seat.id, identity(new), by=cast.person(cast.OFFICE, session))
    story.turn()
    assert (inbox(cast.OFFICE), inbox(new)) == ([], ["review"])
    story.reviews(new, 86)
    assert inbox(new) == ["conclude"]
    assert story.decides(new, Duty.CONCLUDE, Outcome.APPROVED) == "Awaiting site inspection"


def test_a_substitute_must_be_free_of_conflicts_too(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    with transaction() as session:
        tied = an_expert(session, "任职示例", a_profile(employer=UNIT)).email
    for unfit in (tied, SECOND, cast.APPLICANT):
        with pytest.raises(Invalid):
            rules(story, FIRST, substitute=identity(unfit))
    assert reviews() == [(85, False), (88, False), (90, False)]
    assert inbox(CHAIR) == ["conclude"]


def test_a_decided_round_is_not_opened_again(opened_at: Opened) -> None:
    story = opened_at("team to be named")
    with pytest.raises(AlreadyDecided):
        rules(story, FIRST)
    assert all(not void for _, void in reviews())


def test_an_invited_expert_who_may_not_judge_is_taken_out(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    draw = drawn_and_invited(story)
    email = invited(draw)[0]
    rules(story, email)
    assert email not in invited(draw, InvitationState.OPEN)
    assert len(invited(draw, InvitationState.OPEN)) == 3
    assert inbox(email) == []


def test_who_lost_the_seat_sees_the_papers_no_longer(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    rules(story, FIRST, substitute=identity(THIRD))
    with reading() as session:
        void = session.exec(select(Assignment).where(Assignment.user_id == identity(FIRST))).one()
    assert void.voided_at
    assert void.replaced_by == story.duty(Duty.REVIEW, THIRD).id


def asks(story: Story, *avoided: tuple[str, str], by: str = cast.APPLICANT) -> None:
    with transaction() as session:
        assert story.case_id
        ask_to_avoid(session, story.case_id, [Avoided(*one) for one in avoided], by=cast.person(by, session))


def declares(story: Story, email: str) -> None:
    with transaction() as session:
        declare(session, open_duty(session, story, email, Duty.REVIEW).id, WHY, by=cast.person(email, session))


def declared(email: str) -> object:
    with reading() as session:
        mine = select(Raised.id).where(Raised.user_id == identity(email), Raised.kind == ConflictKind.DECLARED)
        return session.exec(mine).one()


def reviews() -> list[tuple[int, bool]]:
    """Return the scores on record, each with whether it is void."""
    with reading() as session:
        return sorted((one.score, bool(one.voided_at)) for one in session.exec(select(Review)))


def acts() -> set[str]:
    with reading() as session:
        return set(session.exec(select(JournalEntry.act)))
