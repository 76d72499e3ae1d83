"""The step that sends what was posted; it never fails a run, a letter that cannot leave waits in its outbox."""

from uuid import UUID

from notifications.delivery import Tally, deliver

from core.settings import settings


def deliver_letters(case_id: UUID | None = None) -> Tally:
    """Send the letters that are due, of one case or of all; nothing when no mail server is set."""
    return deliver(case_id=case_id) if settings().mail.host else Tally()
