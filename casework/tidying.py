"""Tidying: what has served its purpose and is nobody's fact leaves the database, a handful at a time."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, func, select

from casework import limits
from core.clock import now
from models.person import ApiToken, IdempotencyKey, SignIn
from models.sign_in import SingleUseLink

KEYS_KEPT = timedelta(days=30)
"""How long the answer to a request is given again when it is repeated."""
SIGN_INS_KEPT = timedelta(days=180)
"""How long it can be seen who was signed in, and which tokens there were."""
MOST = 1000
"""Rows of each kind that leave at once; the rest the next time."""


def tidy(session: Session) -> int:
    """Take out old answers, and sign-ins and tokens that ended long ago; return how many rows left."""
    at = now()
    old: dict[type[Any], ColumnElement[bool]] = {
        IdempotencyKey: col(IdempotencyKey.created_at) < at - KEYS_KEPT,
        SignIn: _ended(SignIn, at - SIGN_INS_KEPT),
        ApiToken: _ended(ApiToken, at - SIGN_INS_KEPT),
        SingleUseLink: col(SingleUseLink.expires_at) < at - SIGN_INS_KEPT,
    }
    return sum(_take_out(session, kind, condition) for kind, condition in old.items()) + limits.forget(session)


def _ended(kind: type[SignIn | ApiToken], before: datetime) -> ColumnElement[bool]:
    """Return that it ended, or expired, before an instant."""
    return func.least(col(kind.ended_at), col(kind.expires_at)) < before


def _take_out(session: Session, kind: type[Any], condition: ColumnElement[bool]) -> int:
    """Take out at most so many rows; chosen once: a plan may ask a question inside the condition again and again."""
    chosen = select(kind.id).where(condition).limit(MOST).with_for_update(skip_locked=True).cte("chosen")
    return int(session.exec(delete(kind).where(kind.id.in_(select(chosen.c.id)))).rowcount)
