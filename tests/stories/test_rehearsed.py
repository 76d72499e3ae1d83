"""What a run would do is foretold without doing it, and the run does just that."""

from collections.abc import Callable

import pytest
from sqlmodel import col, select

import tasks.accreditation
import tasks.rounds
from casework.foresight import Plan
from core.db import reading
from flows.rehearsal import LEAVES, plans_of
from models.engine import RunStep
from regulation.outcomes import Outcome
from tasks.step import Step
from tests.stories.record import snapshot
from tests.stories.telling import Story

Opened = Callable[[str], Story]
STAGES = ("local review", "expert review", "site inspection", "certification")
OUTCOMES = (Outcome.APPROVED, Outcome.RETURNED, Outcome.REFUSED)


def plan_of(story: Story) -> Plan:
    assert story.case_id
    return plans_of([story.case_id])[story.case_id]


def steps_taken() -> list[str]:
    with reading() as session:
        return list(session.exec(select(RunStep.did).order_by(col(RunStep.at), col(RunStep.number))))


def test_every_step_of_the_procedure_says_what_it_leaves() -> None:
    steps = {
        one.name for room in (tasks.accreditation, tasks.rounds) for one in vars(room).values() if type(one) is Step
    }
    assert steps == set(LEAVES)


@pytest.mark.parametrize(
    ("page", "outcome"),
    [(page, outcome) for page in STAGES for outcome in OUTCOMES if (page, outcome) != (STAGES[-1], Outcome.RETURNED)],
)
def test_the_run_after_a_decision_does_what_was_foretold(opened_at: Opened, page: str, outcome: Outcome) -> None:
    story = opened_at(page)
    with story.engine_away():
        {
            "local review": story.recommends,
            "expert review": lambda _: story.review(),
            "site inspection": story.inspect,
            "certification": story.certifies,
        }[page](outcome)
    before, record = steps_taken(), snapshot()
    plan = plan_of(story)
    assert plan.steps
    assert snapshot() == record, "rehearsing wrote something"
    assert story.turn() == plan.leads_to
    did = steps_taken()[len(before) :]
    assert len(did) == len(plan.steps)
    assert all(foreseen.is_what(one) for foreseen, one in zip(plan.steps, did, strict=True))
    assert not plan.open_end
    assert plan_of(story).steps == (), "nothing is left to do"


def test_a_rehearsal_begins_no_run_and_sends_nothing(opened_at: Opened) -> None:
    story = opened_at("certification")
    with story.engine_away():
        story.certifies()
    plan = plan_of(story)
    assert [one.did for one in plan.steps] == ["closed certification round 1: approved", "issued", "published"]
    assert plan.leads_to == "Certified"
    assert story.turn() == "Certified"
