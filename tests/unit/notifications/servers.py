"""Servers to send to: each runs for the length of a block, in a thread of its own, on a free port."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.smtp import SMTP
from anyio.from_thread import start_blocking_portal

from core.catcher import catching

HOST = "127.0.0.1"
HANG_UP, SILENCE = "hang up", "silence"
USUAL = {
    "greeting": "220 ready",
    "EHLO": "250-scripted\r\n250 SIZE 1000000",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    ".": "250 kept as A1",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


@dataclass
class Scripted:
    """A server that answers what it is told to, in turn and then as usual; it notes what it hears."""

    script: dict[str, list[str | bytes]]
    heard: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    connections: int = 0
    handed_over: threading.Event = field(default_factory=threading.Event)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            going_on = await self.answer("greeting", writer) != HANG_UP
            while going_on and (line := await reader.readline()):
                going_on = await self.hear(line.decode().strip(), reader, writer)
        except ConnectionError:
            pass  # the other side left first
        finally:
            writer.close()

    async def hear(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one command, and the letter that may follow; say whether the conversation goes on."""
        self.heard.append(line)
        reply = await self.answer(line.split(maxsplit=1)[0].upper(), writer)
        if str(reply).startswith("354"):
            self.letters.append(await reader.readuntil(b"\r\n.\r\n"))
            self.handed_over.set()
            reply = await self.answer(".", writer)
        return reply != HANG_UP

    async def answer(self, command: str, writer: asyncio.StreamWriter) -> str | bytes:
        """Say what the script has for a command, then the usual."""
        waiting = self.script.get(command)
        reply = waiting.pop(0) if waiting else USUAL.get(command, "502 what?")
        if reply not in {HANG_UP, SILENCE}:
            writer.write((reply if isinstance(reply, bytes) else reply.encode()) + b"\r\n")
            await writer.drain()
        return reply

    def words(self) -> list[str]:
        """Return the first word of every command heard."""
        return [line.split()[0].upper() for line in self.heard]


@contextmanager
def serving(start: Callable[[], AbstractAsyncContextManager[asyncio.Server]]) -> Iterator[int]:
    """Run a server in a thread; yield its port."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(start()) as server:
        yield server.sockets[0].getsockname()[1]


@contextmanager
def scripted(**script: list[str | bytes]) -> Iterator[tuple[int, Scripted]]:
    """Run a scripted server; `dot` stands for what it says to a letter, `greeting` for its first words."""
    server = Scripted({"." if command == "dot" else command: replies for command, replies in script.items()})

    @asynccontextmanager
    async def start() -> AsyncIterator[asyncio.Server]:
        async with await asyncio.start_server(server.converse, HOST, 0) as running:
            yield running

    with serving(start) as port:
        yield port, server


@contextmanager
def catcher(home: Path) -> Iterator[int]:
    """Run the catcher of the embedded mode; yield its port."""
    with serving(lambda: catching(home, HOST, 0)) as port:
        yield port


@contextmanager
def smtpd(make: Callable[[], SMTP], **options: object) -> Iterator[int]:
    """Run aiosmtpd as the test wants it; yield its port."""

    @asynccontextmanager
    async def start() -> AsyncIterator[asyncio.Server]:
        async with await asyncio.get_running_loop().create_server(make, HOST, 0, **options) as running:
            yield running

    with serving(start) as port:
        yield port
