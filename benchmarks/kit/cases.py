"""Cases that wait for the recommending body, made without the engine so that making them is quick."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from core.db import transaction
from regulation.roles import Duty
from tests.factories import another_institution
from tests.stories.telling import Story, an_application


@dataclass(frozen=True)
class Waiting:
    """A case that waits, and the duty that is open in it."""

    id: UUID
    duty: UUID


def waiting_cases(count: int, say: Callable[[str], None]) -> list[Waiting]:
    """File this many applications, each of an institution of its own; every bell is answered."""
    cases = []
    for number in range(1, count + 1):
        with transaction() as session:
            applicant = another_institution(session)
            story = Story(an_application(session, applicant), applicant=applicant)
        story.submits()
        recommend = story.duty(Duty.RECOMMEND)
        cases.append(Waiting(recommend.case_id, recommend.id))
        if number % 25 == 0:
            say(f"{number} of {count} cases are waiting")
    return cases
