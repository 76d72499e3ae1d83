"""kill -9 of the website at every point of somebody's decision: it counts once, whether it was answered or not."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import func, select

from core.db import reading
from core.embedded.children import Child
from core.embedded.ports import free_port
from models.case import Assignment
from models.engine import Bell
from models.judgement import Decision
from regulation.outcomes import Outcome
from regulation.roles import Duty
from terminal import machine
from tests import cast
from tests.chaos import checking
from tests.chaos.points import COMMITTED, WEBSITES, WRITTEN, Point
from tests.chaos.sink import Sink
from tests.chaos.test_killed import a_story, up_to
from tests.conftest import environment
from tests.machinery import Engine, until
from tests.stories.telling import Story
from tests.unit.api.program import as_person

pytestmark = [pytest.mark.engine, pytest.mark.chaos, pytest.mark.timeout(600)]


@dataclass
class Recommender:
    """Somebody who decides, and does it again when no answer comes: the same request, by its key."""

    duty: UUID
    headers: dict[str, str] = field(default_factory=lambda: as_person(cast.RECOMMENDER).headers)
    key: str = field(default_factory=lambda: str(uuid4()))

    def decides(self, website: str, key: str = "") -> httpx.Response:
        """Send the decision."""
        headers = self.headers | {"Idempotency-Key": key or self.key}
        given = {"outcome": Outcome.APPROVED, "reasons": "符合规定条件。"}
        return httpx.post(f"{website}/api/v1/assignments/{self.duty}/decision", json=given, headers=headers)


@contextmanager
def dying_website(engine: Engine, point: Point) -> Iterator[Child]:
    """Have another website, which will die at a point; it has died when the block has ended."""
    with environment(JIDI_WEB_PORT=str(free_port())):
        sound = machine.web()
    command = [sys.executable, "-m", "tests.chaos.faulty", "web", str(point)]
    port = sound.address.rpartition(":")[2]
    dying = engine.supervisor.launch(replace(sound, command=command, env={**sound.env, "JIDI_WEB_PORT": port}))
    engine.supervisor.wait(dying)
    yield dying
    until(lambda: bool(dying.died))
    assert dying.died == "SIGKILL"


def recorded(story: Story) -> dict[str, int]:
    """Count what a recommendation leaves behind."""
    with reading() as session:

        def count(table, *where) -> int:
            return session.exec(select(func.count()).select_from(table).where(*where)).one()

        return {
            "decisions": count(Decision, Decision.case_id == story.case_id),
            "bells": count(Bell, Bell.case_id == story.case_id),
            "done": count(Assignment, Assignment.case_id == story.case_id, Assignment.done_at.is_not(None)),
        }


@pytest.mark.parametrize("point", WEBSITES, ids=str)
def test_the_website_is_killed(engine: Engine, post_office: Sink, website: str, point: Point) -> None:
    story = a_story()
    up_to(story, Duty.RECOMMEND)
    before = recorded(story)
    recommender = Recommender(story.duty(Duty.RECOMMEND).id)
    answered = False
    with dying_website(engine, point) as dying, suppress(httpx.TransportError):
        answered = recommender.decides(dying.service.address).status_code == httpx.codes.CREATED
    if point.place in {WRITTEN, COMMITTED}:
        assert not answered
    lost = point.place == WRITTEN
    assert (recorded(story) == before) == lost, "all of it, or nothing"

    again = recommender.decides(website)
    assert again.status_code == httpx.codes.CREATED
    assert ("Idempotent-Replayed" in again.headers) == (not lost), "it counts once"
    late = recommender.decides(website, key="in-other-words")
    assert late.status_code == httpx.codes.CONFLICT
    assert story.case_id
    until(lambda: not checking.unanswered([story.case_id]), seconds=150)
    assert story.open_duty() == Duty.ASSEMBLE_PANEL
    assert recorded(story) == {name: number + 1 for name, number in before.items()}
    story.goes_on_to_publication()
    until(lambda: checking.all_gone([story.case_id]), seconds=120)
    assert checking.faults([story.case_id], post_office, unknown=[]) == []
