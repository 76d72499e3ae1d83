"""Refusals that have nothing to do with cases: addresses, methods, bodies, languages, and what goes wrong with us."""

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

import api.cases
from tests import cast
from tests.unit.api.program import Program, as_person, house

pytestmark = pytest.mark.usefixtures("database")
JSON = {"Content-Type": "application/json"}


def test_an_address_that_is_none() -> None:
    for path in ("/api/v1/none", "/api/v2", "/api/", "/api/v1/cases/a/b/c/d"):
        problem = Program().refused("GET", path, 404)
        assert problem["code"] == "not-found"
        assert problem["instance"] == path


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "applications/00000000-0000-0000-0000-000000000000", "GET, PATCH"),
        ("DELETE", "cases", "GET"),
        ("PATCH", "tokens", "GET, POST"),
        ("GET", "sign-in", "POST"),
        ("POST", "applications/x/attachments/y", "DELETE, GET, PUT"),
    ],
)
def test_a_method_that_is_none(method: str, path: str, allow: str) -> None:
    answer = Program().send(method, path, status=405)
    assert answer.headers["allow"] == allow
    assert answer.json()["code"] == "method-not-allowed"
    assert answer.json()["detail"] == f"该地址不支持 {method} 方法。"


@pytest.mark.parametrize(
    "body", [b"{", b"", b"\xff\xfe", b'{"a": }', b"[" * 100_000, b"9" * 5000, b'{"email": "a", "password": "b"']
)
def test_json_that_is_none(body: bytes) -> None:
    status = 422 if body == b"" else 400
    problem = Program().refused("POST", "sign-in", status, content=body, headers=JSON)
    assert problem["detail"].endswith("。")


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null", b"true"])
def test_json_of_another_shape(body: bytes) -> None:
    problem = Program().refused("POST", "sign-in", 422, content=body, headers=JSON)
    assert problem["errors"][0]["detail"] in {"应为按名称组织的对象。", "请填写该项。"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x"])
def test_a_body_of_another_kind(kind: str) -> None:
    body = b'{"email": "a", "password": "b"}'
    problem = Program().refused("POST", "sign-in", 415, content=body, headers={"Content-Type": kind})
    assert problem["code"] == "unsupported-media"


@pytest.mark.parametrize("declared", [True, False])
def test_ten_megabytes_of_json(*, declared: bool) -> None:
    async def piecemeal():
        for _ in range(10):
            yield b" " * 2**20

    content = b" " * (10 * 2**20) if declared else piecemeal()
    problem = Program().refused("POST", "sign-in", 413, content=content, headers=JSON)
    assert problem["detail"] == "提交的内容超过 5 MB 的上限，未予接收；请精简后重新提交。"


def test_the_readers_language() -> None:
    for language, word in (("en", "Not found"), ("zh-CN", "未找到"), ("de", "未找到"), ("", "未找到")):
        answer = Program(Accept_Language=language).send("GET", "none", status=404)
        assert answer.json()["title"] == word
        assert answer.headers["content-language"] == ("en" if language == "en" else "zh")


def test_what_goes_wrong_with_us_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        message = "secret detail /etc/passwd"
        raise RuntimeError(message)

    person = as_person(cast.OFFICE, Accept_Language="en")
    monkeypatch.setattr(api.cases, "search_cases", broken)
    problem = person.refused("GET", "cases", 500)
    assert problem["code"] == "internal-error"
    assert "secret" not in str(problem)
    assert problem["detail"].isascii()


def test_a_database_that_is_gone_is_not_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    trouble = OperationalError("SELECT secret", {}, psycopg.OperationalError("10.0.0.5 refused"))

    def gone(*_: object) -> None:
        raise trouble

    person = as_person(cast.OFFICE)
    monkeypatch.setattr(api.cases, "search_cases", gone)
    problem = person.refused("GET", "cases", 503)
    assert problem["code"] == "unavailable"
    assert "10.0.0.5" not in str(problem)


def test_every_answer_is_guarded() -> None:
    for path in ("calls", "none"):
        assert Program().send("GET", path).headers["x-content-type-options"] == "nosniff"


def test_pages_are_not_in_the_description() -> None:
    programs = {"/healthz", "/readyz", "/metrics"}
    assert [one for one in house().openapi()["paths"] if not one.startswith("/api/v1/") and one not in programs] == []


def test_a_page_is_told_as_a_page() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    large = Program(Accept_Language="en").send(
        "POST", "/sign-in", content=b"a=" * (3 * 2**20), headers=form, status=413
    )
    assert large.headers["content-type"].startswith("text/html")
    assert "5 MB" in large.text
    assert Program().send("GET", "/none", status=404).headers["content-type"].startswith("text/html")
