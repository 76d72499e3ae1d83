"""Letters that were posted: one row a copy to one person."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.columns import identity, json, maybe_instant, present, to, word


class MessageState(StrEnum):
    """Where a letter is; `unknown`: we died between the server's answer and our note of it."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Message(SQLModel, table=True):
    """A posted letter; `key` says what it is about and for whom, so it cannot be posted twice.

    `facts` is what the letter tells, fixed when it was posted; it is rendered when it first leaves and stays as it was.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("letters_due", "next_attempt_at", postgresql_where=text("state = 'due'")),)

    id: UUID = identity()
    key: str = Field(unique=True, max_length=200)
    letter: str = Field(max_length=40)
    case_id: UUID | None = to("cases", default=None, nullable=True)
    user_id: UUID | None = to("users", default=None, nullable=True)
    address: str = Field(max_length=254)
    recipient: str = Field(default="", max_length=50)
    locale: str = Field(default="zh", max_length=2)
    facts: dict[str, Any] = json()
    subject: str = ""
    text: str = ""
    html: str = ""
    message_id: str = Field(unique=True)
    state: MessageState = word(MessageState, default=MessageState.DUE, index=True)
    posted_at: datetime = present()
    next_attempt_at: datetime = present()
    attempts: int = 0
    claimed_at: datetime | None = maybe_instant()
    sent_at: datetime | None = maybe_instant()
    error: str = ""
