"""Tidying: what is old leaves, what may still be needed stays, and never too much at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from casework import tidying
from core.clock import now
from core.db import reading, transaction
from flows.housekeeping import housekeeping
from models.person import ApiToken, IdempotencyKey, SignIn
from tests import cast

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


def enter(*rows):
    owner = cast.person(cast.OFFICE).id
    with transaction() as session:
        for kind, name, more in rows:
            named = {"key": name, "request_sha256": ""} if kind is IdempotencyKey else {"agent": name, "name": name}
            secret = {} if kind is IdempotencyKey else {"token_hash": str(uuid4())}
            session.add(kind(user_id=owner, **named, **secret, **more))


def left():
    with reading() as session:
        keys = session.exec(select(IdempotencyKey.key)).all()
        return sorted([*keys, *session.exec(select(SignIn.agent)), *session.exec(select(ApiToken.name))])


def test_what_is_old_leaves_and_the_rest_stays():
    at = now()
    enter(
        (IdempotencyKey, "old key", {"created_at": at - 31 * DAY}),
        (IdempotencyKey, "key", {"created_at": at - 29 * DAY}),
        (SignIn, "expired long ago", {"expires_at": at - 181 * DAY}),
        (SignIn, "expired", {"expires_at": at - 179 * DAY}),
        (SignIn, "ended", {"expires_at": at + DAY, "ended_at": at - DAY}),
        (ApiToken, "ended long ago", {"expires_at": at + 90 * DAY, "ended_at": at - 181 * DAY}),
        (ApiToken, "living", {"expires_at": at + 90 * DAY}),
    )
    housekeeping.fn()
    assert left() == ["ended", "expired", "key", "living"]


def test_never_too_much_at_once(monkeypatch):
    monkeypatch.setattr(tidying, "MOST", 2)
    enter(*((IdempotencyKey, str(number), {"created_at": now() - 31 * DAY}) for number in range(3)))
    for remaining in (1, 0):
        with transaction() as session:
            tidying.tidy(session)
        assert len(left()) == remaining
