"""The way out: one letter to one person over SMTP, and what exactly became of it.

- a 250: the letter is the server's business now;
- `Refused`: the server said no in so many words, the letter certainly did not arrive;
- `Unreachable`: it never came to handing the letter over, it certainly did not arrive;
- `Uncertain`: the letter was handed over and no answer came, so nobody can say (RFC 1047).
"""

import asyncio
import ssl
from contextlib import suppress
from email import policy
from email.message import EmailMessage
from socket import gethostname
from typing import Protocol

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientRefused

from core.settings import MailSettings

GREETING_SECONDS = 2.0
FAREWELL_SECONDS = 2.0
TEMPORARY, PERMANENT, BEYOND = 400, 500, 600
NOT_ALLOWED = 553
UTF8_HEADERS = policy.SMTPUTF8.clone(cte_type="7bit")
CONNECTION_TROUBLE = (OSError, SMTPException, ValueError)


class Refused(Exception):
    """The server refused this letter or its recipient; `permanent` when trying again is pointless."""

    def __init__(self, code: int, text: str) -> None:
        """Take the server's reply."""
        self.code = code
        self.text = text
        self.permanent = code >= PERMANENT
        super().__init__(f"{code} {text}")


class Unreachable(Exception):
    """The server is down or will not talk to us: a matter of the server or of our settings, not of the letter."""


class Uncertain(Exception):
    """The letter was handed over and no answer came."""


class Transport(Protocol):
    """What takes letters away."""

    async def send(self, letter: EmailMessage, recipient: str) -> str:
        """Hand over one letter; return the server's answer, or raise `Refused`, `Unreachable` or `Uncertain`."""

    async def close(self) -> None:
        """Say goodbye."""


class Line(SMTP):
    """A connection that is let go of at once: closing TLS would wait for the other side, which may never answer."""

    def close(self) -> None:
        """End the connection now; whatever had to be said was answered before."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        super().close()


class SmtpTransport:
    """One SMTP server; a connection is kept for the next letter and made anew after any trouble."""

    def __init__(self, mail: MailSettings) -> None:
        """Take the settings; nothing is connected yet."""
        self._mail = mail
        self._client = Line()

    async def send(self, letter: EmailMessage, recipient: str) -> str:
        """Hand over one letter; return the server's answer, or raise `Refused`, `Unreachable` or `Uncertain`."""
        used_before = self._client.is_connected
        try:
            return await self._converse(letter, recipient)
        except Unreachable as trouble:
            if not used_before or isinstance(trouble.__cause__, TimeoutError):  # who is silent stays silent
                raise
        return await self._converse(letter, recipient)  # servers end a connection after so many letters

    async def greet(self) -> str:
        """Exchange greetings within two seconds, without signing in; return the server's, or raise `Unreachable`."""
        client = self._new_client(signing_in=False)
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                await client.connect()
                return (await client.ehlo()).message
        except CONNECTION_TROUBLE as error:
            raise Unreachable(described(error)) from error
        finally:
            await farewell(client)

    async def close(self) -> None:
        """Say goodbye, if there is still somebody to say it to."""
        await farewell(self._client)

    async def _converse(self, letter: EmailMessage, recipient: str) -> str:
        """Go through one SMTP dialogue; `broken` is what an interruption means at the point it has reached."""
        broken: type[Unreachable | Uncertain] = Unreachable
        seconds = self._mail.timeout_seconds
        try:
            async with asyncio.timeout(seconds) as patience:
                client = await self._connected()
                abroad = not recipient.isascii()
                await self._address(client, recipient, abroad=abroad)
                broken = Uncertain
                patience.reschedule(asyncio.get_running_loop().time() + seconds)
                content = letter.as_bytes(policy=UTF8_HEADERS) if abroad else letter.as_bytes()
                return (await client.data(content)).message
        except (SMTPRecipientRefused, SMTPDataError) as error:
            await self.close()
            if TEMPORARY <= error.code < BEYOND:
                raise Refused(error.code, error.message) from error
            raise broken(described(error)) from error
        except CONNECTION_TROUBLE as error:
            self._client.close()
            await asyncio.sleep(0)
            raise broken(described(error)) from error

    async def _connected(self) -> Line:
        """Return the connection we have, or a new one: greeted, encrypted and signed in as the settings say."""
        if not self._client.is_connected:
            self._client = self._new_client()
            await self._client.connect()
        return self._client

    async def _address(self, client: SMTP, recipient: str, *, abroad: bool) -> None:
        """Write the envelope; an address beyond ASCII needs a server that takes such addresses."""
        options, encoding = (["SMTPUTF8"], "utf-8") if abroad else ([], "ascii")
        if abroad and client.is_ehlo_or_helo_needed:
            await client.ehlo()
        if abroad and not client.supports_extension("smtputf8"):
            raise Refused(NOT_ALLOWED, "the server takes no addresses beyond ASCII (no SMTPUTF8)")
        await client.mail(self._mail.sender, options=options, encoding=encoding)
        await client.rcpt(recipient, encoding=encoding)

    def _new_client(self, *, signing_in: bool = True) -> Line:
        mail = self._mail
        return Line(
            hostname=mail.host,
            port=mail.port,
            username=(mail.username or None) if signing_in else None,
            password=mail.password.get_secret_value() if signing_in and mail.username else None,
            local_hostname=own_name(),
            timeout=mail.timeout_seconds,
            use_tls=mail.security == "tls",
            start_tls=mail.security == "starttls",
            tls_context=None if mail.security == "none" else ssl.create_default_context(),
        )


def own_name() -> str:
    """Return what we call ourselves; asking for the full name could wait for a name server for seconds."""
    name = gethostname()
    return name if name.isascii() else "localhost"


async def farewell(client: SMTP) -> None:
    """End a connection politely where that is possible, and at once where it is not."""
    with suppress(*CONNECTION_TROUBLE):
        await client.quit(timeout=FAREWELL_SECONDS)
    client.close()
    await asyncio.sleep(0)


def described(error: Exception) -> str:
    """Say what happened; some of Python's network errors have no words of their own."""
    return f"{type(error).__name__}: {error}".rstrip(": ")
