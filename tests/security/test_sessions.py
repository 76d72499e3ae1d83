"""A session begins with a sign-in, belongs to one person, and is dead when it has ended."""

import time
from collections.abc import Iterator
from statistics import median

import httpx
import pytest
from sqlmodel import select

from casework.accounts import close_account, send_password_link
from casework.demonstration import PASSWORD
from core.db import reading, transaction
from models.person import SignIn, User
from tests import cast
from tests.security.door import Door

NEW = "another pass phrase"
pytestmark = pytest.mark.usefixtures("database")


class Browser:
    """Keeps the cookies it is given, and sends the word against forgery of the page it saw last."""

    def __init__(self, door: Door, cookies: dict[str, str] | None = None) -> None:
        self.door = door
        self.cookies = dict(cookies or {})

    def send(self, method: str, path: str, data: dict[str, str] | None = None) -> httpx.Response:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        answer = self.door.send(method, path, headers=headers if self.cookies else {}, data=data)
        for cookie in answer.headers.get_list("set-cookie"):
            name, value = cookie.partition(";")[0].split("=", 1)
            self.cookies[name] = value.strip('"')
        return answer

    def post(self, path: str, **data: str) -> httpx.Response:
        page = self.send("GET", "/account").text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        return self.send("POST", path, data | {"csrf": csrf})

    def sign_in(self, email: str = cast.APPLICANT, password: str = PASSWORD) -> int:
        return self.post("/sign-in", email=email, password=password).status_code

    @property
    def token(self) -> str:
        return self.cookies.get("jidi", "")

    @property
    def lives(self) -> bool:
        return self.send("GET", "/account").status_code == 200


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.runner.close()


@pytest.fixture
def browser(door: Door) -> Browser:
    return Browser(door)


def stolen(browser: Browser) -> Browser:
    """Return another browser with the same cookies."""
    return Browser(browser.door, browser.cookies)


def test_a_cookie_set_beforehand_is_not_adopted(browser: Browser) -> None:
    planted = "planted-by-somebody-else"
    browser.cookies["jidi"] = planted
    assert browser.sign_in() == 303
    assert browser.token != planted
    assert not Browser(browser.door, {"jidi": planted}).lives


def test_signing_in_again_gives_another_token_and_ends_the_one_before(browser: Browser) -> None:
    browser.sign_in()
    before = stolen(browser)
    assert browser.sign_in(cast.OFFICE) == 303
    assert browser.token != before.token
    assert not before.lives
    assert browser.lives


def test_a_failed_sign_in_leaves_the_session_as_it_is(browser: Browser) -> None:
    browser.sign_in()
    assert browser.sign_in(cast.OFFICE, "wrong") == 401
    assert browser.lives


def test_signing_out_kills_the_token(browser: Browser) -> None:
    browser.sign_in()
    before = stolen(browser)
    browser.post("/sign-out")
    assert not browser.token
    assert not before.lives


def test_a_new_password_kills_every_token_of_the_old_one_and_gives_this_browser_another(browser: Browser) -> None:
    browser.sign_in()
    before, elsewhere = stolen(browser), Browser(browser.door)
    elsewhere.sign_in()
    made = browser.door.send("POST", "/api/v1/sign-in", json={"email": cast.APPLICANT, "password": PASSWORD}).json()
    program = {"Authorization": f"Bearer {made['token']}"}
    assert browser.door.send("GET", "/api/v1/me", headers=program).status_code == 200
    changed = browser.post("/account", act="password", old=PASSWORD, new=NEW, again=NEW)
    assert changed.status_code == 303
    assert browser.lives
    assert browser.token != before.token
    assert not before.lives
    assert not elsewhere.lives
    assert browser.door.send("GET", "/api/v1/me", headers=program).status_code == 401
    assert Browser(browser.door).sign_in() == 401
    assert Browser(browser.door).sign_in(password=NEW) == 303


@pytest.mark.parametrize("act", [close_account, send_password_link])
def test_what_the_office_does_to_an_account_kills_its_tokens(act, browser: Browser) -> None:
    browser.sign_in()
    made = browser.door.send("POST", "/api/v1/sign-in", json={"email": cast.APPLICANT, "password": PASSWORD}).json()
    with transaction() as session:
        act(session, cast.person(cast.APPLICANT, session).id, by=cast.person(cast.ADMINISTRATOR, session))
    assert not browser.lives
    program = {"Authorization": f"Bearer {made['token']}"}
    assert browser.door.send("GET", "/api/v1/me", headers=program).status_code == 401


def test_a_session_of_one_person_ends_none_of_another(browser: Browser) -> None:
    browser.sign_in()
    other = Browser(browser.door)
    other.sign_in(cast.OFFICE)
    with reading() as session:
        user = session.exec(select(User.id).where(User.email == cast.OFFICE)).one()
        foreign = session.exec(select(SignIn.id).where(SignIn.user_id == user)).one()
    assert browser.post("/account", act="end-sign-in", sign_in=str(foreign)).status_code == 404
    assert other.lives


def test_the_token_is_nowhere_in_the_record_and_nowhere_in_a_page(browser: Browser) -> None:
    browser.sign_in()
    with reading() as session:
        kept = session.exec(select(SignIn)).one()
    assert browser.token not in str(kept.model_dump())
    assert browser.token not in browser.send("GET", "/account").text
    assert kept.token_hash not in browser.send("GET", "/account").text


def test_only_guesses_that_were_looked_at_count(browser: Browser) -> None:
    for _ in range(4):
        assert browser.sign_in(password="wrong") == 401
    for _ in range(3):
        assert browser.sign_in(password="") == 422
        assert browser.sign_in(password="x" * 2000) == 422
    assert failures() == 4
    assert browser.sign_in(password="wrong") == 401
    for _ in range(10):
        assert browser.sign_in(password="wrong") == 401
    assert failures() == 5, "a guess while locked is not looked at, so it prolongs nothing"


def failures() -> int:
    with reading() as session:
        return session.exec(select(User.failed_sign_ins).where(User.email == cast.APPLICANT)).one()


def test_an_unknown_account_is_answered_like_a_known_one_and_as_slowly(browser: Browser) -> None:
    known, unknown = [], []
    for turn in range(4):
        known.append(timed(browser.door, cast.APPLICANT))
        unknown.append(timed(browser.door, f"nobody{turn}@example.com"))
    texts = {text for text, _ in known + unknown}
    assert len(texts) == 1
    slow, quick = median(s for _, s in known), median(s for _, s in unknown)
    assert 1 / 4 < slow / quick < 4, f"{slow:.3f} s for a known account, {quick:.3f} s for an unknown one"


def timed(door: Door, email: str) -> tuple[str, float]:
    """Guess a password; return the page without the address that was typed, and how long it took."""
    began = time.process_time()
    answer = door.send("POST", "/sign-in", data={"email": email, "password": "wrong"})
    took = time.process_time() - began
    assert answer.status_code == 401
    return answer.text.replace(f'value="{email}"', ""), took
