"""The description of the API: every operation told, every refusal declared, examples that are true."""

from itertools import chain

import pytest

from api.openapi import TAGS
from tests.unit.api.program import Program, house

SCHEMA = house().openapi()
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, operations in SCHEMA["paths"].items()
    for method, operation in operations.items()
]
PUBLIC = {
    "POST /api/v1/sign-in",
    "GET /api/v1/calls",
    "GET /api/v1/calls/{code}",
    "GET /api/v1/calls/{code}/extensions",
    "GET /api/v1/calls/{code}/attachments",
    "GET /api/v1/calls/{code}/attachments/{sha256}",
    "GET /api/v1/calls/{code}/sheet",
    "GET /api/v1/recommenders",
    "GET /api/v1/form",
    "GET /api/v1/certificates/{number_or_token}",
    "GET /api/v1/certificates/{token}/pdf",
    "GET /api/v1/register",
    "GET /api/v1/publicity",
    "GET /api/v1/publicity/{publicity_id}",
    "POST /api/v1/publicity/{publicity_id}/cases/{reference}/objections",
    "GET /api/v1/announcements",
    "GET /api/v1/announcements/{announcement_id}",
    "GET /api/v1/announcements/{announcement_id}/pdf",
    "GET /healthz",
    "GET /readyz",
}


def test_it_is_served() -> None:
    assert Program().get("/api/v1/openapi.json")["openapi"].startswith("3.1")
    for path in ("/docs", "/redoc"):
        assert Program().send("GET", path).status_code == 404


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_operation_is_told(name: str, operation: dict) -> None:
    assert operation["summary"]
    assert operation["description"].endswith((".", "`"))
    assert set(operation["tags"]) <= set(TAGS)
    assert bool(operation.get("security")) == (name not in PUBLIC)
    answers = {int(status): response for status, response in operation["responses"].items()}
    assert any(status < 300 for status in answers)
    for status, response in answers.items():
        if status < 300 and status != 204:
            assert content_schema(response), f"{name} {status} tells no shape"
        if status >= 400 and name != "GET /readyz":
            assert set(response["content"]) == {"application/problem+json"}
    assert (401 in answers) == (name not in PUBLIC or name.endswith("sign-in"))
    if "requestBody" in operation:
        assert {400, 415, 422} <= set(answers)
    if "{" in name:
        assert 404 in answers
    if operation.get("parameters") and any(p["in"] == "query" for p in operation["parameters"]):
        assert 422 in answers


def content_schema(response: dict) -> object:
    return next(iter(response["content"].values())).get("schema")


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(names) == len(set(names))
    assert all(name.islower() for name in names)


def test_every_shape_has_words_and_examples() -> None:
    for name, schema in SCHEMA["components"]["schemas"].items():
        assert schema.get("description") or name.startswith(("Page_", "Body_")), name
    told = SCHEMA["components"]["schemas"]["Problem"]["properties"]
    assert told["type"]["examples"] == ["/problems/already-decided"]


def test_no_table_is_an_input() -> None:
    bodies = [operation["requestBody"]["content"] for _, operation in OPERATIONS if "requestBody" in operation]
    refs = [content.get("schema", {}).get("$ref", "") for content in chain.from_iterable(b.values() for b in bodies)]
    for ref in filter(None, refs):
        name = ref.rpartition("/")[2]
        assert name.endswith("Given") or name.startswith("Body_"), name
        if name.endswith("Given"):
            assert SCHEMA["components"]["schemas"][name]["additionalProperties"] is False


def test_posts_that_create_take_a_key() -> None:
    keyed = {
        name
        for name, operation in OPERATIONS
        if any(p["name"] == "idempotency-key" for p in operation.get("parameters", ()))
    }
    posts = {name for name, _ in OPERATIONS if name.startswith("POST")}
    secret = {"POST /api/v1/sign-in", "POST /api/v1/tokens", "POST /api/v1/people"}  # what they tell is not kept
    same_file = {  # the same bytes a second time are refused
        "POST /api/v1/assignments/{assignment_id}/photos",
        "POST /api/v1/calls/{code}/attachments",
    }
    changes_nothing = {"POST /api/v1/stalled/plan"}
    assert posts - keyed == secret | same_file | changes_nothing
