"""A mail server that keeps every delivery, also of a letter it has had before, and that can be told to fail.

The catcher of the embedded mode keeps each letter once; whoever wants to know whether one left twice counts here.
"""

import asyncio
import socket
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from enum import StrEnum
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from anyio.from_thread import BlockingPortal, start_blocking_portal

from core.embedded.ports import free_port

HOST = "127.0.0.1"
EVERYBODY = ""


class Mood(StrEnum):
    """How the server treats a recipient."""

    KIND = "takes the letter"
    GREYLISTING = "450 the first time, 250 later"
    REFUSING = "550, always"
    DEAF = "silent before the letter, for longer than anybody waits"
    DUMB = "takes the letter and is silent, for longer than anybody waits"
    HANGING_UP = "hangs up when it has the letter, and throws it away"
    SWALLOWING = "takes the letter and hangs up instead of saying so"


KEEPING = frozenset({Mood.KIND, Mood.GREYLISTING, Mood.DUMB, Mood.SWALLOWING})


@dataclass(frozen=True)
class Delivery:
    """One letter that one recipient has got, once."""

    recipient: str
    message_id: str
    content: bytes = field(repr=False)


class Conversation(SMTP):
    """One connection; the sink knows it, so that it can be torn down."""

    def __init__(self, sink: "Sink") -> None:
        """Talk as aiosmtpd does, and ask the sink."""
        super().__init__(sink, hostname="localhost", ident="Sink", enable_SMTPUTF8=True)
        self._sink = sink

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the connection."""
        super().connection_made(transport)
        self._sink.open.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(error)
        self._sink.open.discard(self)

    async def end(self) -> None:
        """Tear the connection down as a power cut would; what was going on in it ends here."""
        self.transport.abort()
        await silence()


async def silence() -> None:
    """Say nothing until the other side has left, which ends the conversation."""
    await asyncio.Event().wait()


class Sink:
    """The server: `deliveries` is all that anybody ever got, `tried` how often each recipient was named."""

    def __init__(self, portal: BlockingPortal) -> None:
        """Take the thread that the server will live in; nobody is listened to yet."""
        self.port = free_port(HOST)
        self.deliveries: list[Delivery] = []
        self.tried: Counter[str] = Counter()
        self.open: set[Conversation] = set()
        self._moods: defaultdict[str, Mood] = defaultdict(lambda: Mood.KIND)
        self._portal = portal
        self._server: asyncio.Server | None = None

    def treats(self, recipient: str, mood: Mood) -> None:
        """Treat a recipient, or everybody who is not named otherwise, in a certain way from now on."""
        self._moods[recipient] = mood

    def forgives(self) -> None:
        """Treat everybody kindly again."""
        self._moods.clear()

    def mood(self, recipient: str) -> Mood:
        """Return how a recipient is treated."""
        return self._moods[recipient if recipient in self._moods else EVERYBODY]

    def counted(self) -> Counter[tuple[str, str]]:
        """Return how often each letter arrived, by Message-ID and recipient."""
        return Counter((one.message_id, one.recipient) for one in self.deliveries)

    def up(self) -> None:
        """Listen, always on the same port."""
        self._portal.call(self._listen)

    def down(self) -> None:
        """Refuse connections, and tear down those that are open."""
        self._portal.call(self._close)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Conversation, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient or not."""
        self.tried[address] += 1
        mood = self.mood(address)
        if mood is Mood.DEAF:
            await silence()
        if mood is Mood.REFUSING:
            return "550 5.1.1 no such user"
        if mood is Mood.GREYLISTING and self.tried[address] == 1:
            return "450 4.7.1 greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Conversation, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep what was delivered, as often as it comes, and say so or not."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message_id = str(BytesHeaderParser().parsebytes(content)["Message-ID"] or "").strip()
        moods = {recipient: self.mood(recipient) for recipient in envelope.rcpt_tos}
        self.deliveries += [Delivery(one, message_id, content) for one, mood in moods.items() if mood in KEEPING]
        if Mood.DUMB in moods.values():
            await silence()
        if {Mood.HANGING_UP, Mood.SWALLOWING} & set(moods.values()):
            await server.end()
        return "250 kept"

    async def _listen(self) -> None:
        if self._server:
            return
        loop: Any = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Conversation(self), HOST, self.port, family=socket.AF_INET)

    async def _close(self) -> None:
        if self._server:
            self._server.close()
        for conversation in list(self.open):
            conversation.transport.abort()
        self._server = None


@contextmanager
def sinking() -> Iterator[Sink]:
    """Have such a server for the length of a block, in a thread of its own; it is up."""
    with start_blocking_portal() as portal:
        sink = Sink(portal)
        sink.up()
        try:
            yield sink
        finally:
            sink.down()
