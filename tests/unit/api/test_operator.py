"""Operating through the API: stalled cases, running them again, letters."""

from uuid import uuid4

import pytest
from sqlmodel import select

from casework import runs
from core.db import reading, transaction
from models.case import Case
from models.engine import Bell
from models.message import Message, MessageState
from tests import cast
from tests.conftest import environment
from tests.stories.telling import Story
from tests.unit.api.program import Engine, Program, as_person, reference_of, turn

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def operator(database: str) -> Program:
    del database
    return as_person(cast.OPERATOR)


@pytest.fixture
def broken(story: Story) -> str:
    """A case whose last run has failed."""
    story.submits()
    with transaction() as session:
        case = session.get_one(Case, story.case_id)
        run = runs.begin(session, case, uuid4())
        runs.fail(session, run, [], runs.Failure("open_round", "OSError: disk full", "Traceback: …"))
    return reference_of(story.case_id)


def test_stalled_cases_with_everything_an_operator_needs(operator: Program, broken: str) -> None:
    stalled = operator.get("stalled")["items"]
    assert [case["reference"] for case in stalled] == [broken]
    assert stalled[0]["step"] == "open_round"
    assert stalled[0]["error"] == "OSError: disk full"
    assert stalled[0]["traceback"] == "Traceback: …"
    assert stalled[0]["attempt"] == 1
    assert stalled[0]["page"].endswith(stalled[0]["flow_run_id"])
    assert operator.get("cases", stalled=True)["items"][0]["turns"][0]["holder"] == "系统运维"


def test_running_again_says_what_came_of_each(operator: Program, broken: str, engine: Engine) -> None:
    asked = {"references": ["JD-2026-9999", broken, "x\u00e9"]}
    results = operator.post("stalled/rerun", asked, status=202)["results"]
    assert [(one["reference"], one["result"]) for one in results] == [
        ("JD-2026-9999", "unknown"),
        (broken, "rung"),
        ("x\u00e9", "unknown"),
    ]
    assert len(engine.heard) == 1
    again = operator.post("stalled/rerun", {"references": [broken]}, status=202)["results"]
    assert again[0]["result"] == "already-running"
    assert operator.get("stalled")["items"][0]["asked"]
    assert turn(broken) == "Awaiting local review"
    done = operator.post("stalled/rerun", {"references": [broken]}, status=202)["results"]
    assert done[0]["result"] == "not-stalled"
    assert operator.get("stalled")["items"] == []


def test_a_key_runs_it_again_once(operator: Program, broken: str, engine: Engine) -> None:
    for _ in range(3):
        results = operator.post("stalled/rerun", {"references": [broken]}, status=202, Idempotency_Key="r1")
        assert results["results"][0]["result"] == "rung"
    with reading() as session:
        assert len(session.exec(select(Bell).where(Bell.reason == "run again")).all()) == 1
    assert len(engine.heard) == 1


def test_an_engine_that_is_down_loses_nothing(operator: Program, broken: str, engine: Engine) -> None:
    with environment(JIDI_ENGINE_API_URL="http://127.0.0.1:9/api"):
        operator.post("stalled/rerun", {"references": [broken]}, status=202)
    assert engine.heard == []
    with reading() as session:
        bell = session.exec(select(Bell).where(Bell.reason == "run again")).one()
        assert (bell.attempts, bell.answered_at) == (0, None), "a ring that nobody heard does not count"
    assert operator.get(f"cases/{broken}/runs")["news"] == 1


@pytest.mark.parametrize("references", [[], ["a"] * 201, "a", [1], [None], ["a\u0000"]])
def test_what_running_again_needs(operator: Program, references: object) -> None:
    problem = operator.refused("POST", "stalled/rerun", 422, json={"references": references})
    assert problem["errors"][0]["pointer"].startswith("#/references")


def test_only_operators(broken: str) -> None:
    for email in (cast.APPLICANT, cast.OFFICE, cast.AUDITOR):
        person = as_person(email)
        person.refused("GET", "stalled", 403)
        person.refused("GET", "messages", 403)
        person.refused("POST", "stalled/rerun", 403, json={"references": [broken]})
        person.refused("POST", f"messages/{uuid4()}/send-again", 403)


def test_letters_by_state_and_sent_again(operator: Program, story: Story) -> None:
    story.submits()
    due = operator.get("messages", state="due")["items"]
    assert {letter["letter"] for letter in due} >= {"receipt", "assignment"}
    assert operator.get("messages", state="failed")["items"] == []
    with transaction() as session:
        message = session.get_one(Message, due[0]["id"])
        message.state, message.error, message.attempts = MessageState.FAILED, "550 no such user", 75
    failed = operator.get("messages", state="failed")["items"]
    assert [(letter["id"], letter["error"]) for letter in failed] == [(due[0]["id"], "550 no such user")]
    again = operator.post(f"messages/{due[0]['id']}/send-again", status=202)
    assert (again["state"], again["attempts"]) == ("due", 0)
    with transaction() as session:
        session.get_one(Message, due[0]["id"]).state = MessageState.SENT
    problem = operator.refused("POST", f"messages/{due[0]['id']}/send-again", 409)
    assert problem["detail"] == "该函件已发出，或正在发送，不必重发。"
    operator.refused("POST", f"messages/{uuid4()}/send-again", 404)
    operator.refused("GET", "messages", 422, params={"state": "lost"})
