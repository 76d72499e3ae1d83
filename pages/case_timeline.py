"""What happened to a case, as its page shows it: the chronicle's sentences and the letters, in order of time."""

from collections.abc import Sequence
from itertools import groupby

from casework.chronicle import is_told, sentence_of
from casework.naming import Naming
from core.i18n import gettext
from models.journal import JournalEntry
from models.organisation import Organisation
from models.person import User
from pages.case_letters import LetterLine
from pages.kit import Enclosure, Happening, Mood
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
    "decision-undone": "warn",
}
OUTCOME_MOODS: dict[str, Mood] = {
    Outcome.APPROVED: "good",
    Outcome.RETURNED: "warn",
    Outcome.REFUSED: "bad",
    Outcome.WITHDRAWN: "bad",
    Outcome.LAPSED: "bad",
}


def timeline_for(entries: Entries, naming: Naming, letters: Sequence[LetterLine] = ()) -> list[Happening]:
    """Return what this reader may know of what happened, with the letters the reader may read, the newest first."""
    shown = [(entry, user) for entry, user, _ in entries if entry.act != TOLD_OTHERWISE]
    told = [_happening(entry, user, naming) for entry, user in shown if is_told(entry, naming.sight)]
    return sorted([*told, *posts(letters)], key=lambda one: one.at)[::-1]


def posts(letters: Sequence[LetterLine]) -> list[Happening]:
    """Return one line for each time that letters of a kind went out together; each opens to its body."""
    in_order = sorted(letters, key=lambda one: one.posted_at)
    together = groupby(in_order, key=lambda one: (one.kind, one.posted_at.replace(microsecond=0)))
    return [_posted(kind, list(found)) for (kind, _), found in together]


def _posted(kind: str, letters: list[LetterLine]) -> Happening:
    at = max(one.posted_at for one in letters)
    enclosed = tuple(_enclosure(one) for one in letters)
    return Happening(at, gettext("发函：{kind}", kind=kind), gettext("系统"), enclosed=enclosed)


def _enclosure(letter: LetterLine) -> Enclosure:
    text = f"{letter.subject}\n\n{letter.text}"
    return Enclosure(gettext("致 {to}", to=letter.recipient), letter.state, letter.look, text, letter.locale)


def _happening(entry: JournalEntry, user: User | None, naming: Naming) -> Happening:
    outcome = str(entry.detail.get("outcome", ""))
    mood = MOODS.get(entry.act) or OUTCOME_MOODS.get(outcome, "plain")
    return Happening(
        at=entry.at,
        title=sentence_of(entry),
        who=naming.actor(entry, user),
        detail=str(entry.detail.get("reason", "")),
        mood=mood,
    )
