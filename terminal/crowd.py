"""Many people of the demonstration at once: who they are, what they have to do, and how far all of them have come."""

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from core.i18n import gettext
from core.settings import settings
from regulation.roles import Duty
from terminal.actors import Actor, awaited

LISTS = ("inbox", "queue")
PATIENCE_SECONDS = 600
"""How long the flows of the whole batch may take for one stage."""


@dataclass
class Crowd:
    """Everybody who acts, signed in when they first do, and the bar that shows what is going on."""

    people: ExitStack = field(default_factory=ExitStack)
    actors: dict[str, Actor] = field(default_factory=dict)
    bar: Progress = field(default_factory=lambda: Progress(*columns(), console=Console(highlight=False)))
    task: TaskID | None = None

    def __enter__(self) -> Self:
        """Show the bar."""
        self.people.enter_context(self.bar)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let everybody go."""
        self.people.close()

    def begin(self, title: str, acts: int) -> None:
        """Begin a stage of so many acts."""
        self.task = self.bar.add_task(gettext(title), total=acts)

    def done(self, acts: int = 1) -> None:
        """Count acts of the stage."""
        if self.task is not None:
            self.bar.advance(self.task, acts)

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
            return found if set(cases) <= set(found) else None

        return awaited(given, duty=duty.title, patience=PATIENCE_SECONDS, pause=0.5)

    def act(self, email: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        """Record what somebody does, and count it."""
        answer = self.actor(email).post(path, body)
        self.done()
        return answer


def columns() -> tuple[TextColumn, BarColumn, MofNCompleteColumn, TimeElapsedColumn]:
    """Return what the bar shows of a stage."""
    return TextColumn("{task.description:　<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
