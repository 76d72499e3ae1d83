"""Calls, and what one needs to know before applying."""

import pytest

from casework.demonstration import CALL
from regulation.form.definition import FIELDS
from tests import cast
from tests.unit.api.program import Program, as_person

pytestmark = pytest.mark.usefixtures("database")

NEW = {
    "code": "2026-2",
    "title": "2026年度第二批申报",
    "opens_at": "2026-12-01T09:00:00+08:00",
    "closes_at": "2026-12-31T18:00:00+08:00",
    "policy": {"panel_size": 7},
    "decision": "会议纪要第 3 号（示例）",
}


def test_the_office_opens_a_call() -> None:
    office = as_person(cast.OFFICE)
    made = office.post("calls", NEW, Idempotency_Key="c1")
    assert made == office.post("calls", NEW, Idempotency_Key="c1")
    assert made["opens_at"] == "2026-12-01T01:00:00Z"
    policy = {parameter["key"]: parameter["value"] for parameter in made["policy"]}
    assert (policy["panel_size"], policy["review_days"]) == (7, 10)
    assert Program().get("calls/2026-2") == made
    again = office.refused("POST", "calls", 422, json=NEW)
    assert again["errors"] == [{"pointer": "#/code", "detail": "该批次编号已使用，请另行编号。"}]
    as_person(cast.APPLICANT).refused("POST", "calls", 403, json=NEW)
    Program().refused("POST", "calls", 401, json=NEW)


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"code": "", "title": "", "closes_at": NEW["opens_at"]}, {"#/code", "#/title", "#/closes_at"}),
        ({"policy": {"panel_size": 4, "review_days": 0}}, {"#/policy/panel_size", "#/policy/review_days"}),
        ({"policy": {"review_days": 10**9}}, {"#/policy/review_days"}),
        ({"policy": {"review_days": "10"}}, {"#/policy/review_days"}),
        ({"policy": {"pass_mark": 101}}, {"#/policy/pass_mark"}),
        ({"policy": {"none": 1}}, {"#/policy/none"}),
        ({"opens_at": "2026-12-01T09:00:00"}, {"#/opens_at"}),
        ({"opens_at": "0001-01-01T00:00:00+14:00"}, {"#/opens_at"}),
        ({"opens_at": 1_700_000_000}, {"#/opens_at"}),
        ({"opens_at": "9999-12-31T23:59:59-14:00"}, {"#/opens_at"}),
        ({"code": "2026/2"}, {"#/code"}),
        ({"code": "new"}, {"#/code"}),
        ({"code": "New "}, {"#/code"}),
        ({"title": "字" * 101}, {"#/title"}),
        ({"notice": "a\u0000"}, {"#/notice"}),
    ],
)
def test_every_fault_of_a_call_at_once(changes: dict[str, object], pointers: set[str]) -> None:
    problem = as_person(cast.OFFICE).refused("POST", "calls", 422, json=NEW | changes)
    assert {e["pointer"] for e in problem["errors"]} == pointers


def test_a_pass_mark_that_is_no_number() -> None:
    body = b'{"code": "x-1", "title": "ab", "opens_at": "2026-12-01T09:00:00Z", "closes_at": "2026-12-02T09:00:00Z", '
    headers = {"Content-Type": "application/json"}
    for number in (b"NaN", b"Infinity", b"1e999"):
        content = body + b'"policy": {"pass_mark": ' + number + b"}}"
        problem = as_person(cast.OFFICE).refused("POST", "calls", 422, content=content, headers=headers)
        assert [e["pointer"] for e in problem["errors"]] == ["#/policy/pass_mark"]


def test_the_form_tells_every_field() -> None:
    sections = Program().send("GET", "form", status=200).json()
    assert [field["key"] for section in sections for field in section["fields"]] == list(FIELDS)
    english = Program(Accept_Language="en").send("GET", "form", status=200).text
    assert "申报单位名称" not in english


def test_calls_are_public() -> None:
    calls = Program().get("calls")["items"]
    assert [(call["code"], call["open"]) for call in calls] == [(CALL, True)]
    Program().refused("GET", "calls/none", 404)
    Program().refused("GET", "calls/%00", 404)
