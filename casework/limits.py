"""Limits: how often something may be done from one place; counted in the database, so for all processes together.

A place is an address or an account; what is kept of it is a signature, so that nobody reads who asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete

from core.clock import now
from core.security import signature
from core.settings import settings
from models.sign_in import Counter

FORGOTTEN_AFTER = timedelta(days=1)
FAILURES_BEFORE_PAUSE = 5
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Allowance:
    """So many times from one place within a span."""

    name: str
    most: int
    within: timedelta


SIGN_IN = Allowance("sign-in", 60, timedelta(minutes=10))
SEARCH = Allowance("search", 120, timedelta(minutes=1))
SIGN_UP = Allowance("sign-up", 10, timedelta(hours=1))
RESET = Allowance("reset", 10, timedelta(hours=1))
OBJECTION = Allowance("objection", 10, timedelta(hours=1))
WRONG = Allowance("wrong", 20, FORGOTTEN_AFTER)
"""Wrong passwords from one address, whatever the accounts; then a pause that grows."""
RESET_OF_ONE = Allowance("reset-of-one", 3, timedelta(hours=1))
"""Letters to one account, in silence."""


def wait_for(session: Session, allowance: Allowance, place: str) -> int:
    """Count once more; return how many minutes to wait, 0 when this one is allowed."""
    at = now()
    over = col(Counter.since) <= at - allowance.within
    entered = insert(Counter).values(key=key_of(allowance, place), counted=1, since=at)
    counted, since = session.execute(
        entered.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "counted": case((over, 1), else_=col(Counter.counted) + 1),
                "since": case((over, at), else_=col(Counter.since)),
            },
        ).returning(col(Counter.counted), col(Counter.since))
    ).one()
    return minutes_until(since + allowance.within, at) if counted > allowance.most else 0


def pause_of(session: Session, address: str) -> int:
    """Return how many minutes an address must wait after too many wrong passwords, 0 for none."""
    if not settings().limits_rates or not address:
        return 0
    counter, at = session.get(Counter, key_of(WRONG, address)), now()
    if not counter or counter.counted < WRONG.most or counter.since < at - FORGOTTEN_AFTER:
        return 0
    return minutes_until(counter.since + growing(counter.counted - WRONG.most), at)


def count_wrong(session: Session, address: str) -> None:
    """Count a wrong password from an address; `since` is the last one."""
    if not settings().limits_rates or not address:
        return
    at = now()
    entered = insert(Counter).values(key=key_of(WRONG, address), counted=1, since=at)
    forgotten = col(Counter.since) < at - FORGOTTEN_AFTER
    more = case((forgotten, 1), else_=col(Counter.counted) + 1)
    session.execute(entered.on_conflict_do_update(index_elements=["key"], set_={"counted": more, "since": at}))


def growing(turns: int) -> timedelta:
    """Return a pause that doubles: a minute at first, an hour at most."""
    return min(timedelta(minutes=2 ** min(turns, 10)), LONGEST_PAUSE)


def minutes_until(instant: datetime, at: datetime) -> int:
    """Return the minutes until an instant, begun ones too; 0 when it is over."""
    seconds = (instant - at).total_seconds()
    return int(seconds // 60) + 1 if seconds > 0 else 0


def key_of(allowance: Allowance, place: str) -> str:
    """Return the key of a counter."""
    return f"{allowance.name}/{signature('counter', place)[:40]}"


def forget(session: Session) -> int:
    """Take out counters that count nothing any more."""
    old = col(Counter.since) < now() - FORGOTTEN_AFTER
    return int(session.exec(delete(Counter).where(old)).rowcount)
