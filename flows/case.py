"""A case in the hands of a run: its record as last read, and how a run begins and ends."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import ParamSpec
from uuid import UUID, uuid4

from prefect.context import FlowRunContext
from sqlmodel import Session

from casework import bells, record, runs
from casework.cases import held
from casework.record import Record
from core.db import reading, transaction
from core.discretion import without_secrets, words_of
from core.pulse import PULSE
from models.engine import Run
from regulation.outcomes import Outcome
from regulation.stage import Stage
from tasks.step import Step

P = ParamSpec("P")


class Waiting(Exception):
    """Not an error: the case waits for a person at this stage, and the run ends."""

    def __init__(self, stage: Stage) -> None:
        """Take the stage the case waits at."""
        self.stage = stage
        super().__init__(stage.awaiting)


class CaseEnded(Exception):
    """Not an error: the case was refused, withdrawn or lapsed."""

    def __init__(self, outcome: Outcome) -> None:
        """Take the outcome the case ended with."""
        self.outcome = outcome
        super().__init__(outcome)


class Overtaken(Exception):
    """Not an error: a decision was undone meanwhile; its own bell brings the next run, which begins from the record."""


class CaseInHand:
    """What a run knows of its case; `state` is what the run will end in."""

    def __init__(self, case_id: UUID, run: Run, heard: list[UUID], record: Record) -> None:
        """Take the case's record and the bells that were waiting when the run began."""
        self.id = case_id
        self.run = run
        self.heard = heard
        self.record = record
        self.submissions = 1
        self.step = ""
        self.state = "Certified"

    def take(self, step: Step[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Take a step that is due, then read the record anew."""
        self.step = step.name
        undone = self.record.undone
        step(self.id, self.run.id, undone, *args, **kwargs)
        self.read()
        if self.record.undone != undone:
            raise Overtaken

    def read(self) -> None:
        """Read the record: other people may have written to it meanwhile."""
        with reading() as session:
            self.record = record.read(session, self.id)


@contextmanager
def the_case(case_id: UUID) -> Iterator[CaseInHand]:
    """Take up a case; when the block ends, write down how the run ended and which bells it has answered."""
    case = begin(case_id)
    try:
        with showing(case.run), stopping(case):
            yield case
    except Exception as error:
        failure = runs.Failure(case.step, words_of(error), without_secrets(traceback.format_exc()))
        conclude(case, lambda session, run: runs.fail(session, run, case.heard, failure))
        raise
    conclude(case, lambda session, run: runs.end(session, run, case.heard, case.state))


def showing(run: Run) -> AbstractContextManager[None]:
    """Show that the run lives, to whoever would ring again; outside a flow run (stories) nobody does."""
    return PULSE.showing(run.id) if FlowRunContext.get() else nullcontext()


@contextmanager
def stopping(case: CaseInHand) -> Iterator[None]:
    """Note in the case's state where the procedure has stopped, which is no error."""
    try:
        yield
    except Waiting as waiting:
        case.state = waiting.stage.awaiting
    except Overtaken:
        case.state = "Overtaken"
    except CaseEnded as ended:
        case.state = ended.outcome.capitalize()


def begin(case_id: UUID) -> CaseInHand:
    """Begin a run: its row, the bells that wait, the record."""
    context = FlowRunContext.get()
    flow_run_id = context.flow_run.id if context and context.flow_run else uuid4()
    with transaction() as session:
        case = held(session, case_id)
        heard = bells.waiting(session, case_id)
        run = runs.begin(session, case, flow_run_id, heard)
        return CaseInHand(case_id, run, [bell.id for bell in heard], record.read(session, case_id))


def conclude(case: CaseInHand, write: Callable[[Session, Run], None]) -> None:
    """Write the end of a run in one transaction that holds the case."""
    with transaction() as session:
        held(session, case.id)
        write(session, session.get_one(Run, case.run.id))
