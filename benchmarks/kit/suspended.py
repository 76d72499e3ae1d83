"""The road not taken: the six stages as one long flow that suspends until each decision is sent as its input.

It is written as Prefect's documentation shows it. Its steps write nothing, no letter leaves, and no record is read:
the comparison favours it.
"""

from typing import Literal

from prefect import flow, task
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput


class Decision(RunInput):
    """What a person decides at a stage."""

    outcome: Literal["approved", "refused"]


@task(persist_result=True)
def acknowledge(reference: str) -> str:
    """Submission: the receipt."""
    return reference


@task(persist_result=True)
def open_round(stage: str) -> str:
    """Give somebody the duty of this stage."""
    return stage


@task(persist_result=True)
def close_round(stage: str, outcome: str) -> str:
    """Close a stage with what was decided."""
    return f"{stage} {outcome}"


@task(persist_result=True)
def publish(reference: str) -> str:
    """Publication: the register."""
    return reference


@flow(name="six-stages", persist_result=True)
def six_stages(reference: str) -> str:
    """Take an application from submission to publication, suspended at the four stages that people decide."""
    acknowledge(reference)
    for stage in ("local-review", "expert-review", "site-inspection", "certification"):
        open_round(stage)
        decision = suspend_flow_run(wait_for_input=Decision, key=stage, timeout=None)
        close_round(stage, decision.outcome)
    return publish(reference)
