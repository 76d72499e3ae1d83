"""Numbers that are never given twice and never skipped."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from models.certificate import Series


def next_number(session: Session, name: str) -> int:
    """Take the next number of a series, beginning with 1; it is used or given back with the transaction."""
    taken = (
        insert(Series)
        .values(name=name, last=1)
        .on_conflict_do_update(index_elements=["name"], set_={"last": Series.__table__.c.last + 1})  # type: ignore[attr-defined]
        .returning(Series.__table__.c.last)  # type: ignore[attr-defined]
    )
    return int(session.execute(taken).scalar_one())
