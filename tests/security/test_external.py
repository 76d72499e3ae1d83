"""Signing in by a provider that really answers: who is linked gets in, and whatever is not exactly right does not."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from sqlmodel import func, select

from casework.accounts import NewStaff, open_account
from core import oidc
from core.db import reading, transaction
from core.settings import Settings
from models.message import Message
from models.person import User
from models.sign_in import ExternalIdentity
from notifications.composing import opened
from regulation.roles import Role
from tests import cast
from tests.conftest import environment
from tests.security.door import Door
from tests.security.provider import CLIENT, SECRET, Provider, provider
from tests.security.test_sessions import Browser

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.allow_hosts(["127.0.0.1"])]
BEGIN = "/sign-in/external"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as made:
        yield made


@pytest.fixture
def there(running: Provider, database: str) -> Iterator[Provider]:
    del database
    running.subject, running.claims, running.algorithm, running.moved = "subject-1", {}, "RS256", ""
    oidc._known.clear()
    with environment(
        JIDI_OIDC_ISSUER=running.url, JIDI_OIDC_CLIENT_ID=CLIENT, JIDI_OIDC_CLIENT_SECRET=SECRET,
        JIDI_WEB_PUBLIC_URL="http://jidi.test",
    ):  # fmt: skip
        yield running
    oidc._known.clear()


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.runner.close()


def goes(browser: Browser, query: str = "") -> str:
    """Go to the provider and be sent back; return the path that the browser is sent to."""
    leads = browser.send("GET", BEGIN + query)
    assert leads.status_code == 303
    back = httpx.get(leads.headers["location"], follow_redirects=False).headers["location"]
    return back.removeprefix("http://jidi.test")


def signs_in(browser: Browser, query: str = "") -> httpx.Response:
    return browser.send("GET", goes(browser, query))


def linked(door: Door, email: str = cast.AUDITOR) -> Browser:
    browser = Browser(door)
    browser.sign_in(email)
    assert signs_in(browser).headers["location"] == "/account"
    return browser


def test_who_linked_an_account_after_the_password_signs_in_with_it(there: Provider, door: Door) -> None:
    linked(door)
    browser = Browser(door)
    assert signs_in(browser, "?next=/calls").headers["location"] == "/calls"
    assert browser.lives
    there.subject = "somebody else"
    assert signs_in(Browser(door)).status_code == 401
    with reading() as session:
        assert session.exec(select(ExternalIdentity.subject)).all() == ["subject-1"]


def test_an_unknown_subject_gets_no_account_and_no_link_by_its_address(there: Provider, door: Door) -> None:
    there.claims = {"email": cast.AUDITOR, "email_verified": True}
    before = people()
    assert signs_in(Browser(door)).status_code == 401
    assert people() == before
    with environment(JIDI_OIDC_BY_EMAIL="true"):
        there.claims = {"email": cast.AUDITOR, "email_verified": False}
        assert signs_in(Browser(door)).status_code == 401
        there.claims = {"email": cast.AUDITOR, "email_verified": True}
        assert signs_in(Browser(door)).status_code == 303


def people() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(User)).one()


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"exp": int(time.time()) - 600}, {"aud": "another"}, {"iss": "http://127.0.0.1:1"},
        {"aud": [CLIENT, "another"]}, {"sub": None}, {"iat": int(time.time()) + 6000},
    ],
    ids=["nonce", "expired", "audience", "issuer", "several audiences", "no subject", "of tomorrow"],
)  # fmt: skip
def test_a_token_that_is_not_exactly_right_opens_nothing(claims: dict[str, Any], there: Provider, door: Door) -> None:
    linked(door)
    there.claims = claims
    browser = Browser(door)
    assert signs_in(browser).status_code == 401
    assert not browser.lives


@pytest.mark.parametrize("algorithm", ["none", "another key"])
def test_a_token_without_the_providers_signature_opens_nothing(algorithm: str, there: Provider, door: Door) -> None:
    linked(door)
    there.algorithm = algorithm
    assert signs_in(Browser(door)).status_code == 401


def test_a_code_comes_back_to_the_browser_that_began_once_and_with_its_state(there: Provider, door: Door) -> None:
    del there
    linked(door)
    browser = Browser(door)
    back = goes(browser)
    assert Browser(door).send("GET", back).status_code == 401, "another browser"
    assert browser.send("GET", back.replace("state=", "state=x")).status_code == 401
    kept = Browser(door, browser.cookies)
    assert browser.send("GET", back).status_code == 303
    assert kept.send("GET", back).status_code == 401, "the code was used"


def test_a_stolen_flow_links_nobody_elses_account(there: Provider, door: Door) -> None:
    del there
    attacker = Browser(door)
    back = goes(attacker)
    victim = Browser(door, attacker.cookies)
    victim.sign_in(cast.OFFICE)
    assert victim.send("GET", back).status_code == 401


def test_no_redirect_of_the_provider_is_followed(there: Provider, door: Door) -> None:
    there.moved = "http://127.0.0.1:1/internal"
    assert Browser(door).send("GET", BEGIN).status_code == 503


def test_outside_the_embedded_mode_the_provider_is_reached_over_https_alone() -> None:
    serious = {"JIDI_EMBEDDED": "false", "JIDI_WEB_SECRET": "s" * 32, "JIDI_WEB_PUBLIC_URL": "https://jidi.example.com"}
    with environment(**serious), pytest.MonkeyPatch.context() as patched:
        patched.setenv("JIDI_OIDC_ISSUER", "http://id.example.com")
        with pytest.raises(ValidationError, match="https"):
            Settings()


def invited(door: Door) -> str:
    """Invite somebody; return the path of the letter's link."""
    with transaction() as session:
        administrator = cast.person(cast.ADMINISTRATOR, session)
        body = session.exec(select(User.organisation_id).where(User.email == cast.OFFICE)).one()
        new = NewStaff("xinren@example.com", "新人示例", [Role.AUDITOR], organisation_id=body)
        open_account(session, new, by=administrator)
    with reading() as session:
        letter = session.exec(select(Message).where(Message.letter == "account-opened")).one()
    path = opened(letter.facts["path"])
    assert f"{path}/external" in door.send("GET", path).text
    return path


def test_who_is_invited_takes_the_account_up_without_a_password(there: Provider, door: Door) -> None:
    path, browser = invited(door), Browser(door)
    leads = browser.send("GET", f"{path}/external")
    back = httpx.get(leads.headers["location"], follow_redirects=False).headers["location"]
    assert browser.send("GET", back.removeprefix("http://jidi.test")).status_code == 303
    assert browser.lives
    assert door.send("GET", path).status_code == 409, "the invitation was used"
    again = Browser(door)
    assert signs_in(again).status_code == 303
    assert again.lives
    there.subject = "somebody else"
    assert signs_in(Browser(door)).status_code == 401


def test_an_identity_that_is_somebodys_takes_no_invitation_up(there: Provider, door: Door) -> None:
    del there
    linked(door)
    path, browser = invited(door), Browser(door)
    leads = browser.send("GET", f"{path}/external")
    back = httpx.get(leads.headers["location"], follow_redirects=False).headers["location"]
    assert browser.send("GET", back.removeprefix("http://jidi.test")).status_code == 409
    assert not browser.lives
    assert door.send("GET", path).status_code == 200, "the invitation is still good"


def test_no_invitation_leads_to_the_provider_where_it_is_over_or_somebody_is_signed_in(
    there: Provider, door: Door
) -> None:
    del there
    path = invited(door)
    assert door.send("GET", "/invitations/nothing/external").status_code == 409
    browser = Browser(door)
    browser.sign_in(cast.AUDITOR)
    assert browser.send("GET", f"{path}/external").status_code == 404


def test_no_other_site_and_no_letter_leads_past_the_page_that_names_the_account(there: Provider, door: Door) -> None:
    del there
    path = invited(door)
    for site in ("cross-site", "same-site", "none"):
        leads = door.send("GET", f"{path}/external", headers={"Sec-Fetch-Site": site})
        assert (leads.status_code, leads.headers["location"]) == (303, path)
    leads = door.send("GET", f"{path}/external", headers={"Sec-Fetch-Site": "same-origin"})
    assert "/authorize?" in leads.headers["location"]


def test_an_invitation_that_was_used_meanwhile_links_nobody(there: Provider, door: Door) -> None:
    del there
    path, browser = invited(door), Browser(door)
    leads = browser.send("GET", f"{path}/external")
    back = httpx.get(leads.headers["location"], follow_redirects=False).headers["location"]
    chosen = {"new": "another pass phrase", "again": "another pass phrase"}
    assert door.send("POST", path, data=chosen).status_code == 303
    assert browser.send("GET", back.removeprefix("http://jidi.test")).status_code == 409
    assert not browser.lives
    with reading() as session:
        assert session.exec(select(ExternalIdentity)).all() == []
