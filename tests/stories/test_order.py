"""The order of the regulation: declared once as data, written once as the procedure, and the same for every call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select
from time_machine import Traveller

from casework.demonstration import POLICY
from core.db import reading
from models.case import StageRound
from regulation.definition import STAGES, stages_under
from tests.stories.book import DRAFT
from tests.stories.telling import Story


@pytest.mark.parametrize("visit_first", [0, 1], ids=["review-first", "visit-first"])
@pytest.mark.parametrize("acceptance", [0, 5], ids=["no-acceptance", "acceptance"])
@pytest.mark.parametrize("publicity", [0, 5], ids=["no-publicity", "publicity"])
def test_a_case_goes_through_the_stages_of_its_call_in_their_order(
    opened_at: Callable[[str], Story], clock: Traveller, visit_first: int, acceptance: int, publicity: int
) -> None:
    rules = {"visit_first": visit_first, "acceptance_days": acceptance, "publicity_days": publicity}
    story = opened_at(DRAFT)
    story.under(**rules)
    story.submits()
    story.goes_on_to_publication()
    if publicity:
        clock.shift(timedelta(days=14))
        story.time_passes()
    assert story.state == "Certified"
    with reading() as session:
        gone = [at.stage for at in session.exec(select(StageRound).order_by(col(StageRound.opened_at)))]
    assert gone == [stage.key for stage in stages_under(replace(POLICY, **rules))]  # type: ignore[arg-type]


def test_publication_is_nobodys_duty() -> None:
    assert STAGES[-1].duty is None
