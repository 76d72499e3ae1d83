"""How far many people have come: a live bar where somebody watches, plain lines where the output is kept."""

import time
from collections.abc import Callable
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from core.i18n import gettext, marked

EVERY = 10
"""After how many acts there is another line."""

BEGUN = marked("{stage}：共 {all} 项")
SO_FAR = marked("  {stage} {n}/{all}")
WAITING = marked("  {stage}：等待流程分派 {n}/{all}")
FINISHED = marked("  {stage} {n}/{all}，用时 {seconds} 秒")


class Progress(Protocol):
    """What is told of a stage while it goes on."""

    def begin(self, stage: str, acts: int) -> None:
        """Begin a stage of so many acts."""

    def advance(self, acts: int) -> None:
        """Count acts of the stage."""

    def wait(self, given: int, of: int) -> None:
        """Say for how many cases the flows have come to what is to be done next."""

    def close(self) -> None:
        """Stop telling."""


class Bars:
    """A bar a stage, drawn again and again in the same place."""

    def __init__(self, console: Console) -> None:
        """Show the bars."""
        columns = (TextColumn("{task.description:　<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = RichProgress(*columns, console=console)
        self._bars.start()
        self._stage: TaskID | None = None
        self._title = ""

    def begin(self, stage: str, acts: int) -> None:
        """Begin a bar."""
        self._stage, self._title = self._bars.add_task(stage, total=acts), stage

    def advance(self, acts: int) -> None:
        """Make the bar longer."""
        if self._stage is not None:
            self._bars.update(self._stage, advance=acts, description=self._title)

    def wait(self, given: int, of: int) -> None:
        """Say beside the bar what is waited for."""
        if self._stage is not None and given < of:
            said = gettext(WAITING, stage=self._title, n=given, all=of)
            self._bars.update(self._stage, description=said.strip())

    def close(self) -> None:
        """Leave the bars as they are."""
        self._bars.stop()


class Lines:
    """A line when a stage begins, after every ten acts, and when it is finished."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Take where the lines go."""
        self._say = say
        self._stage, self._all, self._done, self._since = "", 0, 0, 0.0
        self._given = 0

    def begin(self, stage: str, acts: int) -> None:
        """Say what begins and how much it is."""
        self._stage, self._all, self._done, self._since = stage, acts, 0, time.monotonic()
        self._given = 0
        self._say(gettext(BEGUN, stage=stage, all=acts))

    def advance(self, acts: int) -> None:
        """Say how far it is where ten more are done, and how long all of it took."""
        before, self._done = self._done, self._done + acts
        told = {"stage": self._stage, "n": self._done, "all": self._all}
        if self._done >= self._all > before:
            self._say(gettext(FINISHED, seconds=round(time.monotonic() - self._since), **told))
        elif self._done // EVERY > before // EVERY:
            self._say(gettext(SO_FAR, **told))

    def wait(self, given: int, of: int) -> None:
        """Say how many more wait for what is to be done next, where ten more do."""
        if self._given // EVERY < given // EVERY and given < of:
            self._say(gettext(WAITING, stage=self._stage, n=given, all=of))
        self._given = given

    def close(self) -> None:
        """Nothing is left to say."""


def progress(say: Callable[[str], None], console: Console | None = None) -> Progress:
    """Return bars on a terminal; lines in a file or a pipe."""
    screen = console or Console(highlight=False)
    return Bars(screen) if screen.is_terminal else Lines(say)
