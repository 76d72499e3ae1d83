"""What clamd says of an upload: asked before anything of it is kept, and without its word nothing is.

The protocol is clamd's own (`INSTREAM`): the bytes in pieces, each with its length before it, a piece of no length at
the end, and one line in answer. Only the line that says OK lets a file pass.
"""

import re
import socket
import time
from struct import pack

import structlog

from core.errors import Infected, Unavailable
from core.i18n import marked
from core.settings import settings

PIECE = 64 * 1024
LONGEST_ANSWER = 4096
NOT_CHECKED = marked("无法完成病毒检查，文件未保存，请稍后再试")
FOUND = re.compile(r"stream: (.{1,200}) FOUND")
CLEAN = "stream: OK"

log = structlog.get_logger()


class NoAnswerError(Exception):
    """The scanner did not answer, or not as it should; the text is for the log."""


def require_harmless(data: bytes, name: str) -> None:
    """Let a file pass that the scanner has nothing against, or any file where no scanner is set.

    Raises `Infected` when it finds something and `Unavailable` when it does not say, whatever the reason.
    """
    if not settings().clamd.address:
        return
    try:
        answer = asked(b"INSTREAM", data)
    except (OSError, NoAnswerError) as error:
        log.error("upload not scanned", reason=f"{type(error).__name__}: {error}")  # noqa: TRY400 - no traceback needed
        raise Unavailable(NOT_CHECKED) from error
    if found := FOUND.fullmatch(answer):
        log.warning("upload refused by the scanner", found=found[1])
        raise Infected(name=name)
    if answer != CLEAN:
        log.error("upload not scanned", reason=answer)
        raise Unavailable(NOT_CHECKED)


def version() -> str:
    """Return what the scanner calls itself; raises OSError or `NoAnswerError` when it does not answer."""
    answer = asked(b"VERSION")
    if not answer.startswith("ClamAV"):
        raise NoAnswerError(answer)
    return answer


def asked(command: bytes, data: bytes | None = None) -> str:
    """Send one command, and the bytes it is about; return the line that comes back, all within the set time."""
    deadline = time.monotonic() + settings().clamd.timeout_seconds
    with connected() as connection:
        try:
            _say(connection, b"z" + command + b"\0", deadline)
            if data is not None:
                _hand_over(connection, data, deadline)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough; why is in its answer, if it left one
        return _line(connection, deadline)


def connected() -> socket.socket:
    """Open a connection to the scanner: a path is a Unix socket, anything else a host and a port."""
    address, patience = settings().clamd.address, settings().clamd.timeout_seconds
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(patience)
        try:
            connection.connect(address)
        except BaseException:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=patience)


def _hand_over(connection: socket.socket, data: bytes, deadline: float) -> None:
    for start in range(0, len(data), PIECE):
        piece = data[start : start + PIECE]
        _say(connection, pack("!L", len(piece)) + piece, deadline)
    _say(connection, pack("!L", 0), deadline)


def _say(connection: socket.socket, words: bytes, deadline: float) -> None:
    connection.settimeout(_left(deadline))
    connection.sendall(words)


def _line(connection: socket.socket, deadline: float) -> str:
    answer = b""
    while b"\0" not in answer:
        if len(answer) > LONGEST_ANSWER:
            message = "it does not come to an end"
            raise NoAnswerError(message)
        connection.settimeout(_left(deadline))
        heard = connection.recv(LONGEST_ANSWER)
        if not heard:
            message = f"it closed the connection after {answer[:200]!r}"
            raise NoAnswerError(message)
        answer += heard
    return answer.partition(b"\0")[0].decode("utf-8", "backslashreplace").strip()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
