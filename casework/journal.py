"""The journal: what happened to a case, line by line; nothing is ever taken out of it."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from casework.people import Person
from models.case import Case
from models.journal import JournalEntry
from models.organisation import Organisation
from models.person import User


def note(  # noqa: PLR0913 - a line of the journal has these parts
    session: Session,
    act: str,
    *,
    case: Case | None,
    by: Person | None,
    stage: str = "",
    round: int = 0,  # noqa: A002 - the word of the house
    **detail: Any,  # noqa: ANN401 - whatever JSON can hold
) -> None:
    """Write one line; `by` is None when the system acted."""
    if by and by.in_place_of:
        detail["in_place_of"] = by.in_place_of.name
    entry = JournalEntry(act=act, stage=stage, round=round, detail=detail)
    entry.case_id = case.id if case else None
    entry.by = by.id if by else None
    session.add(entry)


def timeline_of(session: Session, case_id: UUID) -> list[tuple[JournalEntry, User | None, Organisation | None]]:
    """Return the lines of a case in the order they were written, with who acted."""
    lines = (
        select(JournalEntry, User, Organisation)
        .join(User, col(User.id) == JournalEntry.by, isouter=True)
        .join(Organisation, col(Organisation.id) == User.organisation_id, isouter=True)
        .where(JournalEntry.case_id == case_id)
        .order_by(col(JournalEntry.id))
    )
    return [(entry, user, organisation) for entry, user, organisation in session.exec(lines)]
