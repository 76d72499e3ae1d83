"""Who may sit on a panel or go on a visit: every fault is told, and nobody is named until there is none."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from core.clock import now
from core.db import reading, transaction
from core.errors import Invalid
from models.case import Assignment
from models.person import User
from regulation.roles import Duty
from tests import cast
from tests.stories.record import inbox
from tests.stories.telling import Story

Opened = Callable[[str], Story]
CHAIR, (FIRST, SECOND), THIRD = cast.CHAIR, cast.EXPERTS, cast.OTHER_EXPERT
INSPECTOR, OTHER_INSPECTOR = cast.INSPECTORS


def test_a_panel_that_may_not_sit(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    for members, chair, wrong in (
        ([CHAIR, FIRST], CHAIR, {"members"}),
        ([CHAIR, FIRST, SECOND, THIRD], CHAIR, {"members"}),
        ([CHAIR, FIRST, FIRST], CHAIR, {"members"}),
        ([CHAIR, FIRST, INSPECTOR], CHAIR, {"members"}),
        ([CHAIR, FIRST, cast.APPLICANT], CHAIR, {"members"}),
        ([FIRST, SECOND, THIRD], CHAIR, {"leader"}),
        ([CHAIR, FIRST, SECOND], FIRST, {"leader"}),
        ([FIRST, INSPECTOR], SECOND, {"members", "leader"}),
    ):
        assert fields(story, Duty.ASSEMBLE_PANEL, members, chair) == wrong
    assert inbox(cast.OFFICE) == ["assemble-panel"]
    assert inbox(FIRST) == []


def test_a_team_that_may_not_go(opened_at: Opened) -> None:
    story = opened_at("team to be named")
    for members, leader, wrong in (
        ([INSPECTOR], INSPECTOR, {"members"}),
        ([INSPECTOR, INSPECTOR], INSPECTOR, {"members"}),
        ([INSPECTOR, FIRST], INSPECTOR, {"members"}),
        ([INSPECTOR, OTHER_INSPECTOR], FIRST, {"leader"}),
    ):
        assert fields(story, Duty.ASSEMBLE_TEAM, members, leader) == wrong
    assert inbox(INSPECTOR) == []


def test_an_expert_whose_account_is_closed_cannot_be_named(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    with transaction() as session:
        session.exec(select(User).where(User.email == FIRST)).one().closed_at = now()
    assert fields(story, Duty.ASSEMBLE_PANEL, [CHAIR, FIRST, SECOND], CHAIR) == {"members"}


def test_the_leader_is_marked(opened_at: Opened) -> None:
    story = opened_at("expert review")
    with reading() as session:
        panel = session.exec(select(User.email, Assignment.leads).join(Assignment, Assignment.user_id == User.id)).all()
    assert dict(panel) == {CHAIR: True, FIRST: False, SECOND: False}
    assert story.review() == "Awaiting expert review"


def fields(story: Story, *naming: Any) -> set[str]:
    """Try to name somebody, and return the fields that were found wrong."""
    with pytest.raises(Invalid) as refused:
        story.assembles(*naming)
    return {fault.field for fault in refused.value.faults}
