"""What stands in an address, read with care: words that the database can hold, and ids that may be none."""

import re
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator

from core.errors import NotFound

LONGEST = 100
UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def words(text: str) -> str:
    """Return what was asked for, cut to a sensible length and without characters that no text column holds."""
    return UNSTORABLE.sub("", text)[:LONGEST].strip()


def maybe_identity(text: str) -> UUID | None:
    """Return the id, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def identity(text: str) -> UUID:
    """Return the id; what is none leads nowhere, like an unknown one."""
    found = maybe_identity(text)
    if not found:
        raise NotFound
    return found


Words = Annotated[str, AfterValidator(words)]
"""A text from an address."""
KnownId = Annotated[UUID, BeforeValidator(identity)]
"""An id from an address."""
