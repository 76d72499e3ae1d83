"""A turnstile: acts that first look whether something is there and then enter it pass one at a time."""

from sqlmodel import Session, func, select


def pass_through(session: Session, act: str) -> None:
    """Wait until nobody else is at this act, and keep the others waiting until the transaction ends.

    The constraints of the database would refuse the second as well, but could not tell it in a sentence.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(act))))


def is_alone(session: Session, act: str) -> bool:
    """Whether nobody else is at this act; if so, nobody else will be until the transaction ends, however it ends."""
    return bool(session.execute(select(func.pg_try_advisory_xact_lock(func.hashtext(act)))).scalar_one())
