"""Art. 4(4), 每年培训不少于500名: nobody passes an institution that trains fewer, whatever the reason."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from casework.inspections import inspect
from casework.visits.lines import SeenLine
from core.db import transaction
from core.errors import Invalid
from models.application import Application, Submission
from models.case import Case
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.stories.telling import Story, conclusion
from tests.stories.visiting import LEADER, a_visit

Opened = Callable[[str], Story]
RULE = "《暂行办法》第四条第（四）项规定每年培训不少于 500 名专业技术人才"


def test_a_year_with_fewer_is_not_filed(story: Story) -> None:
    with transaction() as session:
        application = session.get_one(Application, story.application_id)
        application.content = with_a_poor_year(application.content)
    with pytest.raises(Invalid) as refused:
        story.submits()
    assert "training_years.0.specialists" in [fault.field for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("page", "act"),
    [
        ("local review", lambda story: story.recommends()),
        ("expert review", lambda story: story.reviews(cast.EXPERTS[0], 90)),
        ("conclusion", lambda story: story.concludes()),
        ("certification", lambda story: story.certifies()),
    ],
    ids=["recommended", "reviewed", "concluded", "certified"],
)
def test_papers_with_such_a_year_are_not_passed_by_anybody(
    opened_at: Opened, page: str, act: Callable[[Story], str]
) -> None:
    """The papers are frozen and were checked when they were filed: here the call asks for more than they declare."""
    story = opened_at(page)
    story.under(trained_per_year=5000)
    with pytest.raises(Invalid) as refused:
        act(story)
    (fault,) = refused.value.faults
    assert fault.field in {"outcome", "recommendation"}
    assert "申报 2025 年培训专业技术人才" in fault.message
    assert "不足 5000 人" in fault.message
    assert "第四条第（四）项" in fault.message


def test_an_unfavourable_conclusion_is_always_to_be_had(opened_at: Opened) -> None:
    story = opened_at("expert review")
    story.under(trained_per_year=5000)
    story.review((60, 55, 58))
    assert story.concludes(Outcome.REFUSED) == "Refused"


@pytest.mark.parametrize("reason", ["", "培训规模正在扩大，情况特殊。"])
def test_a_visit_that_finds_fewer_is_not_passed_whatever_the_reason(opened_at: Opened, reason: str) -> None:
    story = opened_at("site inspection")
    with pytest.raises(Invalid) as refused:
        inspects(story, Outcome.APPROVED, reason)
    (fault,) = refused.value.faults
    assert fault.field == "outcome"
    assert "实地考察查明" in fault.message
    assert "年培训专业技术人才 480 人" in fault.message
    assert RULE in fault.message
    inspects(story, Outcome.REFUSED, "培训人数不足。")
    assert story.turn() == "Refused"


def test_five_hundred_are_enough(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    inspects(story, Outcome.APPROVED, "符合。", found="500")
    assert story.turn() == "Awaiting certification"


def test_what_an_earlier_visit_let_pass_is_not_certified(opened_at: Opened) -> None:
    """A visit that was recorded before this rule was kept; the department cannot pass over it."""
    story = opened_at("site inspection")
    story.under(trained_per_year=400)
    inspects(story, Outcome.APPROVED, "符合。")
    story.turn()
    story.under(trained_per_year=500)
    with pytest.raises(Invalid) as refused:
        story.certifies()
    assert "实地考察查明" in refused.value.faults[0].message
    assert story.certifies(Outcome.REFUSED) == "Refused"


def with_a_poor_year(content: dict[str, Any]) -> dict[str, Any]:
    first, *others = content["training_years"]
    return {**content, "training_years": [{**first, "specialists": 499}, *others]}


def inspects(story: Story, outcome: Outcome, reason: str, found: str = "480") -> None:
    """The team finds other numbers of the first year than were declared."""
    with transaction() as session:
        case = session.get_one(Case, story.case_id)
        filed = session.exec(select(Submission).where(Submission.application_id == case.application_id)).one()
        year = filed.content["training_years"][0]["year"]
        line = SeenLine(f"specialists_{year}", found, matches=False, note="名册核对所得。")
        given = conclusion(outcome)
        given = type(given)(outcome, reason or given.reasons * (outcome is not Outcome.APPROVED), given.corrections)
        duty = story.duty(Duty.INSPECT, LEADER).id
        inspect(session, duty, a_visit(line), given, by=cast.person(LEADER, session))
