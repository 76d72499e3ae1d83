"""The floor: a flow that does nothing, deployed in the same pool and run by the same worker."""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed


@flow(name="empty", persist_result=False, validate_parameters=False)
def empty() -> State[None]:
    """Do nothing."""
    return Completed(name="Nothing done")
