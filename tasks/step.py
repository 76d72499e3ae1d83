"""What a step is: one Prefect task, one effect, one transaction that holds the case."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache, update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec
from uuid import UUID

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from sqlmodel import Session

from casework.cases import held
from casework.record import undone_in
from casework.runs import step_taken
from core.db import transaction
from core.discretion import discreetly
from core.settings import settings
from models.case import Case

P = ParamSpec("P")


class Step(Generic[P]):
    """An act on a case that the engine may try again.

    The act asks the record first and says in a few words what it did, or nothing when there was nothing left to do;
    what it did is written to the run's history in the same transaction. Nothing is cached and no result is persisted:
    the record alone says what was done. Outside a flow run (stories) the act is simply carried out.
    """

    def __init__(self, act: Callable[Concatenate[Session, Case, P], str]) -> None:
        """Wrap an act of casework."""
        self.act = act
        self.name: str = act.__name__
        update_wrapper(self, act)

    def __call__(self, case_id: UUID, run_id: UUID, undone: int, *args: P.args, **kwargs: P.kwargs) -> str:
        """Take the step; return what it did. `undone`: see `casework.record.Record`."""
        if FlowRunContext.get() is None:
            return self.carry_out(case_id, run_id, undone, *args, **kwargs)
        return engine_task(self)(case_id, run_id, undone, *args, **kwargs)

    def carry_out(self, case_id: UUID, run_id: UUID, undone: int, *args: P.args, **kwargs: P.kwargs) -> str:
        """Do it in one transaction that holds the case; nothing, when a decision was undone meanwhile."""
        with transaction() as session:
            case = held(session, case_id)
            if undone_in(session, case_id) != undone:
                return ""
            did = self.act(session, case, *args, **kwargs)
            if did:
                step_taken(session, run_id, self.name, did)
        return did

    def for_the_engine(self, case_id: UUID, run_id: UUID, undone: int, *args: P.args, **kwargs: P.kwargs) -> str:
        """Do it; what fails is told in words that anybody may read, for the engine keeps them."""
        with discreetly():
            return self.carry_out(case_id, run_id, undone, *args, **kwargs)


def told_discreetly() -> AbstractContextManager[None]:
    """Let no error out of a block as it is: the engine keeps its words for everybody who may look at a run.

    Outside a flow run (stories) nobody keeps them.
    """
    return discreetly() if FlowRunContext.get() else nullcontext()


@cache
def engine_task(step: Step[Any]) -> Task[Any, str]:
    """Return the Prefect task of a step, with the retries that the settings give it."""
    delays = settings().engine.retry_seconds
    return Task(
        fn=step.for_the_engine,
        name=step.name.replace("_", "-"),
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=len(delays),
        retry_delay_seconds=delays,
    )
