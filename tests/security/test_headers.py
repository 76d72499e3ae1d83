"""What every kind of answer carries so that a browser cannot be misused, and what its cookies are."""

from collections.abc import Iterator

import httpx
import pytest

import api.calls
import pages.public
from casework.demonstration import PASSWORD
from tests import cast
from tests.conftest import environment
from tests.security.door import Door
from tests.security.principals import Principal, Who
from tests.security.record import Record, filled

KINDS = {
    "page": "/",
    "page with a form": "/sign-in",
    "page of a person": "/account",
    "case": "/cases/{reference}",
    "caught letter": "/caught-letters/{letter_id}",
    "redirect": "/applications/new?call=2026-1",
    "static file": "/static/{file}",
    "no such page": "/nowhere",
    "no such static file": "/static/nowhere.css",
    "page that is not this person's": "/office/board",
    "page that takes no such method": "/sign-out",
    "paper": "/cases/{reference}/files/{sha256}",
    "paper of the draft": "/applications/{application_id}/files/{sha256}",
    "certificate": "/certificates/{token}.pdf",
    "api": "/api/v1/calls",
    "api of a person": "/api/v1/me",
    "api paper": "/api/v1/cases/{reference}/files/{sha256}",
    "api certificate": "/api/v1/certificates/{token}/pdf",
    "api without such an address": "/api/v1/nowhere",
    "api with a fault": "/api/v1/calls?limit=-1",
    "health": "/healthz",
    "description": "/api/v1/openapi.json",
}
DOWNLOADS = [kind for kind in KINDS if "paper" in kind or "certificate" in kind]
PERSONAL = [kind for kind in KINDS if "paper" in kind or kind in {
    "page of a person", "case", "redirect", "page that is not this person's", "api of a person"}]  # fmt: skip
SERIOUS = {"JIDI_WEB_PUBLIC_URL": "https://jidi.test"}


def asked(kind: str, record: Record, principal: Principal, door: Door) -> httpx.Response:
    path = filled(KINDS[kind], record.named("own", "caught"))
    return door.send("GET", path, headers=principal.browser[0] | principal.bearer)


def guarded(answer: httpx.Response) -> None:
    """Hold an answer to what all answers have in common."""
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] in {"'self'", "'none'"}
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)
    assert "*" not in str(policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(answer.headers["permissions-policy"].split(", "))
    assert "server" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers


@pytest.fixture
def applicant(principals: dict[Who, Principal]) -> Principal:
    return principals[Who.APPLICANT]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_is_guarded(kind: str, record: Record, applicant: Principal, door: Door) -> None:
    guarded(asked(kind, record, applicant, door))


@pytest.mark.parametrize("path", ["/", "/api/v1/calls"])
def test_an_error_of_ours_is_guarded_too_and_tells_nothing(
    path: str, record: Record, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    del record

    def broken(*_: object) -> None:
        message = "the secret of the house"
        raise RuntimeError(message)

    monkeypatch.setattr(pages.public, "open_calls", broken)
    monkeypatch.setattr(api.calls, "all_calls", broken)
    answer = door.send("GET", path)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    guarded(answer)


@pytest.mark.parametrize("path", ["/language", "/api/v1/sign-in"])
def test_a_body_that_is_too_large_is_refused_with_the_same_guards(path: str, record: Record, door: Door) -> None:
    del record
    answer = door.send("POST", path, content=b"x" * 6_000_000, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    guarded(answer)


@pytest.mark.parametrize("kind", PERSONAL)
def test_what_is_shown_to_one_person_is_kept_by_no_browser(
    kind: str, record: Record, applicant: Principal, door: Door
) -> None:
    assert asked(kind, record, applicant, door).headers["cache-control"] == "no-store"


def test_the_office_table_is_kept_by_no_browser(record: Record, principals: dict[Who, Principal], door: Door) -> None:
    del record
    answer = door.send("GET", "/office/cases.csv", headers=principals[Who.OFFICE].browser[0])
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment;")
    guarded(answer)


@pytest.mark.parametrize("kind", DOWNLOADS)
def test_a_file_is_saved_and_never_opened_in_our_pages(
    kind: str, record: Record, applicant: Principal, door: Door
) -> None:
    answer = asked(kind, record, applicant, door)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("kind", KINDS)
def test_browsers_come_back_over_https_only_where_we_are_reached_so(
    kind: str, record: Record, applicant: Principal, door: Door
) -> None:
    assert "strict-transport-security" not in asked(kind, record, applicant, door).headers
    with environment(**SERIOUS):
        assert asked(kind, record, applicant, door).headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest, record: Record) -> Iterator[str]:
    del record
    with environment(**(SERIOUS if request.param == "https" else {})):
        yield request.param


def test_every_cookie_is_out_of_reach_of_scripts_and_of_other_sites(scheme: str, door: Door) -> None:
    given = {"email": cast.DECIDER, "password": PASSWORD}
    signed_in = door.send("POST", "/sign-in", data=given)
    session = signed_in.headers["set-cookie"].partition(";")[0]
    assert session.partition("=")[0] == ("__Host-jidi" if scheme == "https" else "jidi")
    account = door.send("GET", "/account?lang=en", headers={"Cookie": session})
    csrf = account.text.partition('name="csrf" value="')[2].partition('"')[0]
    chosen = door.send("POST", "/language", data={"language": "zh", "csrf": csrf}, headers={"Cookie": session})
    signed_out = door.send("POST", "/sign-out", data={"csrf": csrf}, headers={"Cookie": session})
    notice = next(one for one in signed_out.headers.get_list("set-cookie") if one.startswith("notice="))
    home = door.send("GET", "/", headers={"Cookie": notice.partition(";")[0]})
    answers = (signed_in, account, chosen, signed_out, home)
    cookies = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]
    assert {cookie.partition("=")[0].removeprefix("__Host-") for cookie in cookies} == {"jidi", "language", "notice"}
    for cookie in cookies:
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= attributes, cookie
        assert ("secure" in attributes) is (scheme == "https"), cookie
        assert not any(part.startswith("domain=") for part in attributes), cookie
