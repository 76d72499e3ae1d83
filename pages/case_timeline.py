"""What happened to a case, as its page shows it: the chronicle's sentences with their colours."""

from collections.abc import Sequence

from casework.chronicle import is_told, sentence_of
from casework.naming import Naming
from models.journal import JournalEntry
from models.organisation import Organisation
from models.person import User
from pages.kit import Happening, Mood
from regulation.outcomes import Outcome

Entries = Sequence[tuple[JournalEntry, User | None, Organisation | None]]

TOLD_OTHERWISE = "round-closed"
"""The decision before it says the same, and the runs say when the system took it up."""

MOODS: dict[str, Mood] = {
    "stalled": "bad",
    "certificate-revoked": "bad",
    "published": "good",
    "certificate-issued": "good",
    "recovered": "good",
    "submitted": "info",
}
OUTCOME_MOODS: dict[str, Mood] = {
    Outcome.APPROVED: "good",
    Outcome.RETURNED: "warn",
    Outcome.REFUSED: "bad",
    Outcome.WITHDRAWN: "bad",
    Outcome.LAPSED: "bad",
}


def timeline_for(entries: Entries, naming: Naming) -> list[Happening]:
    """Return what this reader may know of what happened, the newest first."""
    shown = [(entry, user) for entry, user, _ in entries if entry.act != TOLD_OTHERWISE]
    return [_happening(entry, user, naming) for entry, user in shown if is_told(entry, naming.sight)][::-1]


def _happening(entry: JournalEntry, user: User | None, naming: Naming) -> Happening:
    outcome = str(entry.detail.get("outcome", ""))
    mood: Mood = OUTCOME_MOODS.get(outcome, "plain") if outcome else MOODS.get(entry.act, "plain")
    return Happening(
        at=entry.at,
        title=sentence_of(entry),
        who=naming.actor(entry, user),
        detail=str(entry.detail.get("reason", "")),
        mood=mood,
    )
