"""The stages a call may do without: the office's acceptance, and publicity before the certificate."""

from datetime import datetime

from time_machine import Traveller

from core.clock import HUBEI
from regulation.outcomes import Outcome
from tests.stories.record import the_case
from tests.stories.telling import Story

FULL = {"acceptance_days": 5, "publicity_days": 5}


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=HUBEI)


def to_publicity(story: Story) -> None:
    story.under(**FULL)
    story.submits()
    while story.open_duty() != "publicise":
        story.says_yes()


def test_all_eight_stages(story: Story, clock: Traveller) -> None:
    story.under(**FULL)
    assert story.submits() == "Awaiting local review"
    assert story.recommends() == "Awaiting acceptance"
    assert story.accepts() == "Awaiting expert review"
    story.goes_on_to_publication()
    assert story.state == "Awaiting the end of publicity"
    clock.move_to(noon(9, 21))
    assert story.time_passes() == "Certified"


def test_publicity_ends_by_itself_on_the_day_after_its_last(story: Story, clock: Traveller) -> None:
    to_publicity(story)
    clock.move_to(noon(9, 28))
    story.publicises()
    clock.move_to(datetime(2026, 10, 9, 23, 59, tzinfo=HUBEI))
    assert story.time_passes() == "Awaiting the end of publicity"
    clock.move_to(datetime(2026, 10, 10, 0, 1, tzinfo=HUBEI))
    assert story.time_passes() == "Certified"


def test_an_acceptance_asks_once_for_everything(story: Story) -> None:
    story.under(**FULL)
    story.submits()
    story.recommends()
    assert story.accepts(Outcome.RETURNED) == "Awaiting correction"
    assert story.corrects() == "Awaiting acceptance"
    assert story.accepts() == "Awaiting expert review"


def test_not_accepted_is_the_end(story: Story) -> None:
    story.under(**FULL)
    story.submits()
    story.recommends()
    assert story.accepts(Outcome.REFUSED) == "Refused"
    assert the_case().outcome is Outcome.REFUSED


def test_the_visit_may_come_first(story: Story) -> None:
    story.under(visit_first=1)
    story.submits()
    assert story.recommends() == "Awaiting site inspection"
    story.assembles_team()
    assert story.inspect() == "Awaiting expert review"
    assert story.goes_on_to_publication() == "Certified"
