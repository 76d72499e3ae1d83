"""Conflicts that come late: checked when the chair concludes, and before anybody visits in another's place."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select

from casework.experts.profiles import Employer, save_profile
from casework.inspections import inspect
from casework.replacing import replace_member
from casework.visits.photos import add_photo
from core.db import reading, transaction
from core.errors import Invalid, StageClosed
from models.case import Case
from models.expert import Conflict
from models.judgement import Review
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role
from tests import cast
from tests.photos import a_photo
from tests.stories.panels import a_profile, identity, rules
from tests.stories.record import inbox
from tests.stories.telling import Story, conclusion
from tests.stories.test_standing_in import joins, stands_in
from tests.stories.visiting import LEADER, a_visit, in_days, offers

Opened = Callable[[str], Story]
CHAIR, (FIRST, SECOND), THIRD = cast.CHAIR, cast.EXPERTS, cast.OTHER_EXPERT
UNIT, PROVINCE = "江汉示例职业技术学院", "湖北省人力资源和社会保障厅"
DEPUTY = "kaocha9@example.com"
FACULTY = "周示例"
"""A name of the applicant's list of teachers."""


def test_the_conclusion_waits_while_a_member_may_not_judge(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    joins_the_unit(FIRST)
    for outcome in (Outcome.APPROVED, Outcome.REFUSED, Outcome.RETURNED):
        with pytest.raises(StageClosed) as refused:
            story.concludes(outcome)
        said = refused.value.sentence()
        assert f"应当回避：任职于申报单位，或离职未满规定年限（{UNIT}）。" in said
        assert "认定无须回避的，说明理由" in said
        assert "作废" in said
    rules(story, FIRST, upheld=False, kind="employer", grounds=UNIT, reason="仅为兼职授课，经核实不影响公正")
    assert story.concludes() == "Awaiting site inspection"


def test_upheld_the_seat_is_void_and_the_result_another(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    joins_the_unit(FIRST)
    with pytest.raises(StageClosed):
        story.concludes()
    rules(story, FIRST, kind="employer", grounds=UNIT, substitute=identity(THIRD))
    assert (inbox(CHAIR), inbox(THIRD)) == ([], ["review"])
    story.reviews(THIRD, 84)
    assert story.concludes() == "Awaiting site inspection"
    with reading() as session:
        assert sorted((one.score, bool(one.voided_at)) for one in session.exec(select(Review))) == [
            (84, False),
            (85, True),
            (88, False),
            (90, False),
        ]


def test_a_chair_who_came_after_the_reviews_is_checked_as_well(opened_at: Opened) -> None:
    story = opened_at("conclusion")
    joins_the_unit(CHAIR)
    with pytest.raises(StageClosed, match="应当回避"):
        story.concludes()


@pytest.fixture
def visited(opened_at: Opened) -> Story:
    """A visit whose leader is away; whoever stands in has the name of one of the applicant's teachers."""
    story = opened_at("site inspection")
    joins(DEPUTY, FACULTY, Role.INSPECTOR, PROVINCE)
    stands_in(DEPUTY, LEADER)
    return story


def test_who_stands_in_for_an_inspector_is_held_to_the_same_rules(visited: Story) -> None:
    assert visited.case_id
    refusal = f"列入申报单位的师资名单（{FACULTY}）"
    with pytest.raises(StageClosed) as refused:
        inspects(visited)
    assert refusal in refused.value.sentence()
    with pytest.raises(StageClosed, match="师资名单"), transaction() as session:
        add_photo(session, duty(visited), "", ("照片.jpg", a_photo()), by=cast.person(DEPUTY, session))
    with pytest.raises(StageClosed, match="师资名单"):
        offers(visited.case_id, in_days(3, 4), by=DEPUTY)
    with reading() as session:
        assert not session.exec(select(Conflict)).all()


def test_ruled_out_by_the_office_with_a_reason_the_visit_goes_on(visited: Story) -> None:
    rules(visited, DEPUTY, upheld=False, kind="faculty", grounds=FACULTY, reason="同名同姓，经核实不是同一人")
    assert visited.case_id
    offers(visited.case_id, in_days(3, 4), by=DEPUTY)
    inspects(visited)
    assert visited.turn() == "Awaiting certification"


def test_the_leader_goes_all_the_same(visited: Story) -> None:
    inspects(visited, LEADER)
    assert visited.turn() == "Awaiting certification"


def test_an_inspector_in_conflict_is_replaced_by_one_who_is_not(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    for email, name in ((DEPUTY, FACULTY), ("kaocha8@example.com", "无关示例")):
        joins(email, name, Role.INSPECTOR, PROVINCE)
    with pytest.raises(Invalid) as refused, transaction() as session:
        replace_member(session, duty(story), identity(DEPUTY), by=cast.person(cast.OFFICE, session))
    assert f"{FACULTY}应当回避" in refused.value.faults[0].message
    rules(story, LEADER, substitute=identity("kaocha8@example.com"))
    assert (inbox(LEADER), inbox("kaocha8@example.com")) == ([], ["inspect"])


def test_who_may_not_judge_signs_on_no_paper(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    rules(story, cast.INSPECTORS[1])
    with pytest.raises(Invalid) as refused:
        story.inspect()
    assert [fault.field for fault in refused.value.faults] == ["on_paper"]
    assert "马考察示例应当回避：继教办查明应当回避" in refused.value.faults[0].message


def test_a_deputys_signature_counts_for_the_seat(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    story.under(visit_signatures=1)
    joins(DEPUTY, "周考察示例", Role.INSPECTOR, PROVINCE)
    stands_in(DEPUTY, LEADER)
    inspects(story)
    assert story.turn() == "Awaiting certification"


def joins_the_unit(email: str) -> None:
    """Somebody is employed by the applicant by now."""
    with transaction() as session:
        profile = a_profile(employers=[Employer(UNIT, "", date(2026, 9, 1))])
        save_profile(session, identity(email), profile, by=cast.person(cast.OFFICE, session))


def inspects(story: Story, email: str = DEPUTY) -> None:
    with transaction() as session:
        assert session.exec(select(Case)).one()
        inspect(session, duty(story), a_visit(), conclusion(Outcome.APPROVED), by=cast.person(email, session))


def duty(story: Story) -> UUID:
    return story.duty(Duty.INSPECT, LEADER).id
