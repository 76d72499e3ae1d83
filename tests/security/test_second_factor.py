"""The second factor: asked for after the password, once a code, required of some roles before anything else."""

import re
import time
from collections.abc import Iterator

import pyotp
import pytest
import time_machine
from sqlmodel import select

from casework import second_factors
from casework.accounts import reset_second_factor
from casework.api_tokens import new_api_token
from casework.demonstration import PASSWORD
from core.clock import now
from core.db import reading, transaction
from core.security import seal, unseal
from models.message import Message
from models.sign_in import RecoveryCode, SecondFactor
from tests import cast
from tests.conftest import environment
from tests.security.door import Door
from tests.security.test_sessions import Browser

PAGE, CODE = "/account/second-factor", "/sign-in/code"
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.runner.close()


@pytest.fixture(autouse=True)
def early_in_a_step() -> Iterator[None]:
    """Begin soon after a half minute has begun, so that none ends between a code and its use."""
    with time_machine.travel(time.time() // 30 * 30 + 2, tick=True):
        yield


@pytest.fixture
def browser(door: Door) -> Browser:
    return Browser(door)


def code_at(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // 30 + steps)


def enrolled(browser: Browser, email: str = cast.OFFICE) -> tuple[str, list[str]]:
    """Sign in and set up an authenticator as a person does; return its secret and the recovery codes."""
    browser.sign_in(email)
    csrf = csrf_of(browser)
    browser.send("POST", PAGE, {"act": "begin", "csrf": csrf})
    page = browser.send("GET", PAGE).text
    secret = re.search(r'id="secret" tabindex="0">([A-Z2-7]{32})<', page)[1]  # type: ignore[index]
    assert "<svg" in page
    answer = browser.send("POST", PAGE, {"act": "confirm", "code": code_at(secret, -1), "csrf": csrf})
    codes = re.search(r'id="recovery-codes" tabindex="0">([^<]+)<', answer.text)[1].split()  # type: ignore[index]
    return secret, codes


def csrf_of(browser: Browser) -> str:
    return browser.send("GET", PAGE).text.partition('name="csrf" value="')[2].partition('"')[0]


def test_setting_it_up_gives_another_token_and_leaves_no_secret_in_the_record(browser: Browser) -> None:
    browser.sign_in(cast.OFFICE)
    before = Browser(browser.door, browser.cookies)
    secret, codes = enrolled(browser)
    assert browser.lives
    assert not before.lives
    assert len(set(codes)) == 10
    with reading() as session:
        kept = str(session.exec(select(SecondFactor)).one()) + str(session.exec(select(RecoveryCode)).all())
    assert secret not in kept
    assert not any(code in kept for code in codes)
    assert not any(code in browser.send("GET", PAGE).text for code in codes)


def test_the_password_alone_opens_nothing_and_the_code_gives_another_token(browser: Browser) -> None:
    secret, _ = enrolled(browser)
    other = Browser(browser.door)
    answer = other.send("POST", "/sign-in", {"email": cast.OFFICE, "password": PASSWORD, "next": "/calls"})
    assert answer.headers["location"] == f"{CODE}?next=%2Fcalls"
    half = Browser(browser.door, other.cookies)
    assert not other.lives
    assert other.send("POST", CODE, {"code": "000000"}).status_code == 401
    assert other.send("POST", CODE, {"code": code_at(secret), "next": "/calls"}).headers["location"] == "/calls"
    assert other.lives
    assert other.token != half.token
    assert not half.lives
    assert half.send("POST", CODE, {"code": code_at(secret, 1)}).headers["location"] == "/sign-in"


def test_a_code_is_taken_once_and_a_clock_may_be_wrong_by_one_step(browser: Browser) -> None:
    secret, _ = enrolled(browser)
    assert taken(browser.door, code_at(secret, 2)) is False
    assert taken(browser.door, code_at(secret, -1)) is False, "it confirmed the authenticator"
    assert taken(browser.door, code_at(secret, 1))
    assert taken(browser.door, code_at(secret, 1)) is False
    assert taken(browser.door, code_at(secret)) is False, "older than the last one"


def test_a_recovery_code_is_taken_once_and_of_its_owner_alone(browser: Browser) -> None:
    _, codes = enrolled(browser)
    _, others = enrolled(Browser(browser.door), cast.DECIDER)
    assert taken(browser.door, others[0]) is False
    assert taken(browser.door, codes[0].upper().replace("-", " "))
    assert taken(browser.door, codes[0]) is False


def taken(door: Door, code: str) -> bool:
    browser = Browser(door)
    browser.send("POST", "/sign-in", {"email": cast.OFFICE, "password": PASSWORD})
    return browser.send("POST", CODE, {"code": code}).headers.get("location", "/sign-in") != "/sign-in"


def test_wrong_codes_lock_the_account_like_wrong_passwords_and_a_right_password_forgets_none(browser: Browser) -> None:
    secret, _ = enrolled(browser)
    for _ in range(5):
        assert taken(browser.door, "000000") is False
    assert Browser(browser.door).sign_in(cast.OFFICE) == 401
    other = Browser(browser.door, browser.cookies)
    assert other.lives, "whoever is signed in stays so"
    assert taken(browser.door, code_at(secret)) is False


def test_programs_need_the_code_as_well(browser: Browser) -> None:
    secret, _ = enrolled(browser)
    given = {"email": cast.OFFICE, "password": PASSWORD}
    refused = browser.door.send("POST", "/api/v1/sign-in", json=given)
    assert (refused.status_code, refused.json()["code"]) == (401, "code-needed")
    assert browser.door.send("POST", "/api/v1/sign-in", json=given | {"code": "000000"}).status_code == 401
    made = browser.door.send("POST", "/api/v1/sign-in", json=given | {"code": code_at(secret)})
    assert made.status_code == 201


def test_whoever_needs_one_is_led_to_it_and_can_do_nothing_else_in_pages_and_programs(browser: Browser) -> None:
    with transaction() as session:
        _, text = new_api_token(session, "before", by=cast.person(cast.OFFICE, session))
    program = {"Authorization": f"Bearer {text}"}
    with environment(JIDI_WEB_SECOND_FACTOR='["office"]'):
        assert browser.sign_in(cast.OFFICE) == 303
        for path in ("/", "/inbox", "/account", "/office/board", "/calls"):
            assert browser.send("GET", path).headers["location"] == PAGE
        csrf = csrf_of(browser)
        assert browser.send("POST", "/account", {"act": "new-token", "csrf": csrf}).headers["location"] == PAGE
        refused = browser.door.send("GET", "/api/v1/me", headers=program)
        assert (refused.status_code, refused.json()["code"]) == (403, "second-factor-owed")
        given = {"email": cast.OFFICE, "password": PASSWORD}
        assert browser.door.send("POST", "/api/v1/sign-in", json=given).status_code == 403
        assert Browser(browser.door).sign_in(cast.AUDITOR) == 303
        enrolled(browser)
        assert browser.lives
        assert browser.door.send("GET", "/api/v1/me", headers=program).status_code == 200
        off = browser.send("POST", PAGE, {"act": "off", "code": "000000", "csrf": csrf_of(browser)})
        assert off.status_code == 409


def test_production_asks_it_of_those_whose_mistakes_cost_most(browser: Browser) -> None:
    with environment(JIDI_EMBEDDED="false", JIDI_WEB_SECRET="s" * 32, JIDI_WEB_PUBLIC_URL="https://jidi.example.com"):
        for email in (cast.OFFICE, cast.DECIDER, cast.OPERATOR, cast.ADMINISTRATOR, cast.AUDITOR, cast.APPLICANT):
            person = cast.person(email)
            with reading() as session:
                owed = second_factors.owes_one(session, person)
            assert owed is (email not in {cast.AUDITOR, cast.APPLICANT})
    del browser


def test_a_lost_one_is_reset_by_another_with_a_reason_and_told_by_letter(browser: Browser) -> None:
    enrolled(browser)
    with transaction() as session:
        office = cast.person(cast.OFFICE, session)
        reset_second_factor(session, office.id, "手机遗失", by=cast.person(cast.ADMINISTRATOR, session))
    assert not browser.lives
    with reading() as session:
        letter = session.exec(select(Message).where(Message.letter == "second-factor-reset")).one()
    assert (letter.address, letter.facts["reasons"]) == (cast.OFFICE, "手机遗失")
    assert Browser(browser.door).sign_in(cast.OFFICE) == 303


def test_a_new_web_secret_opens_what_a_former_one_sealed() -> None:
    sealed = seal("second factor", "geheim")
    with environment(JIDI_WEB_SECRET="n" * 32, JIDI_WEB_FORMER_SECRETS='["for-demonstration-only"]'):
        assert unseal("second factor", sealed) == "geheim"
        assert unseal("second factor", seal("second factor", "neu")) == "neu"
