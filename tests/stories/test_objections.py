"""Publicity and objections: a list ends by itself, an objection in writing holds up its own case and no other."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import select
from time_machine import Traveller

from casework.journal import timeline_of
from casework.objections.filing import MOST_AN_HOUR, Upload
from casework.objections.looking import told_objections
from core.db import reading
from core.errors import Conflict, Invalid, NotAssigned, NotFound, StageClosed, TooManyAttempts
from models.case import Case
from models.publicity import Publicity
from regulation.outcomes import Outcome
from tests import cast
from tests.factories import a_pdf
from tests.stories.objecting import (
    AFTER,
    FIRST,
    LAST,
    PERSON,
    UNIT,
    accepts,
    another,
    concludes,
    dawns,
    letters,
    notes,
    objects,
    on_the_list,
    refuses,
    states,
    the_certificate,
    the_objection,
)
from tests.stories.record import inbox
from tests.stories.telling import Story

Opened = Callable[[str], Story]


@pytest.fixture
def listed(opened_at: Opened, clock: Traveller) -> Story:
    """A case on a list that is public from 28 September to 9 October."""
    return on_the_list(opened_at("certification"), clock)


def test_a_publicity_ends_by_itself_on_the_day_after_its_last(listed: Story, clock: Traveller) -> None:
    with reading() as session:
        publicity = session.exec(select(Publicity)).one()
    assert (publicity.first_on.isoformat(), publicity.last_on.isoformat(), publicity.days) == (FIRST, LAST, 5)
    dawns(clock, LAST, 23)
    assert listed.time_passes() == "Awaiting the end of publicity", "the last day is the public's until midnight"
    assert the_certificate(listed) is None
    dawns(clock, AFTER, 0)
    assert listed.time_passes() == "Certified"
    assert the_certificate(listed) is not None


def test_an_open_objection_holds_up_its_own_case_only(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("certification")
    other = another(clock)
    for one in (story, other):
        on_the_list(one, clock)
    objection = objects(story)
    accepts(objection)
    dawns(clock, AFTER)
    assert story.time_passes() == "Awaiting the end of publicity"
    assert other.turn() == "Certified"
    assert the_certificate(story) is None
    assert inbox(cast.DECIDER) == []
    story.turn()


def test_an_objection_nobody_has_looked_at_yet_holds_its_case_up_as_well(listed: Story, clock: Traveller) -> None:
    objection = objects(listed)
    dawns(clock, AFTER)
    assert listed.time_passes() == "Awaiting the end of publicity"
    refuses(objection)
    assert listed.turn() == "Certified"


def test_upheld_the_department_refuses(listed: Story, clock: Traveller) -> None:
    objection = objects(listed, UNIT)
    accepts(objection)
    states(objection)
    notes(objection)
    concludes(objection, "upheld")
    assert listed.turn() == "Awaiting the end of publicity"
    assert inbox(cast.DECIDER) == [], "others may still object until the last day"
    dawns(clock, AFTER)
    assert listed.time_passes() == "Awaiting the end of publicity"
    assert inbox(cast.DECIDER) == ["reconsider"]
    assert listed.reconsiders(Outcome.REFUSED) == "Refused"
    assert the_certificate(listed) is None
    assert letters("refused") == ["林晓示例"]


@pytest.mark.parametrize("result", ["upheld", "partly"])
def test_upheld_the_department_may_still_certify(listed: Story, clock: Traveller, result: str) -> None:
    objection = objects(listed)
    accepts(objection)
    dawns(clock, AFTER)
    listed.time_passes()
    concludes(objection, result)
    listed.turn()
    assert inbox(cast.DECIDER) == ["reconsider"], "the publicity is over: the department is asked at once"
    assert listed.reconsiders(Outcome.APPROVED) == "Certified"


def test_dismissed_it_frees_its_case_at_once(listed: Story, clock: Traveller) -> None:
    objection = objects(listed)
    accepts(objection)
    dawns(clock, AFTER)
    listed.time_passes()
    concludes(objection, "dismissed")
    assert listed.turn() == "Certified"
    assert letters("objection-answered") == ["异议人", "异议人"], "taken up, and answered in writing"
    assert letters("objection-told") == ["林晓示例", "林晓示例"]


def test_the_last_of_several_objections_decides(listed: Story, clock: Traveller) -> None:
    first, second = objects(listed), objects(listed, UNIT)
    accepts(first)
    accepts(second)
    dawns(clock, AFTER)
    listed.time_passes()
    concludes(first, "upheld")
    assert listed.turn() == "Awaiting the end of publicity"
    assert inbox(cast.DECIDER) == []
    concludes(second, "dismissed")
    listed.turn()
    assert inbox(cast.DECIDER) == ["reconsider"]
    listed.reconsiders()


def test_late_it_is_refused_with_the_period(listed: Story, clock: Traveller) -> None:
    dawns(clock, AFTER)
    with pytest.raises(StageClosed, match=f"公示期为 {FIRST} 至 {LAST}"):
        objects(listed)
    dawns(clock, LAST, 23)
    assert the_objection(objects(listed)).number == "异议〔2026〕0001号"
    listed.turn()


def test_before_the_first_day_it_is_too_early(opened_at: Opened, clock: Traveller) -> None:
    story = on_the_list(opened_at("certification"), clock)
    dawns(clock, "2026-09-27")
    with pytest.raises(StageClosed, match="公示期外"):
        objects(story)


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"name": "匿名"}, "name", "匿名异议不予受理"),
        ({"name": "某某"}, "name", "匿名异议不予受理"),
        ({"name": ""}, "name", "匿名异议不予受理"),
        ({"phone": ""}, "phone", "没有联系方式的异议不予受理"),
        ({"facts": "有问题"}, "facts", "没有具体事实的异议不予受理"),
        ({"grounds": " "}, "grounds", "理由和依据"),
        ({"email": "nowhere"}, "email", "邮箱"),
        ({"kind": "nobody"}, "kind", "请选择"),
        ({"kind": "unit", "contact": "示例联系人"}, "sealed", "加盖单位公章"),
        ({"sealed": Upload("异议书.pdf", a_pdf())}, "sealed", "无须上传"),
        ({"evidence": [Upload("证据.exe", b"MZ")]}, "evidence.1", "JPEG 或 PNG"),
        ({"evidence": [Upload("证据.pdf", b"%PDF-")]}, "evidence.1", "损坏"),
        ({"evidence": [Upload("证据.pdf", a_pdf())] * 6}, "evidence", "最多 5 个"),
    ],
)  # fmt: skip
def test_what_is_anonymous_or_without_facts_is_refused(
    listed: Story, changes: dict[str, object], field: str, rule: str
) -> None:
    with pytest.raises(Invalid) as refused:
        objects(listed, replace(PERSON, **changes))
    assert [(fault.field, rule in fault.message) for fault in refused.value.faults] == [(field, True)]


def test_everything_wrong_is_told_at_once(listed: Story) -> None:
    with pytest.raises(Invalid) as refused:
        objects(listed, replace(UNIT, name="", contact="", phone="", facts="", grounds="", sealed=None))
    assert {fault.field for fault in refused.value.faults} == {
        "name", "contact", "sealed", "phone", "facts", "grounds",
    }  # fmt: skip


def test_a_flood_from_one_address_is_stopped(listed: Story, clock: Traveller) -> None:
    for _ in range(MOST_AN_HOUR):
        objects(listed, address="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        objects(listed, address="192.0.2.1")
    objects(listed, address="192.0.2.2")
    dawns(clock, "2026-09-29")
    objects(listed, address="192.0.2.1")


def test_the_applicant_knows_what_is_said_and_never_who_says_it(listed: Story) -> None:
    objection = objects(listed)
    with reading() as session:
        assert (
            told_objections(session, session.get_one(Case, listed.case_id), by=cast.person(cast.APPLICANT, session))
            == []
        )
    with pytest.raises(NotFound):
        states(objection)
    with pytest.raises(Invalid, match="更正"):
        accepts(objection, "示例举报人反映培训人数不实。")
    accepts(objection)
    states(objection)
    with pytest.raises(Conflict, match="已就该异议作出说明"):
        states(objection)
    for stranger in (cast.RECOMMENDER, cast.OFFICE):
        with pytest.raises(NotAssigned):
            states(objection, by=stranger)
    with reading() as session:
        told = str([entry.detail for entry, _, _ in timeline_of(session, listed.case_id)])  # type: ignore[arg-type]
    assert "示例举报人" not in told
    assert "13800000000" not in told


def test_each_step_is_taken_once_and_by_the_office(listed: Story) -> None:
    objection = objects(listed)
    with pytest.raises(Conflict, match="尚未受理"):
        concludes(objection, "dismissed")
    accepts(objection)
    with pytest.raises(Conflict, match="不能重复办理"):
        refuses(objection)
    with pytest.raises(Invalid) as refused:
        concludes(objection, "perhaps", " ")
    assert [fault.field for fault in refused.value.faults] == ["result", "reasons"]
    concludes(objection, "dismissed")
    with pytest.raises(Conflict, match="已办结"):
        concludes(objection, "upheld")
    with pytest.raises(Conflict, match="已办结"):
        states(objection)


def test_the_office_is_reminded_before_the_day_and_told_once_after(listed: Story, clock: Traveller) -> None:
    objection = objects(listed)
    assert the_objection(objection).due_on.isoformat() == "2026-10-30", "twenty working days around the National Day"
    accepts(objection)
    for day in ("2026-10-27", "2026-10-28", "2026-10-30", "2026-10-31", "2026-11-03"):
        dawns(clock, day)
        listed.time_passes()
    assert letters("objection-due") == ["周敏示例"] * 3, "when it came, before its day, and when that had passed"
