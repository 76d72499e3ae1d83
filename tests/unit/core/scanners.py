"""Virus scanners to ask: a real server that speaks clamd's protocol, and answers as it is told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from struct import unpack

from tests.conftest import environment

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SILENCE, HANG_UP, TOO_MUCH = b"silence", b"hang up", b"too much"
MOST = 1_000_000


@dataclass
class Scanner:
    """What the scanner has heard, and what it says instead of its own judgement (None: it judges)."""

    says: bytes | None = None
    heard: list[bytes] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def converse(self, reader, writer) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += reader.read(1)
        if command == b"zVERSION\0":
            writer.write((self.says or b"ClamAV 1.4.6/27500/Sat Nov 28 2026") + b"\0")
            return
        assert command == b"zINSTREAM\0", command
        if self.says == TOO_MUCH:
            writer.write(b"INSTREAM size limit exceeded. ERROR\0")
            return
        data = self.taken(reader)
        self.heard.append(data)
        if self.says == SILENCE:
            self.over.wait(10)
        elif self.says != HANG_UP:
            found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
            writer.write(found if self.says is None else self.says)

    def taken(self, reader) -> bytes:
        data = b""
        while length := unpack("!L", reader.read(4))[0]:
            self.pieces.append(length)
            data += reader.read(length)
        return data


@contextmanager
def scanning(says: bytes | None = None, *, path: Path | None = None, patience: float = 5) -> Iterator[Scanner]:
    """Have a scanner answer, at a port or at a path, and the settings name it."""
    scanner = Scanner(says)

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            scanner.converse(self.rfile, self.wfile)

    kind = socketserver.ThreadingUnixStreamServer if path else socketserver.ThreadingTCPServer
    with kind(str(path) if path else ("127.0.0.1", 0), Conversation) as server:  # type: ignore[arg-type]  # one or the other
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        address = str(path) if path else f"127.0.0.1:{server.server_address[1]}"
        try:
            with environment(JIDI_CLAMD_ADDRESS=address, JIDI_CLAMD_TIMEOUT_SECONDS=str(patience)):
                yield scanner
        finally:
            scanner.over.set()
            server.shutdown()
            thread.join()
