"""What people type is shown and never run: markup, SQL, characters that no column holds, bodies without end."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest

from tests.security.door import HERE, Door
from tests.security.principals import Principal, Who
from tests.security.record import Record, filled, fingerprint

MARKUP = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>", "javascript:alert(1)",
    "</textarea></title><script src=//evil.example></script>", "{{1337*1337}}", "${1337*1337}", "&lt;script&gt;",
    "<a href=javascript:alert(1)>x</a><base href=//evil.example>", "<!--", '" autofocus onfocus="alert(1)',
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
]  # fmt: skip
SQL = [
    "'", '"', "\\", "' OR '1'='1", "'; DROP TABLE users; --", "1; SELECT pg_sleep(9)", "%' AND 1=1 --", "%", "_",
    "') UNION SELECT email, password_hash FROM users --", "$1", "%(q)s", ":q", "{0}",
]  # fmt: skip
UNSTORABLE = ["\x00", "a\x00b", "\x1b[31m", "\ufffe", "字" * 4000, "\r\nSet-Cookie: a=b", "\ud800"]
SEARCHES = (
    (Who.ANONYMOUS, "/register?q={}"), (Who.ANONYMOUS, "/register?area={}"), (Who.ANONYMOUS, "/register?after={}"),
    (Who.ANONYMOUS, "/verify?q={}"), (Who.ANONYMOUS, "/verify/{}"), (Who.ANONYMOUS, "/calls/{}"),
    (Who.ANONYMOUS, "/sign-in?next={}"), (Who.ANONYMOUS, "/?lang={}"), (Who.ANONYMOUS, "/caught-letters?to={}"),
    (Who.ANONYMOUS, "/{}"), (Who.OFFICE, "/office/cases?q={}"), (Who.OFFICE, "/office/cases?sort={}"),
    (Who.OFFICE, "/office/cases?after={}"), (Who.OFFICE, "/office/cases?recommender={}"), (Who.OFFICE, "/cases/{}"),
    (Who.OFFICE, "/office/board?call={}"), (Who.OFFICE, "/office/people?q={}"), (Who.OFFICE, "/office/people?role={}"),
    (Who.OPERATOR, "/operator/letters?q={}"), (Who.OPERATOR, "/operator/letters?after={}"), (Who.OFFICE, "/duties/{}"),
    (Who.APPLICANT, "/applications/new?call={}"), (Who.APPLICANT, "/applications/{}"),
    (Who.ANONYMOUS, "/api/v1/register?q={}"), (Who.ANONYMOUS, "/api/v1/register?after={}"),
    (Who.ANONYMOUS, "/api/v1/certificates/{}"), (Who.OFFICE, "/api/v1/cases?q={}"),
    (Who.OFFICE, "/api/v1/cases?sort={}"),
    (Who.OFFICE, "/api/v1/people?q={}"), (Who.OPERATOR, "/api/v1/messages?q={}"), (Who.OFFICE, "/api/v1/cases/{}"),
)  # fmt: skip
FORMS: tuple[tuple[Who, str, tuple[str, ...]], ...] = (
    (Who.ANONYMOUS, "/sign-in", ("email", "next")),
    (Who.ANONYMOUS, "/sign-up", ("organisation", "credit_code", "area_code", "name", "email", "next")),
    (Who.OFFICE, "/office/calls/new", ("code", "title", "notice", "opens_at", "panel_size")),
    (Who.OFFICE, "/office/people/new", ("email", "name", "title", "roles", "organisation_id", "body-name")),
    (Who.EXPERT, "/cases/{reference}", ("reasons",)),
    (Who.APPLICANT, "/account", ("act", "name", "days", "token")),
    (Who.DECIDER, "/duties/{assignment_id}", ("outcome", "corrections")),
    (Who.OPERATOR, "/operator/reruns", ("ids",)),
)
ATTRIBUTES = ("href", "src", "action", "formaction", "srcset", "data")
OURS = ("/", "#", "?", f"{HERE}/")


class Dangers(HTMLParser):
    """Whatever in a page would run, or lead away: nothing of the kind is in a page of ours."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in {"iframe", "object", "embed", "base", "style"} or (tag == "script" and not given.get("src")):
            self.found.append(tag)
        self.found += [name for name in given if name.startswith("on") or name in {"style", "srcdoc"}]
        self.found += [f"{tag} {n}={given[n]}" for n in ATTRIBUTES if n in given and not leads_home(given[n])]
        if given.get("http-equiv", "").lower() == "refresh":
            self.found.append("refresh")


def leads_home(address: str) -> bool:
    plain = address.strip()
    return not plain or (plain.startswith(OURS) and not plain.startswith(("//", "/\\"))) or plain.startswith("mailto:")


def harmless(answer: httpx.Response, about: object) -> None:
    """Hold an answer to what no payload may change."""
    assert answer.status_code < 500, f"{about!r}: {answer.status_code}"
    assert "a=b" not in answer.headers.get("set-cookie", "")
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert not Dangers(answer.text).found, f"{about!r}: {Dangers(answer.text).found}"
        assert "1787569" not in answer.text, about


@pytest.fixture(autouse=True)
def unharmed(record: Record) -> Iterator[None]:
    del record
    before = fingerprint()
    yield
    assert fingerprint() == before, "somebody wrote something"


@pytest.mark.parametrize(("who", "address"), SEARCHES, ids=[address for _, address in SEARCHES])
def test_what_stands_in_an_address(who: Who, address: str, principals: dict[Who, Principal], door: Door) -> None:
    headers = principals[who].browser[0] | principals[who].bearer
    for payload in [*MARKUP, *SQL, *UNSTORABLE]:
        asked = address.replace("{}", quote(payload.encode("utf-8", "surrogatepass"), safe=""))
        harmless(door.send("GET", asked, headers=headers), (address, payload[:60]))


@pytest.mark.parametrize(("who", "path", "fields"), FORMS, ids=[path for _, path, _ in FORMS])
def test_what_is_typed_into_a_form(  # noqa: PLR0917 - three of them are the example
    who: Who, path: str, fields: tuple[str, ...], record: Record, principals: dict[Who, Principal], door: Door
) -> None:
    cookie, csrf = principals[who].browser
    place = filled(path, record.named("own", "certify"))
    for payload in [*MARKUP, *SQL, *UNSTORABLE]:
        typed = {field: payload.encode("utf-8", "surrogatepass") for field in fields} | {"csrf": csrf.encode()}
        body = b"&".join(name.encode() + b"=" + quote(value).encode() for name, value in typed.items())
        headers = cookie | {"Content-Type": "application/x-www-form-urlencoded"}
        answer = door.send("POST", place, headers=headers, content=body)
        harmless(answer, (path, payload[:60]))
        assert answer.status_code in {303, 401, 403, 404, 409, 422}, f"{payload[:60]!r}: {answer.status_code}"


@pytest.mark.parametrize(
    "raw", [b"%ff%fe", b"%ED%A0%80", b"\xff\xfe=\xff", b"=&=&&", b"a" * 300_000, b"%", b"csrf=%00"]
)
def test_a_form_that_is_none(raw: bytes, principals: dict[Who, Principal], door: Door) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for who in (Who.ANONYMOUS, Who.OFFICE):
        for path in ("/sign-in", "/language", "/office/calls/new"):
            answer = door.send("POST", path, headers=headers | principals[who].browser[0], content=raw)
            assert answer.status_code in {401, 403, 422}, answer.status_code


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "\u00b2", "9" * 40, "0x10", " 5", ""])
def test_a_length_that_is_no_number(length: str, door: Door) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": length.encode("latin-1")}
    for path in ("/sign-in", "/api/v1/sign-in"):
        answer = door.send("POST", path, headers=headers, content=b"a=b")  # type: ignore[arg-type]  # as it comes
        assert answer.status_code in {400, 413, 415, 422}, answer.status_code


@pytest.mark.parametrize("payload", [*MARKUP, *SQL])
def test_what_a_program_sends_comes_back_as_json_and_nothing_else(
    payload: str, record: Record, principals: dict[Who, Principal], door: Door
) -> None:
    application = record.ids["own"]["application_id"]
    bodies = {
        "/api/v1/sign-in": {"email": payload, "password": payload},
        "/api/v1/people": {"email": payload, "name": payload, "roles": [payload]},
        "/api/v1/stalled/rerun": {"references": [payload]},
        f"/api/v1/applications/{application}": {"base_name": payload, payload: payload},
    }
    for path, body in bodies.items():
        who = {"/api/v1/people": Who.OFFICE, "/api/v1/stalled/rerun": Who.OPERATOR}.get(path, Who.APPLICANT)
        method = "PATCH" if "applications" in path else "POST"
        answer = door.send(method, path, headers=principals[who].bearer | {"If-Match": '"1"'}, json=body)
        assert answer.status_code < 500
        assert answer.headers["content-type"].partition(";")[0] in {"application/json", "application/problem+json"}
        json.loads(answer.text)


@pytest.mark.parametrize(
    ("path", "kind", "megabytes"),
    [
        ("/sign-in", "application/x-www-form-urlencoded", 10),
        ("/sign-up", "application/x-www-form-urlencoded", 10),
        ("/api/v1/sign-in", "application/json", 10),
        ("/verify/x", "multipart/form-data; boundary=x", 30),
        ("/api/v1/applications/x/attachments/y", "multipart/form-data; boundary=x", 30),
    ],
)
@pytest.mark.parametrize("declared", [True, False])
def test_a_body_without_end_is_refused(path: str, kind: str, megabytes: int, declared: bool, door: Door) -> None:  # noqa: FBT001
    whole = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n' + b"a" * (megabytes * 2**20)

    async def flowing():
        for start in range(0, len(whole), 2**18):
            yield whole[start : start + 2**18]

    content = whole if declared else flowing()
    method = "PUT" if "attachments" in path else "POST"
    answer = door.send(method, path, headers={"Content-Type": kind}, content=content)
    assert answer.status_code == 413
