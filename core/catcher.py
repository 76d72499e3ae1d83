"""A local SMTP server for the embedded mode: letters really leave, and are kept as files instead of going anywhere.

Each (Message-ID, recipient) is kept once, before the server answers 250: a sender that is not sure whether its letter
arrived may send it again, and the reader still sees one.
"""

import asyncio
import hashlib
import html as markup
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from core import clock
from core.errors import NotFound

FOLDER = "letters"
LARGEST = 33 * 2**20
_ID = re.compile(r"[0-9a-f]{24}")
_LINK = re.compile(r"https?://[^\s<>\"']+")
_TAIL = ".,;:!?)]}。，；：！？）】》"


@dataclass(frozen=True)
class CaughtLetter:
    """One letter as one recipient would have got it."""

    id: str
    at: datetime
    sender: str
    recipient: str
    subject: str
    message_id: str
    text: str
    html: str
    links: list[str]


def caught(home: Path, limit: int = 200) -> list[CaughtLetter]:
    """Return the newest letters, the newest first."""
    files = sorted((home / FOLDER).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [_read(file) for file in files[:limit]]


def letter(home: Path, letter_id: str) -> CaughtLetter:
    """Return one letter; raise NotFound when there is none of this id."""
    file = home / FOLDER / f"{letter_id}.eml"
    if not _ID.fullmatch(letter_id) or not file.is_file():
        raise NotFound
    return _read(file)


def keep(home: Path, sender: str, recipient: str, content: bytes) -> bool:
    """Keep one copy of a letter; say whether it was new.

    It is written under another name and linked into place, so that a reader never sees half a letter and of two
    copies arriving together one wins.
    """
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    identity = _header(_parsed(content), "Message-ID") or hashlib.sha256(content).hexdigest()
    name = hashlib.sha256(f"{identity}\0{recipient.lower()}".encode("utf-8", "surrogateescape")).hexdigest()[:24]
    envelope = f"X-Caught-At: {clock.now().isoformat()}\r\nX-Caught-From: {sender}\r\nX-Caught-For: {recipient}\r\n"
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".arriving-") as file:
        file.write(envelope.encode("utf-8", "surrogateescape") + content)
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, folder / f"{name}.eml")
        except FileExistsError:
            return False
    return True


class Catcher:
    """What aiosmtpd asks: here every address exists, and every letter is kept."""

    def __init__(self, home: Path) -> None:
        """Keep letters below this folder."""
        self._home = home

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        """Keep the letter for each recipient, then, and only then, say so."""
        content = envelope.content
        if not isinstance(content, bytes):
            return "451 nothing received"
        try:
            for recipient in envelope.rcpt_tos:
                keep(self._home, envelope.mail_from or "", recipient, content)
        except OSError as error:
            return f"452 {error.strerror}"
        return "250 kept"


@asynccontextmanager
async def catching(home: Path, host: str, port: int) -> AsyncIterator[asyncio.Server]:
    """Run the server for the length of a block; port 0 picks a free one."""

    def conversation() -> SMTP:
        # The host name is given because looking it up can take seconds where there is no name server.
        return SMTP(Catcher(home), hostname="localhost", ident="Jidi", enable_SMTPUTF8=True, data_size_limit=LARGEST)

    server = await asyncio.get_running_loop().create_server(conversation, host, port)
    async with server:
        yield server


async def serve(home: Path, host: str, port: int) -> None:
    """Run the server until the task is cancelled."""
    async with catching(home, host, port) as server:
        await server.serve_forever()


def _read(file: Path) -> CaughtLetter:
    message = _parsed(file.read_bytes())
    text, html = _body(message, "plain"), _body(message, "html")
    at = datetime.fromisoformat(str(message["X-Caught-At"]).strip())
    return CaughtLetter(
        id=file.stem,
        at=at,
        sender=_header(message, "X-Caught-From"),
        recipient=_header(message, "X-Caught-For"),
        subject=_header(message, "Subject"),
        message_id=_header(message, "Message-ID"),
        text=text,
        html=html,
        links=_links(text, html),
    )


def _parsed(content: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(content)


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as a person reads it; one that is beyond understanding, as it was sent."""
    try:
        return str(message.get(name, "")).strip()
    except Exception:  # noqa: BLE001 - the standard parser fails on malformed headers in a dozen undocumented ways
        raw = [value for key, value in message.raw_items() if key.lower() == name.lower()]
        return str(raw[0]).strip() if raw else ""


def _body(message: EmailMessage, kind: str) -> str:
    try:
        part = message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""
    except Exception:  # noqa: BLE001 - as above: unknown charsets, broken base64, parts that are no parts
        payload = message.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) and kind == "plain" else ""


def _links(text: str, html: str) -> list[str]:
    found = _LINK.findall(text) + _LINK.findall(markup.unescape(html))
    return list(dict.fromkeys(link.rstrip(_TAIL) for link in found))
