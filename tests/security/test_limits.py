"""Rates: so many requests from one address, then 429 with Retry-After, to people and to programs."""

from collections.abc import Iterator

import pytest
from sqlmodel import select
from starlette.requests import Request

from casework import limits
from casework.limits import Allowance
from core.clients import client_address
from core.db import reading, transaction
from models.sign_in import Counter
from tests import cast
from tests.conftest import environment
from tests.security.door import Door
from tests.security.test_sessions import Browser

NOTHING = "00000000-0000-0000-0000-000000000000"
PLACES = (
    ("GET", "/register?q=x", limits.SEARCH), ("GET", "/verify?q=x", limits.SEARCH),
    ("GET", "/api/v1/register?q=x", limits.SEARCH), ("GET", "/api/v1/certificates/x", limits.SEARCH),
    ("POST", "/sign-in", limits.SIGN_IN), ("POST", "/sign-in/code", limits.SIGN_IN),
    ("POST", "/api/v1/sign-in", limits.SIGN_IN), ("POST", "/sign-up", limits.SIGN_UP),
    ("POST", "/forgotten", limits.RESET), ("POST", "/invitations/x", limits.RESET),
    ("POST", f"/publicity/{NOTHING}/objections/{NOTHING}", limits.OBJECTION),
    ("POST", f"/api/v1/publicity/{NOTHING}/cases/JD-2026-0001/objections", limits.OBJECTION),
)  # fmt: skip


@pytest.fixture
def door(database: str) -> Iterator[Door]:
    del database
    door = Door()
    with environment(JIDI_WEB_RATE_LIMITS="true"):
        yield door
    door.runner.close()


@pytest.mark.parametrize(("method", "path", "allowance"), PLACES, ids=[path for _, path, _ in PLACES])
def test_one_too_many_is_told_to_wait(method: str, path: str, allowance: Allowance, door: Door) -> None:
    with transaction() as session:
        for _ in range(allowance.most - 1):
            assert not limits.wait_for(session, allowance, "127.0.0.1")
    assert door.send(method, path).status_code != 429
    answer = door.send(method, path)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 60
    kind = "application/problem+json" if path.startswith("/api/") else "text/html"
    assert answer.headers["content-type"].startswith(kind)


def test_wrong_passwords_from_one_address_pause_it_whatever_the_accounts(door: Door) -> None:
    for turn in range(limits.WRONG.most):
        assert Browser(door).sign_in(f"nobody{turn}@example.com", "wrong") == 401
    answer = door.send("POST", "/sign-in", data={"email": cast.APPLICANT, "password": "wrong"})
    assert answer.status_code == 429
    with reading() as session:
        assert "127.0.0.1" not in str(session.exec(select(Counter)).all())


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        ("[]", "1.2.3.4", "192.0.2.1"),
        ('["192.0.2.0/24"]', "1.2.3.4", "1.2.3.4"),
        ('["192.0.2.0/24"]', "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ('["192.0.2.0/24", "1.2.3.4/32"]', "6.6.6.6, 1.2.3.4", "6.6.6.6"),
        ('["198.51.100.0/24"]', "1.2.3.4", "192.0.2.1"),
        ('["192.0.2.0/24"]', "<script>", ""),
    ],
)
def test_the_address_is_the_sockets_unless_a_named_proxy_says_otherwise(proxies: str, told: str, address: str) -> None:
    scope = {"type": "http", "client": ("192.0.2.1", 1), "headers": [(b"x-forwarded-for", told.encode())]}
    with environment(JIDI_WEB_PROXIES=proxies):
        assert client_address(Request(scope)) == address
