"""What a line of the log must not say: secrets of the house, tokens, passwords in addresses, what people are called by.

Our own code writes none of it. Exceptions and libraries do: a database quotes the row it refused, a mail server the
recipient, a validation the value that was typed.
"""

import logging
import re
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from core.settings import settings

GONE = "…"
SHORTEST = 6
"""A secret of fewer characters would take ordinary words out of the log."""
VALUE = r"""(?:'[^']*'|"[^"]*"|[^\s,;&)}]+)"""
PATTERNS = (
    (re.compile(r"(\w://[^\s:/@]*:)[^\s@]+@"), rf"\1{GONE}@"),
    (re.compile(r"\bjidi_[\w-]{16,}"), GONE),
    (re.compile(r"(?i)\b(bearer|basic) [\w.~+/=-]{8,}"), rf"\1 {GONE}"),
    (re.compile(r"\b(jidi=)[^\s,;'\"]{8,}"), rf"\1{GONE}"),
    (re.compile(r"(?i)((?:cookie|authorization)['\"]?\s*[=:]\s*)[^\s,;]{8,}"), rf"\1{GONE}"),
    (re.compile(rf"(?i)\b(\w*(?:password|passwd|secret|token|csrf)\w*['\"]?\s*[=:]\s*){VALUE}"), rf"\1{GONE}"),
    (re.compile(r"DETAIL: .*"), f"DETAIL: {GONE}"),
    (re.compile(r"\[parameters: .*"), f"[parameters: {GONE}]"),
    (re.compile(r"input_value=.*?, input_type"), f"input_value={GONE}, input_type"),
    (re.compile(r"[\w.+-]+@(?=[\w-]+\.[\w.-]+)"), f"{GONE}@"),
    (re.compile(r"(?<![\w-])1[3-9]\d{9}(?![\w-])"), GONE),
    (re.compile(r"(?<![\w-])\d{17}[\dXx](?![\w-])"), GONE),
)  # fmt: skip
"""Addresses with a password, tokens, headers, named secrets; what a database or pydantic quotes; e-mail, phone, ID."""


class Failed(Exception):
    """Whatever went wrong, in words that may be written anywhere."""

    def __init__(self, error: Exception) -> None:
        """Take what was raised."""
        super().__init__(words_of(error))


def words_of(error: Exception) -> str:
    """Return the name and the words of what was raised, discreetly."""
    return str(error) if isinstance(error, Failed) else without_secrets(f"{type(error).__name__}: {error}")


@contextmanager
def discreetly() -> Iterator[None]:
    """Let no other error out of a block than `Failed`: for whoever keeps the words of what is raised."""
    try:
        yield
    except Failed:
        raise
    except Exception as error:
        raise Failed(error) from error


class DiscreetRecord(logging.LogRecord):
    """A line of whichever library, discreet wherever it goes: Prefect sends lines of its own to its server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the class it extends
        """Take the line; of an exception, the traceback as it may be written."""
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = without_secrets("".join(traceback.format_exception(*self.exc_info)).rstrip())

    def getMessage(self) -> str:  # noqa: N802 - the name that every formatter calls
        """Return what the line says."""
        return without_secrets(super().getMessage())


def discreet(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out of a line what it must not say; what is no text is looked at as the text it would be written as."""
    for name, value in event.items():
        if not isinstance(value, int | float | None):
            event[name] = without_secrets(value if isinstance(value, str) else str(value))
    return event


def without_secrets(text: str) -> str:
    """Return a text without what is secret or personal."""
    for secret in known_secrets():
        text = text.replace(secret, GONE)
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text


def known_secrets() -> list[str]:
    """Return the secrets of this installation, the longest first."""
    chosen = settings()
    kept = [chosen.web.secret, *chosen.web.former_secrets, chosen.mail.password, chosen.oidc.client_secret]
    in_address = unquote(urlsplit(chosen.database.url).password or "")
    known = {in_address, *(secret.get_secret_value() for secret in kept)}
    return sorted((one for one in known if len(one) >= SHORTEST), key=len, reverse=True)
