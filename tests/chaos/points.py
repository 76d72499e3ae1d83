"""The fault points, all of them by name: in which process, at which place, and how a process is made to die there.

Nothing in the product knows of them: a process that is to die wraps its own functions before it begins to work.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import casework.runs
import flows.case
import notifications.delivery
import tasks.step
from tasks.step import Step

STEPS = ("open_round", "close_round", "call_the_chair", "issue_certificate", "publish")
PLACES = ("before", "inside", "after")
"""Before a transaction, inside it when its effect is written, and when it is committed but the engine not told."""


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Point:
    """One place to die at; `of` is a step's name, or what else the process does."""

    of: str
    place: str

    def __str__(self) -> str:
        """Return the point as a process is told it."""
        return f"{self.of}:{self.place}"

    def arm(self) -> None:
        """Let this process die when it comes to the point."""
        if self.of in STEPS:
            arm_step(self)
        elif self.of in RUNS:
            owner, name, inside = RUNS[self.of]
            if self.place == "inside":
                wrap(casework.runs, inside, after=die)
            else:
                wrap(owner, name, **{self.place: die})
        else:
            arm_letter(self)


RUNS = {"begin of a run": (flows.case, "begin", "begin"), "end of a run": (flows.case, "conclude", "end")}
LETTER = "letter"
POINTS = (
    *(Point(step, place) for step in STEPS for place in PLACES),
    *(Point(of, place) for of in RUNS for place in PLACES),
    Point(LETTER, "before"),
    Point(LETTER, "after"),
)
"""A letter: before the SMTP dialogue, and after the server's 250 before its fate is written."""


def arm_step(point: Point) -> None:
    """Die at a step of that name, and at no other."""
    carry_out, taken = Step.carry_out, tasks.step.step_taken

    def dying(self: Step[Any], *args: Any, **kwargs: Any) -> str:
        if self.name == point.of and point.place == "before":
            die()
        did = carry_out(self, *args, **kwargs)
        if did and self.name == point.of and point.place == "after":
            die()
        return did

    def noted(session: Any, run_id: Any, step: str, did: str) -> None:
        taken(session, run_id, step, did)
        if step == point.of and point.place == "inside":
            session.flush()
            die()

    Step.carry_out = dying  # type: ignore[method-assign]
    tasks.step.step_taken = noted


def arm_letter(point: Point) -> None:
    """Die at the first letter."""
    hand_over = notifications.delivery.hand_over

    async def dying(*args: Any) -> Any:
        if point.place == "before":
            die()
        fate = await hand_over(*args)
        die()
        return fate

    notifications.delivery.hand_over = dying


Deed = Callable[[], None]


def wrap(module: Any, name: str, before: Deed | None = None, after: Deed | None = None) -> None:
    """Do something besides, before a function of a module or after it."""
    function = getattr(module, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before:
            before()
        found = function(*args, **kwargs)
        if after:
            after()
        return found

    setattr(module, name, wrapped)
