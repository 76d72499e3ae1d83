"""Every half minute: letters that are still due, bells that were lost, runs that died, rows that are old.

Sooner, where a bell hangs; and at once, when a worker begins or the engine is back.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from casework import bells, runs
from casework.tidying import tidy
from core.clock import now
from core.db import reading, transaction
from flows import gateway
from flows.ticks import alone
from notifications.delivery import settle_abandoned
from tasks.letters import deliver_letters

REGULARLY = timedelta(seconds=30)
"""As `prefect.yaml` says."""
BEAT = timedelta(seconds=5)
"""The house is not kept more often, whatever hangs."""


@flow(name="housekeeping", persist_result=False)
@alone
def housekeeping() -> State[None]:
    """Put right what a crash or an outage has left behind; finds nothing to do on a good day."""
    bury_lost_runs()
    with suppress(gateway.Trouble):  # the engine is away, and comes back
        ring_lost_bells()
    settle_abandoned()
    deliver_letters()
    with transaction() as session:
        tidy(session)
    come_back_sooner()
    return Completed(name="In order")


def bury_lost_runs() -> None:
    """Note the runs that died without a word, here and at the engine, which would call them running for ever."""
    with transaction() as session:
        dead = [run.flow_run_id for run in runs.lost(session)]
    for flow_run_id in dead:
        gateway.declare_crashed(flow_run_id)


def ring_lost_bells() -> None:
    """Ring again for cases whose bell nobody has answered and no run will: none that waits, none that is at it.

    Raises `gateway.Trouble` when the engine is away: nobody else would be heard either.
    """
    with transaction() as session:
        lost = [(case.id, bell.flow_run_id) for bell, case in bells.unanswered(session)]
        in_hand = runs.cases_in_hand(session)
    queued = gateway.queued([run for _, run in lost if run])
    in_turn = in_hand | {case_id for case_id, run in lost if run in queued}
    for case_id in dict.fromkeys(case_id for case_id, _ in lost if case_id not in in_turn):
        if not gateway.ring(case_id):
            gateway.ask("GET", "/health")


def come_back_sooner() -> None:
    """Have the house kept again when the next bell will have had its time, if that is before the next regular time.

    At full beats of the clock, so that those who say so for the same beat start one run.
    """
    with reading() as session:
        due = bells.next_lost(session)
    if due and due < now() + REGULARLY:
        beats = 1 + max(due, now()).timestamp() // BEAT.total_seconds()
        gateway.keep_house(datetime.fromtimestamp(0, UTC) + beats * BEAT)
