"""The fault points, all of them by name: in which process, at which place, and how a process is made to die there.

Nothing in the product knows of them: a process that is to die wraps its own functions before it begins to work.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiosmtplib.protocol import SMTPProtocol

import api.acts
import casework.runs
import flows.case
import flows.gateway
import notifications.delivery
import tasks.step
from core.db import transaction
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
        elif self.of == LETTER:
            arm_letter(self)
        else:
            arm_website(self)


RUNS = {"begin of a run": (flows.case, "begin", "begin"), "end of a run": (flows.case, "conclude", "end")}
LETTER, WEBSITE = "letter", "website"
LETTERS = tuple(Point(LETTER, place) for place in PLACES)
"""A letter: before the SMTP dialogue, when its content is sent and no answer read, and after the server's 250."""
POINTS = (
    *(Point(step, place) for step in STEPS for place in PLACES),
    *(Point(of, place) for of in RUNS for place in PLACES),
    *LETTERS,
)
"""Where a worker is killed."""
WRITTEN, COMMITTED, ANSWERED, RINGING, TAKEN, RUNG = (
    "written, not committed",
    "committed, not answered",
    "answered, the bell not rung",
    "the ring noted, the engine not told",
    "told the engine, the run not noted",
    "the bell rung",
)
WEBSITES = tuple(Point(WEBSITE, place) for place in (WRITTEN, COMMITTED, ANSWERED, RINGING, TAKEN, RUNG))
"""Where the website is killed while somebody decides."""


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
    hand_over, write = notifications.delivery.hand_over, SMTPProtocol.write

    async def dying(*args: Any) -> Any:
        if point.place == "before":
            die()
        fate = await hand_over(*args)
        if point.place == "after":
            die()
        return fate

    def written(self: SMTPProtocol, data: bytes) -> None:
        write(self, data)
        if data.endswith(b"\r\n.\r\n"):
            die()

    notifications.delivery.hand_over = dying
    if point.place == "inside":
        SMTPProtocol.write = written  # type: ignore[method-assign]


def arm_website(point: Point) -> None:
    """Die when a decision comes to the point; what is written is in the database by then, committed or not."""
    if point.place == WRITTEN:
        decide = api.acts.decide

        def written(session: Any, *args: Any, **kwargs: Any) -> Any:
            decide(session, *args, **kwargs)
            session.flush()
            die()

        api.acts.decide = written  # type: ignore[assignment]
    elif point.place == COMMITTED:
        api.acts.transaction = committed
    elif point.place in {ANSWERED, RUNG}:
        wrap(api.acts, "ring", **{"before" if point.place == ANSWERED else "after": die})
    else:
        arm_ring(point)


def arm_ring(point: Point) -> None:
    """Die when the engine is to start a run: before it hears of it, or when it has and we have not noted it."""
    ask = flows.gateway.ask

    def asked(method: str, *args: Any) -> Any:
        if method == "POST" and point.place == RINGING:
            die()
        answer = ask(method, *args)
        if method == "POST":
            die()
        return answer

    flows.gateway.ask = asked


@contextmanager
def committed() -> Iterator[Any]:
    """Open one transaction, commit it, and die."""
    with transaction() as session:
        yield session
    die()


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
