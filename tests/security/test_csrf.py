"""Nobody acts through somebody else's browser: forms from elsewhere are refused, and cookies open no API."""

from itertools import product

import pytest

from tests.security.door import Door
from tests.security.matrix import API, EVERYONE, MATRIX, PAGES, Line
from tests.security.principals import Principal, Who
from tests.security.record import Record, filled, fingerprint

FORMS = [line for line in PAGES if line.method != "GET"]
HERE = "http://jidi.test"
FOREIGN: dict[str, dict[str, str]] = {
    "another origin": {"Origin": "https://evil.example"},
    "our name in another": {"Origin": "http://jidi.test.evil.example"},
    "our host on another port": {"Origin": "http://jidi.test:8080"},
    "no origin to speak of": {"Origin": "null"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sibling site": {"Sec-Fetch-Site": "same-site", "Origin": "http://other.jidi.test"},
    "another site that claims to be ours": {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
}


def named(line: Line) -> str:
    return " ".join(filter(None, (line.path, line.at, str((line.body or {}).get("act", "")))))


def anybody_let_in(line: Line) -> Who:
    """Return somebody whom the form is for; where nobody may use it now, somebody who is signed in."""
    people = line.who - {Who.ANONYMOUS} if line.who else {Who.APPLICANT}
    return next((who for who in Who if who in people), Who.ANONYMOUS)


def posted(  # noqa: PLR0917 - a request has these parts
    line: Line, record: Record, principal: Principal, door: Door, csrf: str, headers: dict[str, str] | None = None
) -> int:
    names = record.named("own", line.at)
    path, content = filled(line.path, names), filled(dict(line.body or {}), names)
    sent = {"If-Match": '"1"'} | principal.browser[0] | (headers or {})
    return door.send(line.method, path, headers=sent, data=content | {"csrf": csrf}).status_code


@pytest.mark.parametrize("line", FORMS, ids=named)
def test_a_form_is_taken_from_our_own_pages_only(
    line: Line, record: Record, principals: dict[Who, Principal], door: Door
) -> None:
    principal = principals[anybody_let_in(line)]
    own, other = principal.browser[1], principals[Who.AUDITOR if principal.who is not Who.AUDITOR else Who.OFFICE]
    before = fingerprint()
    for csrf in ("", other.browser[1], principal.new_browser()[1], own[:-1], own.upper(), "\udce9é字" * 3):
        assert posted(line, record, principal, door, csrf.encode("utf-8", "replace").decode()) == 403, csrf
    for name, headers in FOREIGN.items():
        assert posted(line, record, principal, door, own, headers) == 403, name
    assert fingerprint() == before, "somebody wrote something"


@pytest.mark.parametrize("line", [line for line in FORMS if line.who == EVERYONE], ids=named)
def test_nor_from_somebody_who_is_not_signed_in(
    line: Line, record: Record, principals: dict[Who, Principal], door: Door
) -> None:
    for name, headers in FOREIGN.items():
        assert posted(line, record, principals[Who.ANONYMOUS], door, "", headers) == 403, name


def test_our_own_pages_are_believed(record: Record, principals: dict[Who, Principal], door: Door) -> None:
    line = next(line for line in FORMS if line.path == "/account")
    principal = principals[Who.OFFICE]
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": HERE}, {"Sec-Fetch-Site": "none"}, {}):
        assert posted(line, record, principal, door, principal.browser[1], headers) == line.ok


@pytest.mark.parametrize("line", [line for line in API if line.who != EVERYONE], ids=named)
def test_a_cookie_opens_no_api(line: Line, record: Record, principals: dict[Who, Principal], door: Door) -> None:
    names = record.named("own", line.at)
    cookie, csrf = principals[anybody_let_in(line)].browser
    headers = cookie | {"X-CSRF-Token": csrf, "If-Match": '"1"', "Sec-Fetch-Site": "same-origin", "Origin": HERE}
    body = {} if line.body is None else {"json": filled(dict(line.body), names)}
    assert door.send(line.method, filled(line.path, names), headers=headers, **body).status_code == 401


@pytest.mark.parametrize(
    ("line", "origin"),
    list(product([line for line in API if line.method != "GET"][:3], ["https://evil.example", HERE])),
)
def test_the_api_invites_no_other_site(line: Line, origin: str, record: Record, door: Door) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": line.method}
    answer = door.send("OPTIONS", filled(line.path, record.named("own", line.at)), headers=asked)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_reading_changes_nothing(record: Record, principals: dict[Who, Principal], door: Door) -> None:
    before = fingerprint()
    for line in MATRIX:
        principal = principals[anybody_let_in(line)]
        if line.method == "GET":
            path = filled(line.path, record.named("own", line.at)) + line.query
            door.send("GET", path, headers=principal.browser[0] | principal.bearer)
    assert fingerprint() == before
