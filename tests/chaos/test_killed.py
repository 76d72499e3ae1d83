"""kill -9 at every point of a run, of a letter, and between a fact and its bell: afterwards all is as if nothing was.

All cases share one engine. Each is brought to the act that makes a run come to its point, a worker that dies there is
started, and when it is dead the next. Then a sound worker comes, and nobody does anything but wait.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from core.db import transaction
from flows import gateway
from notifications.delivery import settle_abandoned
from regulation.outcomes import Outcome
from regulation.roles import Duty
from terminal import machine
from tests import cast
from tests.chaos import checking
from tests.chaos.points import LETTER, POINTS, Point
from tests.factories import another_institution
from tests.machinery import Engine, until
from tests.stories.telling import Story, an_application
from tests.unit.api.program import as_person

pytestmark = [pytest.mark.engine, pytest.mark.chaos, pytest.mark.timeout(1500)]

Act = Callable[[Story], object]


def a_story() -> Story:
    with transaction() as session:
        applicant = another_institution(session)
        return Story(an_application(session, applicant), applicant=applicant)


def up_to(story: Story, duty: Duty) -> None:
    """Let everybody do what comes before a duty; these runs are taken here, without the engine."""
    story.submits()
    while story.open_duty() != duty:
        story.says_yes()


def last_review(story: Story) -> None:
    story.reviews(cast.EXPERTS[-1], 88)


def all_but_one_review(story: Story) -> None:
    up_to(story, Duty.REVIEW)
    for email in (cast.CHAIR, *cast.EXPERTS[:-1]):
        story.reviews(email, 90)


SITUATIONS: dict[str, tuple[Act, Act]] = {
    "open_round": (lambda _: None, lambda story: story.submits()),
    "close_round": (lambda story: up_to(story, Duty.RECOMMEND), lambda story: story.recommends()),
    "call_the_chair": (all_but_one_review, last_review),
    "issue_certificate": (lambda story: up_to(story, Duty.CERTIFY), lambda story: story.certifies()),
    "publish": (lambda story: up_to(story, Duty.CERTIFY), lambda story: story.certifies()),
}
"""Of each step: what happens before, and the act that makes the next run take it."""
ORDINARY = SITUATIONS["close_round"]


@contextmanager
def nobody_working(engine: Engine) -> Iterator[None]:
    """Have no sound worker for the length of a block."""
    engine.kill_worker()
    try:
        yield
    finally:
        engine.start_worker()


def test_a_worker_killed_at_every_point(engine: Engine) -> None:
    stories = {point: a_story() for point in POINTS}
    for point, story in stories.items():
        SITUATIONS.get(point.of, ORDINARY)[0](story)
    with nobody_working(engine):
        for number, (point, story) in enumerate(stories.items()):
            with story.engine_away():
                SITUATIONS.get(point.of, ORDINARY)[1](story)
            assert story.case_id
            gateway.ring(story.case_id)
            assert dies_at(engine, point, number) == "SIGKILL", f"nobody came to {point}"
    cases = [story.case_id for story in stories.values() if story.case_id]
    until(lambda: not checking.unanswered(cases), seconds=300)
    unknown = settle_abandoned(timedelta(seconds=20))
    assert len([point for point in POINTS if point.of == LETTER]) <= unknown <= len(POINTS)
    for story in stories.values():
        story.goes_on_to_publication()
    until(lambda: not checking.still_due(cases), seconds=120)
    assert checking.faults(cases) == []


def dies_at(engine: Engine, point: Point, number: int) -> str:
    """Start a worker that dies at a point; return how it has ended."""
    name = f"faulty-{number}"
    sound = machine.worker()
    command = [sys.executable, "-m", "tests.chaos.faulty", "worker", str(point), name]
    dying = engine.supervisor.launch(replace(sound, log=name, command=command, env=machine.worker_environment()))
    until(lambda: bool(dying.died), seconds=90)
    return dying.died


def test_a_website_killed_between_a_decision_and_its_bell(engine: Engine) -> None:
    story = a_story()
    up_to(story, Duty.RECOMMEND)
    duty = story.duty(Duty.RECOMMEND).id
    token = as_person(cast.RECOMMENDER).headers
    sound = machine.web()
    dying = engine.supervisor.launch(replace(sound, command=[sys.executable, "-m", "tests.chaos.faulty", "web"]))
    engine.supervisor.wait(dying)
    try:
        given = {"outcome": Outcome.APPROVED, "reasons": "符合规定条件。"}
        httpx.post(f"{sound.address}/api/v1/assignments/{duty}/decision", json=given, headers=token)
    except httpx.TransportError:
        pass  # the answer may have died with the process: the person would look, and see that it was recorded
    until(lambda: bool(dying.died))
    assert dying.died == "SIGKILL"
    assert story.case_id
    assert checking.unanswered([story.case_id]) == 1
    until(lambda: not checking.unanswered([story.case_id]), seconds=120)
    assert story.open_duty() == Duty.ASSEMBLE_PANEL
    story.goes_on_to_publication()
    assert checking.faults([story.case_id]) == []
