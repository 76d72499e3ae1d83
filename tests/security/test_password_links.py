"""Links by letter: once, for one purpose, for a while; nobody learns from them who has an account."""

import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

import pytest
from sqlmodel import select

from casework.demonstration import PASSWORD
from core.db import reading, transaction
from core.settings import settings
from models.message import Message
from models.person import User
from models.sign_in import SingleUseLink
from notifications.composing import compose, opened
from notifications.delivery import freeze
from tests import cast
from tests.security.door import Door
from tests.security.test_sessions import Browser

NEW = "another pass phrase"
FORGOTTEN = "/forgotten"
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.runner.close()


def asks(door: Door, email: str = cast.APPLICANT) -> str:
    """Ask for a link; return its path as the letter gives it."""
    assert door.send("POST", FORGOTTEN, data={"email": email}).status_code == 200
    with reading() as session:
        letters = session.exec(select(Message).where(Message.letter == "password-reset").order_by(Message.posted_at))
        return opened(letters.all()[-1].facts["path"])


def chooses(door: Door, path: str, password: str = NEW) -> int:
    return door.send("POST", path, data={"new": password, "again": password}).status_code


def test_looking_uses_nothing_up_and_choosing_does(door: Door) -> None:
    signed_in, path = Browser(door), asks(door)
    signed_in.sign_in()
    for _ in range(3):
        answer = door.send("GET", path)
        assert (answer.status_code, answer.headers["referrer-policy"]) == (200, "no-referrer")
        assert answer.headers["cache-control"] == "no-store"
    assert signed_in.lives
    assert chooses(door, path, "kurz") == 422
    assert chooses(door, path) == 303
    assert not signed_in.lives
    assert chooses(door, path, PASSWORD) == 409
    assert Browser(door).sign_in(password=PASSWORD) == 401
    assert Browser(door).sign_in(password=NEW) == 303


def test_a_link_is_for_its_purpose_and_a_newer_one_ends_it(door: Door) -> None:
    first, second = asks(door), asks(door)
    assert door.send("GET", first).status_code == 409
    assert door.send("GET", second.replace("/password-resets/", "/invitations/")).status_code == 409
    assert chooses(door, second) == 303


def test_a_link_is_over_after_its_hour(door: Door) -> None:
    path = asks(door)
    with transaction() as session:
        link = session.exec(select(SingleUseLink)).one()
        assert abs(link.expires_at - link.made_at - timedelta(hours=1)) < timedelta(seconds=1)
        link.expires_at -= timedelta(hours=1, seconds=1)
    assert door.send("GET", path).status_code == chooses(door, path) == 409


def test_a_link_ends_a_lock_out(door: Door) -> None:
    for _ in range(5):
        Browser(door).sign_in(password="wrong")
    assert Browser(door).sign_in() == 401
    assert chooses(door, asks(door)) == 303
    assert Browser(door).sign_in(password=NEW) == 303


def test_the_token_is_in_the_e_mail_and_nowhere_in_the_record(door: Door) -> None:
    path = asks(door)
    token = path.rpartition("/")[2]
    with transaction() as session:
        letter = session.exec(select(Message).where(Message.letter == "password-reset")).one()
        freeze(letter)
        kept = str(letter.model_dump()) + str(session.exec(select(SingleUseLink)).one().model_dump())
        sent = compose(letter, settings().mail)
    assert token not in kept
    for form in ("plain", "html"):
        body = sent.get_body((form,))
        assert body is not None
        assert f"/password-resets/{token}" in body.get_content()
    sealed = letter.facts["path"]
    assert door.send("GET", sealed).status_code == 409, "what an operator sees opens nothing"


def test_nobody_learns_who_has_an_account(door: Door) -> None:
    with transaction() as session:
        session.exec(select(User).where(User.email == cast.AUDITOR)).one().closed_at = None
    known, unknown = [], []
    for turn in range(5):
        known.append(timed(door, cast.APPLICANT))
        unknown.append(timed(door, f"nobody{turn}@example.com"))
    assert len({text for text, _ in known + unknown}) == 1
    slow, quick = median(took for _, took in known), median(took for _, took in unknown)
    assert 1 / 3 < slow / quick < 3, f"{slow:.3f} s for a known account, {quick:.3f} s for an unknown one"
    with reading() as session:
        assert {one.address for one in session.exec(select(Message))} == {cast.APPLICANT}


def timed(door: Door, email: str) -> tuple[str, float]:
    began = time.process_time()
    answer = door.send("POST", FORGOTTEN, data={"email": email})
    return answer.text, time.process_time() - began
