"""Many people of the demonstration at once: who they are, what they have to do, and how far all of them have come."""

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from core.i18n import gettext
from core.settings import settings
from regulation.roles import Duty
from terminal.actors import Actor, awaited
from terminal.progress import Progress

LISTS = ("inbox", "queue")
PATIENCE_SECONDS = 600
"""How long the flows of the whole batch may take for one stage."""


@dataclass
class Crowd:
    """Everybody who acts, signed in when they first do, and what is told of how far they have come."""

    progress: Progress
    people: ExitStack = field(default_factory=ExitStack)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Come together."""
        self.people.callback(self.progress.close)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let everybody go."""
        self.people.close()

    def begin(self, title: str, acts: int) -> None:
        """Begin a stage of so many acts."""
        self.progress.begin(gettext(title), acts)

    def done(self, acts: int = 1) -> None:
        """Count acts of the stage."""
        self.progress.advance(acts)

    def actor(self, email: str) -> Actor:
        """Return a person."""
        if email not in self.actors:
            self.actors[email] = self.people.enter_context(Actor(settings().public_url, email))
        return self.actors[email]

    def duties(self, email: str, duty: Duty, cases: Collection[str]) -> dict[str, dict[str, Any]]:
        """Wait until somebody has a duty in every one of these cases; return them by the case's reference."""

        def given() -> dict[str, dict[str, Any]] | None:
            listed = [one for where in LISTS for one in self.actor(email).items("/assignments", list=where)]
            found = {one["case"]: one for one in listed if one["duty"]["key"] == duty}
            self.progress.wait(len(set(cases) & set(found)), len(cases))
            return found if set(cases) <= set(found) else None

        return awaited(given, duty=duty.title, patience=PATIENCE_SECONDS, pause=0.5)

    def act(self, email: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        """Record what somebody does, and count it."""
        answer = self.actor(email).post(path, body)
        self.done()
        return answer
