"""Delivering letters: a due row is claimed, rendered once, sent, and its fate written down; each by itself.

The claim is committed before the SMTP dialogue begins. A process that dies in between leaves the row in `sending`;
`settle_abandoned` calls its fate unknown and an operator decides, because only a person can ask whether it arrived.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from core.clock import now
from core.db import transaction
from core.i18n import marked
from core.settings import settings
from models.message import Message, MessageState
from notifications.composing import compose
from notifications.rendering import render
from notifications.transports import Refused, SmtpTransport, Transport, Uncertain, Unreachable, described

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long a letter waits after its first, second, third and every later attempt."""

LAST_ATTEMPT = 75
"""After so many attempts in vain (three days of them) an operator has to look at the letter."""

ABANDONED_AFTER = timedelta(minutes=10)
"""Far longer than a conversation may take."""

CLOSING = 421
ABANDONED = marked("发送途中进程中断，不能确定是否已送达；请核实后决定是否重发。")


@dataclass
class Tally:
    """What became of the letters that were due."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    unknown: int = 0

    def count(self, state: MessageState) -> None:
        """Count one letter by the state it is in now."""
        name = "postponed" if state is MessageState.DUE else str(state)
        setattr(self, name, getattr(self, name) + 1)


@dataclass(frozen=True)
class Fate:
    """How an attempt ended; `server_down` says that the next letter would fare no better."""

    state: MessageState
    error: str = ""
    server_down: bool = False


def deliver(*, case_id: UUID | None = None, limit: int = 50) -> Tally:
    """Send the letters that are due, of one case or of all; trouble with mail is written down, never raised.

    Synchronous: it runs an event loop of its own, so it must not be called from a coroutine.
    """
    tally = Tally()
    if not settings().mail.host:
        return tally
    with asyncio.Runner() as loop, open_transport(loop) as transport:
        for message in claims(case_id, limit):
            fate = loop.run(hand_over(transport, message))
            tally.count(record(message, fate))
            if fate.server_down:
                break
    return tally


@contextmanager
def open_transport(loop: asyncio.Runner) -> Iterator[SmtpTransport]:
    """Have the mail server for the length of a block, and say goodbye to it."""
    transport = SmtpTransport(settings().mail)
    try:
        yield transport
    finally:
        loop.run(transport.close())


def claims(case_id: UUID | None, limit: int) -> Iterator[Message]:
    """Take one due letter after the other, each when the one before has its fate."""
    for _ in range(limit):
        message = claim(case_id)
        if message is None:
            return
        yield message


def claim(case_id: UUID | None = None) -> Message | None:
    """Take the letter that has been due longest, and freeze its text; one that cannot be written comes back failed."""
    with transaction() as session:
        message = next_due(session, case_id)
        if message is None:
            return None
        message.state, message.claimed_at, message.error = MessageState.SENDING, now(), ""
        message.attempts += 1
        try:
            freeze(message)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one letter, the others must leave
            message.state, message.error = MessageState.FAILED, storable(described(error))
        return message


def next_due(session: Session, case_id: UUID | None) -> Message | None:
    """Return the letter that has been due longest and that no other process holds."""
    at, next_attempt = now(), col(Message.next_attempt_at)
    # No letter waits for longer than the longest pause: what is further away was said by a clock that was far ahead.
    time_has_come = or_(next_attempt <= at, next_attempt > at + PAUSES[-1])
    due = select(Message).where(Message.state == MessageState.DUE, time_has_come)
    if case_id:
        due = due.where(Message.case_id == case_id)
    due = due.order_by(col(Message.next_attempt_at), col(Message.posted_at)).limit(1)
    return session.exec(due.with_for_update(skip_locked=True)).first()


def freeze(message: Message) -> None:
    """Render a letter when it first leaves; sent again it says the same, whatever the templates have become."""
    if not message.subject:
        rendered = render(message.letter, message.locale, message.facts)
        message.subject, message.text, message.html = rendered.subject, rendered.text, rendered.html
    compose(message, settings().mail)


async def hand_over(transport: Transport, message: Message) -> Fate:
    """Try to send a letter and say what has come of it."""
    if message.state is MessageState.FAILED:
        return Fate(MessageState.FAILED, message.error)
    try:
        await transport.send(compose(message, settings().mail), message.address)
    except Refused as refusal:
        state = MessageState.FAILED if refusal.permanent else MessageState.DUE
        return Fate(state, storable(str(refusal)), server_down=refusal.code == CLOSING)
    except Unreachable as trouble:
        return Fate(MessageState.DUE, storable(str(trouble)), server_down=True)
    except Uncertain as doubt:
        return Fate(MessageState.UNKNOWN, storable(str(doubt)), server_down=True)
    return Fate(MessageState.SENT)


def record(claimed: Message, fate: Fate) -> MessageState:
    """Write down the fate of a letter and return its state; nothing when somebody else has taken it up since."""
    with transaction() as session:
        ours = select(Message).where(Message.id == claimed.id, Message.claimed_at == claimed.claimed_at)
        message = session.exec(ours.with_for_update()).first()
        if message is None:
            return fate.state
        message.state, message.error = fate.state, fate.error
        if fate.state is MessageState.SENT:
            message.sent_at = now()
        elif fate.state is MessageState.DUE and message.attempts >= LAST_ATTEMPT:
            message.state = MessageState.FAILED
        elif fate.state is MessageState.DUE:
            message.next_attempt_at = next_attempt(message.attempts)
        return message.state


def next_attempt(attempts: int) -> datetime:
    """Return when to try again after so many attempts in vain."""
    return now() + PAUSES[min(attempts, len(PAUSES)) - 1]


def settle_abandoned(older_than: timedelta = ABANDONED_AFTER) -> int:
    """Call the fate of letters unknown whose process died while it sent them; return how many there were."""
    with transaction() as session:
        sending = select(Message).where(Message.state == MessageState.SENDING)
        abandoned = sending.where(col(Message.claimed_at) < now() - older_than).with_for_update(skip_locked=True)
        found = session.exec(abandoned).all()
        for message in found:
            message.state, message.error = MessageState.UNKNOWN, ABANDONED
        return len(found)


def greet() -> str:
    """Ask the mail server for a sign of life and return its greeting; raises `Unreachable`. For readiness."""
    return asyncio.run(SmtpTransport(settings().mail).greet())


def storable(text: str) -> str:
    """Return a server's words as the database can keep them: servers may say any byte."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:2000]
