"""The whole OpenAPI document, operation by operation and role by role: no error of ours, nothing undocumented.

Each role is sent one of the examples of every operation, each another one, once with ids of nobody and once with real
ones. JIDI_SCHEMA_EXAMPLES=20 makes twenty examples of every operation and sends all of them for every role.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.security.conftest import prepared
from tests.security.door import HERE, Door, house
from tests.security.principals import Principal, Who
from tests.security.record import Record

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WANTED = int(os.environ.get("JIDI_SCHEMA_EXAMPLES", "0"))
EXAMPLES = WANTED or 3
OF_THE_FRAMEWORK = frozenset({400, 404, 405, 413, 415})
"""What any address may answer before its operation is asked: unreadable, not there, too much."""
FEW = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def own_record(postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """Make a record of this module's own: what is generated here is also written."""
    with prepared(postgres_url, template, tmp_path_factory.mktemp("schema")) as made:
        yield made


@dataclass(frozen=True)
class Sample:
    """What hypothesis made of one operation."""

    operation: Any
    case: Any

    @property
    def declared(self) -> frozenset[int]:
        """The statuses that the document knows."""
        return frozenset(int(status) for status in self.operation.definition.raw["responses"]) | OF_THE_FRAMEWORK


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    """Make a few requests of every operation of the document."""
    schema, found = schemathesis.openapi.from_dict(house().openapi()), []
    for operation in (one.ok() for one in schema.get_all_operations()):
        found += [Sample(operation, case) for case in cases_of(operation)]
    return found


def cases_of(operation: Any) -> list[Any]:
    found: list[Any] = []

    @FEW
    @given(case=operation.as_strategy())
    def taken(case: Any) -> None:
        found.append(case)

    taken()
    return found


def share_of(who: Who, samples: list[Sample]) -> list[Sample]:
    """Return the samples that somebody is sent: one of each operation, or all that were asked for."""
    if WANTED:
        return samples
    turn = list(Who).index(who)
    each = (list(of) for _, of in groupby(samples, key=lambda sample: sample.operation.label))
    return [of[turn % len(of)] for of in each]


@pytest.mark.timeout(300 if not WANTED else 3600)
@pytest.mark.parametrize("who", list(Who))
def test_every_operation_answers_as_it_says(who: Who, own_record: Record, samples: list[Sample]) -> None:
    principal, door = Principal(who), Door()
    answers = [
        (sample, answer)
        for sample in share_of(who, samples)
        for names in ({}, own_record.named("own", "certify"))
        if (answer := sent(sample.case, names, principal, door)) is not None
    ]
    door.runner.close()
    wrong = {
        f"{sample.operation.method} {sample.operation.path}: {answer.status_code} {answer.text[:200]}"
        for sample, answer in answers
        if answer.status_code not in sample.declared or not is_told_as_json(answer)
    }
    assert not wrong, "\n".join(sorted(wrong))
    assert len(answers) > len(share_of(who, samples)), "most of what was made could not even be sent"
    assert any(answer.status_code < 300 for _, answer in answers)


def test_what_takes_a_key_or_a_body_says_how_it_refuses_them() -> None:
    silent = {
        f"{method} {path}"
        for path, operations in house().openapi()["paths"].items()
        for method, operation in operations.items()
        if not refusals_expected_of(operation) <= operation["responses"].keys()
    }
    assert silent == set()


def refusals_expected_of(operation: dict[str, Any]) -> set[str]:
    keyed = any(one["name"].lower() == "idempotency-key" for one in operation.get("parameters", []))
    return ({"400", "415", "422"} if "requestBody" in operation else set()) | ({"422"} if keyed else set())


def is_told_as_json(answer: httpx.Response) -> bool:
    media = answer.headers.get("content-type", "").partition(";")[0]
    return answer.status_code < 400 or media in {"application/problem+json", "application/json"}


def sent(case: Any, names: dict[str, str], principal: Principal, door: Door) -> httpx.Response | None:
    """Send one request, with ids of nobody or with real ones; what cannot be written down as one is left out."""
    made = case.path_parameters or {}
    case.path_parameters = made | {name: value for name, value in names.items() if name in made}
    given_to = case.as_transport_kwargs(base_url=HERE)
    headers = {name: v for name, v in dict(given_to["headers"] or {}).items() if name.lower() != "authorization"}
    body = {name: given_to[name] for name in ("json", "data") if given_to.get(name) is not None}
    if "files" in given_to:
        body = {"files": {"file": ("paper.pdf", repr(given_to["files"]).encode(), "application/pdf")}}
    query = httpx.QueryParams(given_to.get("params") or {})
    path = given_to["url"].removeprefix(HERE) + (f"?{query}" if query else "")
    try:
        return door.send(case.method, path, headers=headers | principal.bearer, **body)
    except (UnicodeEncodeError, httpx.InvalidURL, TypeError, ValueError):
        return None
