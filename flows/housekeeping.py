"""Every half minute: letters that are still due, bells that were lost, runs that died, rows that are old."""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from casework import bells, runs
from casework.tidying import tidy
from core.db import transaction
from flows import gateway
from flows.ticks import alone
from notifications.delivery import settle_abandoned
from tasks.letters import deliver_letters


@flow(name="housekeeping", persist_result=False)
@alone
def housekeeping() -> State[None]:
    """Put right what a crash or an outage has left behind; finds nothing to do on a good day."""
    bury_lost_runs()
    ring_lost_bells()
    settle_abandoned()
    deliver_letters()
    with transaction() as session:
        tidy(session)
    return Completed(name="In order")


def bury_lost_runs() -> None:
    """Note the runs that died without a word, here and at the engine, which would call them running for ever."""
    with transaction() as session:
        dead = [run.flow_run_id for run in runs.lost(session)]
    for flow_run_id in dead:
        gateway.declare_crashed(flow_run_id)


def ring_lost_bells() -> None:
    """Ring again for cases whose bell nobody has answered."""
    with transaction() as session:
        cases = dict.fromkeys(case.id for _, case in bells.unanswered(session))
    for case_id in cases:
        gateway.ring(case_id)
