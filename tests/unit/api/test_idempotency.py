"""The same request twice is one effect and one answer; `Idempotency-Key`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from casework.demonstration import CALL
from core.db import reading
from models.application import Application, Submission
from models.person import IdempotencyKey
from tests import cast
from tests.stories.telling import Story
from tests.unit.api.program import Engine, Program, as_person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def applicant(database: str) -> Program:
    del database
    return as_person(cast.APPLICANT)


def body_for(applicant: Program, bureau: int = 0) -> dict[str, str]:
    return {"call": CALL, "recommender_id": applicant.get("recommenders")["items"][bureau]["id"]}


def count(table: type) -> int:
    with reading() as session:
        return len(session.exec(select(table)).all())


def test_the_same_again_is_the_same_answer(applicant: Program) -> None:
    headers = {"Idempotency-Key": "begin-1"}
    first = applicant.send("POST", "applications", json=body_for(applicant), headers=headers, status=201)
    again = applicant.send("POST", "applications", json=body_for(applicant), headers=headers, status=201)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert count(Application) == 1


def test_the_same_key_for_something_else(applicant: Program) -> None:
    applicant.post("applications", body_for(applicant), Idempotency_Key="begin-1")
    other = applicant.refused(
        "POST", "applications", 422, json=body_for(applicant, 1), headers={"Idempotency-Key": "begin-1"}
    )
    assert other["detail"] == "该 Idempotency-Key 已用于另一请求，请为新的请求另取一个。"


def test_a_key_is_its_persons(applicant: Program) -> None:
    applicant.post("applications", body_for(applicant), Idempotency_Key="begin-1")
    as_person(cast.OTHER_APPLICANT).post("applications", body_for(applicant), Idempotency_Key="begin-1")
    assert count(Application) == 2


def test_a_refusal_is_not_kept(applicant: Program) -> None:
    headers = {"Idempotency-Key": "begin-1"}
    applicant.refused("POST", "applications", 404, json=body_for(applicant) | {"call": "none"}, headers=headers)
    assert count(IdempotencyKey) == 0
    applicant.post("applications", body_for(applicant), Idempotency_Key="begin-1")


def test_eight_at_once_are_one(applicant: Program, story: Story, engine: Engine) -> None:
    address = f"applications/{story.application_id}"
    headers = {"If-Match": applicant.send("GET", address).headers["etag"], "Idempotency-Key": "file-1"}
    with ThreadPoolExecutor(8) as windows:
        sent = [windows.submit(applicant.send, "POST", f"{address}/submission", headers=headers) for _ in range(8)]
        answers = [one.result() for one in sent]
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.text for answer in answers}) == 1
    assert count(Submission) == 1
    assert len(engine.heard) == 1


def test_eight_at_once_without_a_key_are_one_as_well(applicant: Program, story: Story, engine: Engine) -> None:
    address = f"applications/{story.application_id}"
    headers = {"If-Match": applicant.send("GET", address).headers["etag"]}
    with ThreadPoolExecutor(8) as windows:
        sent = [windows.submit(applicant.send, "POST", f"{address}/submission", headers=headers) for _ in range(8)]
        answers = [one.result() for one in sent]
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert count(Submission) == 1
    assert len(engine.heard) == 1


@pytest.mark.parametrize("key", ["a" * 201, "a b", "\u00e9"])
def test_a_key_that_is_none(applicant: Program, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")}
    problem = applicant.refused("POST", "applications", 422, json=body_for(applicant), headers=headers)
    assert [e["parameter"] for e in problem["errors"]] == ["idempotency-key"]
