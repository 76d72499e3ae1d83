"""Certification is decided collectively (Art. 15): a meeting with its day and the number of its minutes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from casework.calls import by_code
from casework.collective import Item, decide_together
from casework.decisions import Conclusion, decide
from casework.demonstration import CALL
from casework.meetings import Sitting
from casework.summary import summary_of
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotPermitted
from models.judgement import Decision
from models.publication import Meeting, Resolution
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.stories.objecting import SITTING
from tests.stories.telling import Story, an_application

Opened = Callable[[str], Story]


@pytest.fixture
def story(opened_at: Opened) -> Story:
    """A case that waits for the department, in a call whose policy asks for minutes."""
    story = opened_at("certification")
    story.under(minutes_required=1)
    return story


def weaker() -> Story:
    """Bring a second case to certification, with lower scores."""
    with transaction() as session:
        other = Story(an_application(session, cast.OTHER_APPLICANT), applicant=cast.OTHER_APPLICANT)
    other.submits()
    other.recommends()
    other.assembles_panel()
    other.review((81, 82, 80))
    other.concludes()
    other.assembles_team()
    other.inspect()
    return other


def certifies(story: Story, outcome: Outcome, sitting: Sitting | None, reasons: str = "") -> str:
    with transaction() as session:
        by = cast.person(cast.DECIDER, session)
        decide(session, story.duty(Duty.CERTIFY).id, Conclusion(outcome, reasons, sitting=sitting), by=by)
    return story.turn()


def together(items: list[Item], sitting: Sitting | None = SITTING, by: str = cast.DECIDER) -> list[Decision]:
    with transaction() as session:
        return decide_together(session, by_code(session, CALL), items, sitting, by=cast.person(by, session))


def item(story: Story, outcome: Outcome = Outcome.APPROVED, reasons: str = "") -> Item:
    return Item(story.duty(Duty.CERTIFY).id, outcome, reasons)


def test_without_a_meeting_nothing_is_certified(story: Story) -> None:
    with pytest.raises(Invalid) as refused:
        certifies(story, Outcome.APPROVED, None)
    assert [fault.field for fault in refused.value.faults] == ["meeting"]
    assert certifies(story, Outcome.APPROVED, SITTING) == "Certified"
    with reading() as session:
        meeting, resolution = session.exec(select(Meeting)).one(), session.exec(select(Resolution)).one()
    assert (meeting.minutes_number, meeting.held_on) == ("鄂继教纪要〔2026〕3号", date(2026, 9, 14))
    assert (resolution.rank, resolution.deviates) == (1, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": date(2026, 9, 15)}, "meeting.held_on"),
        ({"held_on": None}, "meeting.held_on"),
        ({"minutes_number": " "}, "meeting.minutes_number"),
        ({"minutes_number": "号" * 61}, "meeting.minutes_number"),
        ({"title": ""}, "meeting.title"),
        ({"kind": "coffee"}, "meeting.kind"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_meeting_has_its_day_and_its_minutes(story: Story, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        certifies(story, Outcome.APPROVED, replace(SITTING, **changes))  # type: ignore[arg-type]
    assert [fault.field for fault in refused.value.faults] == [field]


def test_one_list_decides_several_cases(story: Story) -> None:
    other = weaker()
    made = together([item(story), item(other, Outcome.REFUSED, "实训场所尚未建成。")])
    assert {decision.outcome for decision in made} == {Outcome.APPROVED, Outcome.REFUSED}
    assert other.turn() == "Refused"
    assert story.turn() == "Certified"
    with reading() as session:
        assert len(session.exec(select(Meeting)).all()) == 1
        assert sorted(one.deviates for one in session.exec(select(Resolution))) == [False, True]


def test_whoever_overtakes_the_ranking_says_why(story: Story) -> None:
    other = weaker()
    with reading() as session:
        ranks = [
            (one.rank, one.unit) for one in summary_of(session, by_code(session, CALL), by=cast.person(cast.OFFICE))
        ]
    assert ranks == [(1, "江汉示例职业技术学院"), (2, "楚天示例工程研究院")]
    refused = item(story, Outcome.REFUSED, "本年度该领域已有基地。")
    with pytest.raises(Invalid) as objected:
        together([refused, item(other)])
    (fault,) = objected.value.faults
    assert fault.field == "items.1.reasons"
    assert "评审排名在前" in fault.message
    with reading() as session:
        assert session.exec(select(Meeting)).all() == [], "all of it or nothing"
    together([refused, item(other, reasons="该领域布局空白，优化布局需要。")])
    assert story.turn() == "Refused"
    assert other.turn() == "Certified"
    story.turn()


def test_one_case_at_a_time_the_ranking_is_looked_at_as_well(story: Story) -> None:
    other = weaker()
    certifies(story, Outcome.REFUSED, SITTING, "本年度该领域已有基地。")
    with pytest.raises(Invalid, match="更正"):
        certifies(other, Outcome.APPROVED, SITTING)
    assert certifies(other, Outcome.APPROVED, SITTING, "优化布局需要。") == "Certified"
    story.turn()


def test_minutes_have_one_day(story: Story) -> None:
    other = weaker()
    certifies(story, Outcome.APPROVED, SITTING)
    with pytest.raises(Invalid) as refused:
        certifies(other, Outcome.APPROVED, replace(SITTING, held_on=date(2026, 9, 13)))
    assert [fault.field for fault in refused.value.faults] == ["meeting.held_on"]
    story.turn()


def test_a_list_is_taken_whole_or_not_at_all(story: Story) -> None:
    other = weaker()
    with pytest.raises(Invalid) as refused:
        together([item(story), item(other, Outcome.REFUSED)])
    assert [fault.field for fault in refused.value.faults] == ["items.1.reasons"]
    with pytest.raises(Invalid, match="更正"):
        together([])
    with pytest.raises(Invalid, match="更正"):
        together([item(story), item(story)])
    with pytest.raises(Invalid, match="更正"):
        together([item(story)], None)
    with pytest.raises(Invalid, match="更正"):
        together([Item(other.duty(Duty.RECOMMEND).id, Outcome.APPROVED)])
    with pytest.raises(NotPermitted):
        together([item(story)], by=cast.OFFICE)
    lines = [item(story), item(other)]
    certifies(story, Outcome.APPROVED, SITTING)
    with pytest.raises(Conflict, match=r"JD-2026-0001：.*全部结论均未记录"):
        together(lines)
    assert other.open_duty() == "certify"
    story.turn()


def test_without_the_parameter_it_is_as_before(opened_at: Opened) -> None:
    story = opened_at("certification")
    assert certifies(story, Outcome.APPROVED, None) == "Certified"
    with reading() as session:
        assert session.exec(select(Meeting)).all() == []
