"""The step that sends what was posted; it never fails a run, a letter that cannot leave waits in its outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from core.settings import settings
from notifications.delivery import Tally, deliver


def deliver_letters(case_id: UUID | None = None) -> Tally:
    """Send the letters that are due, of one case or of all; nothing when no mail server is set."""
    return deliver(case_id=case_id) if settings().mail.host else Tally()


@contextmanager
def letters_afterwards(case_id: UUID) -> Iterator[None]:
    """Send what a block has posted about a case, also when it failed: the operator's letter is among them."""
    try:
        yield
    finally:
        deliver_letters(case_id)
