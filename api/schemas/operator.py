"""Stalled cases, letters, and health."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.common import Given, Instant, Reference, Short, Told
from casework.runs import Stalled
from core.i18n import gettext
from flows.gateway import page_of
from models.message import Message, MessageState

StateWord = Literal["due", "sending", "sent", "failed", "unknown"]
STATES = frozenset(MessageState)


class RerunGiven(Given):
    """Which cases are to be run again."""

    references: Annotated[list[Short], Field(min_length=1, max_length=200, examples=[["JD-2026-0001"]])]


class StalledTold(Told):
    """A stalled case with the run that failed last."""

    reference: Reference
    unit: str = Field(examples=["江汉示例职业技术学院"])
    since: Instant
    step: str = Field(examples=["issue_certificate"])
    error: str = Field(examples=["OSError: [Errno 28] No space left on device"])
    attempt: int = Field(description="How many runs in a row have failed.", examples=[3])
    traceback: str
    asked: bool = Field(description="Another run was asked for and has not answered yet.")
    flow_run_id: UUID
    page: str = Field(description="The failed run in Prefect's own pages.")

    @classmethod
    def of(cls, stalled: Stalled) -> "StalledTold":
        """Tell a stalled case."""
        run = stalled.run
        return cls(
            reference=stalled.case.reference,
            unit=stalled.unit,
            since=stalled.since,
            step=run.failed_step,
            error=gettext(run.error) if run.error else "",
            attempt=run.attempt,
            traceback=run.traceback,
            asked=stalled.asked,
            flow_run_id=run.flow_run_id,
            page=page_of(run.flow_run_id),
        )


class RerunTold(Told):
    """What came of one case: its bell is hung, hangs already, or there is nothing to run again."""

    reference: Reference
    result: Literal["rung", "already-running", "not-stalled", "unknown"]


class RerunResults(Told):
    """What came of each case, in the order they were given."""

    results: list[RerunTold]


class MessageTold(Told):
    """A posted letter: one copy to one person."""

    id: UUID
    letter: str = Field(examples=["assignment"])
    case: str = Field(examples=["JD-2026-0001"])
    recipient: str = Field(examples=["王芳示例"])
    address: str = Field(examples=["tuijian@example.com"])
    subject: str
    state: StateWord
    attempts: int = Field(examples=[1])
    error: str
    posted_at: Instant
    next_attempt_at: Instant
    sent_at: Instant | None = None

    @classmethod
    def of(cls, message: Message, reference: str) -> "MessageTold":
        """Tell a letter."""
        own = {"id", "letter", "recipient", "address", "subject", "attempts", "posted_at", "next_attempt_at", "sent_at"}
        error = gettext(message.error) if message.error else ""
        return cls(**message.model_dump(include=own), case=reference, state=message.state.value, error=error)


class CheckTold(Told):
    """One part of the system."""

    ok: bool
    error: str = Field("", description="A word about what is wrong; the log tells more.", examples=[""])


class Readiness(Told):
    """Whether everything that is needed answers."""

    ready: bool
    checks: dict[str, CheckTold] = Field(
        examples=[{"database": {"ok": True, "error": ""}, "engine": {"ok": False, "error": "does not answer"}}]
    )


class Health(Told):
    """The process lives."""

    status: Literal["ok"] = "ok"
