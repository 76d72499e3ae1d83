"""Too late, twice, or not one's own: the record stays as it was, and the sentence says who acted and when."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session, select
from time_machine import Traveller

from casework.committees import assemble
from casework.decisions import Conclusion, decide
from casework.demonstration import HOME, PASSWORD
from casework.inspections import Visit, inspect
from casework.people import add_user
from casework.reviews import Opinion, review
from core.db import reading, transaction
from core.errors import AlreadyDecided, Invalid, NotAssigned, StageClosed
from models.judgement import Decision, Inspection
from models.organisation import Organisation
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role
from tests import cast
from tests.stories.book import DRAFT, hour_of
from tests.stories.record import inbox
from tests.stories.telling import Story, conclusion

Opened = Callable[[str], Story]
COLLEAGUE = "tuijian2@example.com"


def a_colleague_of_the_recommender(session: Session) -> None:
    bureau = session.exec(select(Organisation).where(Organisation.name == HOME)).one()
    add_user(session, COLLEAGUE, "刘洋示例", PASSWORD, of=bureau, roles=[Role.RECOMMENDER])


def decides(email: str, duty: UUID, outcome: Outcome = Outcome.APPROVED) -> None:
    with transaction() as session:
        decide(session, duty, conclusion(outcome), by=cast.person(email, session))


def test_the_second_is_told_who_decided_and_when(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at(DRAFT)
    with transaction() as session:
        a_colleague_of_the_recommender(session)
    story.submits()
    duty = story.duty(Duty.RECOMMEND).id
    decides(cast.RECOMMENDER, duty)
    clock.move_to(hour_of("certified"))
    told = "本环节已由王芳示例于2026-09-14 09:05作出“同意推荐”的决定，不能重复办理。"
    for second in (cast.RECOMMENDER, COLLEAGUE):
        with pytest.raises(AlreadyDecided) as refused:
            decides(second, duty, Outcome.REFUSED)
        assert refused.value.sentence() == told
    story.turn()
    with pytest.raises(AlreadyDecided) as refused:
        decides(COLLEAGUE, duty)
    assert refused.value.sentence() == told
    with reading() as session:
        assert session.exec(select(Decision.outcome).where(Decision.stage == "local-review")).one() == Outcome.APPROVED


def test_nobody_decides_what_is_anothers(opened_at: Opened) -> None:
    duty = opened_at("local review").duty(Duty.RECOMMEND).id
    for stranger in (cast.OFFICE, cast.DECIDER, cast.CHAIR, cast.APPLICANT, cast.OPERATOR, cast.AUDITOR):
        with pytest.raises(NotAssigned):
            decides(stranger, duty)
    assert inbox(cast.RECOMMENDER) == ["recommend"]


def test_no_other_bureau_recommends(opened_at: Opened) -> None:
    duty = opened_at("local review").duty(Duty.RECOMMEND).id
    with transaction() as session:
        other = session.exec(select(Organisation).where(Organisation.name.startswith("襄阳市"))).one()
        add_user(session, "xy@example.com", "襄阳示例", PASSWORD, of=other, roles=[Role.RECOMMENDER])
    with pytest.raises(NotAssigned):
        decides("xy@example.com", duty)


def test_whoever_comes_after_a_withdrawal_is_told_of_it(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    review_duty = story.duty(Duty.REVIEW, cast.CHAIR).id
    story.withdraws()
    with pytest.raises(AlreadyDecided, match=r"林晓示例.*申报单位撤回"):
        story.concludes()
    with pytest.raises(AlreadyDecided, match="申报单位撤回"):
        decides(cast.CHAIR, review_duty)


def test_an_expert_who_comes_after_a_withdrawal(opened_at: Opened) -> None:
    story = opened_at("expert review")
    story.withdraws()
    with pytest.raises(AlreadyDecided, match="申报单位撤回"):
        story.reviews(cast.EXPERTS[0], 90)


def test_a_stage_that_has_closed_stays_so(opened_at: Opened) -> None:
    story = opened_at("certification")
    with pytest.raises(AlreadyDecided, match="王芳示例"):
        story.recommends(Outcome.REFUSED)
    with pytest.raises(AlreadyDecided, match="黄主任示例"):
        story.concludes(Outcome.REFUSED)
    with pytest.raises(AlreadyDecided, match="何考察示例"):
        story.inspect(Outcome.REFUSED)


def test_nobody_reviews_twice_nor_for_another(opened_at: Opened) -> None:
    story = opened_at("expert review")
    story.reviews(cast.EXPERTS[0], 90)
    with pytest.raises(AlreadyDecided, match=r"赵教授示例.*提交评审意见"):
        story.reviews(cast.EXPERTS[0], 10)
    theirs = story.duty(Duty.REVIEW, cast.EXPERTS[1]).id
    with pytest.raises(NotAssigned), transaction() as session:
        review(session, theirs, Opinion(1, "fail", "冒名"), by=cast.person(cast.OTHER_EXPERT, session))


def test_an_opinion_is_told_everything_that_is_wrong_with_it(opened_at: Opened) -> None:
    story = opened_at("expert review")
    duty = story.duty(Duty.REVIEW, cast.CHAIR).id
    with pytest.raises(Invalid) as refused, transaction() as session:
        review(session, duty, Opinion(101, "maybe", " "), by=cast.person(cast.CHAIR, session))
    assert [fault.field for fault in refused.value.faults] == ["score", "recommendation", "opinion"]


def test_a_panel_is_assembled_once(opened_at: Opened) -> None:
    story = opened_at("expert review")
    with pytest.raises(StageClosed, match="已经安排"):
        story.assembles_panel()
    assert inbox(cast.OTHER_EXPERT) == []


def test_a_conclusion_without_its_reasons(opened_at: Opened) -> None:
    duty = opened_at("local review").duty(Duty.RECOMMEND).id
    for outcome, fields in {
        Outcome.REFUSED: {"reasons"},
        Outcome.RETURNED: {"reasons", "corrections"},
        Outcome.WITHDRAWN: {"outcome", "reasons"},
        Outcome.LAPSED: {"outcome", "reasons"},
    }.items():
        with pytest.raises(Invalid) as refused, transaction() as session:
            decide(session, duty, Conclusion(outcome, " ", [" "]), by=cast.person(cast.RECOMMENDER, session))
        assert {fault.field for fault in refused.value.faults} == fields


@pytest.mark.parametrize(("scores", "outcome"), [((79, 80, 80), Outcome.APPROVED), ((80, 80, 80), Outcome.REFUSED)])
def test_a_chair_who_concludes_otherwise_than_the_scores_says_why(
    opened_at: Opened, scores: tuple[int, ...], outcome: Outcome
) -> None:
    story = opened_at("expert review")
    story.review(scores)
    duty = story.duty(Duty.CONCLUDE).id
    with pytest.raises(Invalid) as refused, transaction() as session:
        decide(session, duty, Conclusion(outcome), by=cast.person(cast.CHAIR, session))
    assert [fault.field for fault in refused.value.faults] == ["reasons"]
    assert story.concludes(outcome) in {"Awaiting site inspection", "Refused"}


def test_a_chair_who_follows_the_scores_need_not_say_why(opened_at: Opened) -> None:
    story = opened_at("expert review")
    story.review((80, 80, 80))
    with transaction() as session:
        decide(session, story.duty(Duty.CONCLUDE).id, Conclusion(Outcome.APPROVED), by=cast.person(cast.CHAIR, session))
    assert story.turn() == "Awaiting site inspection"


def test_a_visit_is_told_everything_that_is_wrong_with_it_and_its_conclusion(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    duty, leader = story.duty(Duty.INSPECT, cast.INSPECTORS[0]).id, cast.person(cast.INSPECTORS[0])
    with pytest.raises(Invalid) as refused, transaction() as session:
        inspect(session, duty, Visit(None, ""), Conclusion(Outcome.REFUSED), by=leader)
    fields = {fault.field for fault in refused.value.faults}
    assert {"visited_on", "summary", "reasons", "findings.faculty", "findings.training"} <= fields
    assert story.inspect() == "Awaiting certification", "nothing was recorded by the refused one"
    with reading() as session:
        assert session.exec(select(Inspection)).one()


def test_an_inspection_cannot_be_decided_without_its_record(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    duty = story.duty(Duty.INSPECT, cast.INSPECTORS[0]).id
    with pytest.raises(StageClosed):
        decides(cast.INSPECTORS[0], duty)


def test_a_correction_cannot_be_decided_without_papers(opened_at: Opened) -> None:
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    with pytest.raises(StageClosed):
        decides(cast.APPLICANT, story.duty(Duty.CORRECT).id)
    assert inbox(cast.APPLICANT) == ["correct"]


def test_only_the_office_assembles(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    people = [cast.person(email).id for email in (cast.CHAIR, *cast.EXPERTS)]
    duty = story.duty(Duty.ASSEMBLE_PANEL).id
    with pytest.raises(NotAssigned), transaction() as session:
        assemble(session, duty, people, people[0], by=cast.person(cast.DECIDER, session))
