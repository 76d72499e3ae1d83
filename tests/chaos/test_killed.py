"""kill -9 of the worker at every point of a run and of a letter: afterwards all is as if nothing was.

All cases share one engine. Each is brought to the act that makes a run come to its point, a worker that dies there is
started, and when it is dead the next. Then a sound worker comes, and nobody does anything but wait.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import pytest

from core.db import reading, transaction
from flows import gateway
from models.message import Message, MessageState
from notifications.delivery import settle_abandoned
from regulation.roles import Duty
from terminal import machine
from tests import cast
from tests.chaos import checking
from tests.chaos.points import LETTERS, POINTS, Point
from tests.chaos.sink import Sink
from tests.factories import another_institution
from tests.machinery import Engine, until
from tests.stories.telling import Story, an_application

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


@dataclass
class Killed:
    """What was done to all the cases: the story of each point, and the letters that somebody had in hand as he died."""

    stories: dict[Point, Story]
    held: dict[Point, set[UUID]] = field(default_factory=dict)

    @property
    def doubtful(self) -> set[UUID]:
        """Every letter of which nobody can know whether it arrived."""
        return set().union(*self.held.values())


@pytest.fixture(scope="module")
def killed(engine: Engine, post_office: Sink) -> Killed:
    """Have a worker die at every point, and then only wait, and let people say what they have still to say."""
    del post_office
    killed = Killed({point: a_story() for point in POINTS})
    for point, story in killed.stories.items():
        SITUATIONS.get(point.of, ORDINARY)[0](story)
    with nobody_working(engine):
        for number, (point, story) in enumerate(killed.stories.items()):
            with story.engine_away():
                SITUATIONS.get(point.of, ORDINARY)[1](story)
            assert story.case_id
            gateway.ring(story.case_id)
            assert dies_at(engine, point, number) == "SIGKILL", f"nobody came to {point}"
            killed.held[point] = checking.in_hand()
            settle_abandoned(timedelta(0))
    cases = [story.case_id for story in killed.stories.values() if story.case_id]
    until(lambda: not checking.unanswered(cases), seconds=300)
    for story in killed.stories.values():
        story.goes_on_to_publication()
    until(lambda: checking.all_gone(cases), seconds=120)
    return killed


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_a_worker_is_killed(killed: Killed, post_office: Sink, point: Point) -> None:
    case_id = killed.stories[point].case_id
    assert case_id
    assert checking.faults([case_id], post_office, killed.doubtful) == []


@pytest.mark.parametrize("point", LETTERS, ids=str)
def test_the_letter_in_hand_is_the_doubtful_one(killed: Killed, post_office: Sink, point: Point) -> None:
    """A worker sends what a run has posted and keeps house at the same time: it may have two in hand."""
    with reading() as session:
        held = [session.get_one(Message, letter) for letter in killed.held[point]]
    assert {letter.state for letter in held} == {MessageState.UNKNOWN}
    arrived = {post_office.counted()[letter.message_id, letter.address] for letter in held}
    assert {0 if point.place == "before" else 1} <= arrived <= {0, 1}


def test_all_of_them_together(killed: Killed, post_office: Sink) -> None:
    cases = [story.case_id for story in killed.stories.values() if story.case_id]
    assert len(cases) == len(POINTS)
    assert checking.faults(cases, post_office, killed.doubtful) == []


def dies_at(engine: Engine, point: Point, number: int) -> str:
    """Start a worker that dies at a point; return how it has ended."""
    name = f"faulty-{number}"
    sound = machine.worker()
    command = [sys.executable, "-m", "tests.chaos.faulty", "worker", str(point), name]
    dying = engine.supervisor.launch(replace(sound, log=name, command=command, env=machine.worker_environment()))
    until(lambda: bool(dying.died), seconds=90)
    return dying.died
