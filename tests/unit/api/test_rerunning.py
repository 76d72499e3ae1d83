"""Causes, plans, reruns and the engine room through the API."""

from uuid import uuid4

import pytest
from sqlmodel import select

from core.db import reading
from models.engine import Bell
from models.operating import Rerun
from tests import cast
from tests.unit.api.program import Engine, Program, as_person
from tests.unit.casework.standstill import disk_full, filed, take_turns

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def operator(database: str) -> Program:
    del database
    return as_person(cast.OPERATOR)


@pytest.fixture
def stalled(database: str) -> list[str]:
    del database
    cases = filed(3)
    with disk_full():
        take_turns(cases)
    return cases


def test_a_cause_a_plan_a_rerun_and_what_came_of_it(operator: Program, stalled: list[str], engine: Engine) -> None:
    [cause] = operator.get("stalled/causes")["items"]
    assert (cause["step"], cause["cases"], cause["references"]) == ("close_round", 3, stalled)
    assert "No space left on device" in cause["error"]
    plans = operator.post("stalled/plan", {"cause": cause["key"]}, status=200)["items"]
    foretold = [[step["key"] for step in plan["will_run"]] for plan in plans]
    assert foretold == [["closed submission round 1: approved", "opened local-review round 1"]] * 3
    assert {plan["leads_to"] for plan in plans} == {"Awaiting local review"}
    assert engine.heard == []
    rerun = operator.post("reruns", {"cause": cause["key"]}, status=202, Idempotency_Key="r")
    again = operator.post("reruns", {"cause": cause["key"]}, status=202, Idempotency_Key="r")
    assert again == rerun
    assert rerun["counts"]["running"] == 3
    assert not rerun["settled"]
    assert len(engine.heard) == 3
    with disk_full(below=502):
        take_turns(stalled)
    told = operator.get(f"reruns/{rerun['id']}")
    assert told["settled"]
    assert (told["counts"]["finished"], told["counts"]["failed"]) == (2, 1)
    assert [case["result"] for case in told["cases"]] == ["failed", "finished", "finished"]
    assert [[step["key"] for step in case["did"]] for case in told["cases"]] == [[], foretold[1], foretold[2]]
    assert [one["cases"] for one in operator.get("reruns")["items"]] == [3]
    with reading() as session:
        assert len(session.exec(select(Rerun)).all()) == 1
        assert len(session.exec(select(Bell).where(Bell.reason == "run again")).all()) == 3


@pytest.mark.parametrize(
    "given", [{}, {"cause": "none"}, {"references": ["JD-1999-0001"]}, {"references": ["x"] * 201}]
)
def test_what_is_meant_must_be_there(operator: Program, given: dict[str, object]) -> None:
    for address in ("stalled/plan", "reruns"):
        problem = operator.refused("POST", address, 422, json=given)
        assert problem["errors"][0]["pointer"].startswith("#/references")
    operator.refused("GET", f"reruns/{uuid4()}", 404)


def test_only_operators(stalled: list[str]) -> None:
    for email in (cast.OFFICE, cast.DECIDER, cast.APPLICANT):
        person = as_person(email)
        for address in ("stalled/causes", "reruns", f"reruns/{uuid4()}", "engine"):
            person.refused("GET", address, 403)
        for address in ("stalled/plan", "reruns"):
            person.refused("POST", address, 403, json={"references": stalled})


def test_the_engine_room(operator: Program, stalled: list[str]) -> None:
    told = operator.get("engine")
    assert told["waiting"]["stalled"]["count"] == len(stalled)
    assert told["waiting"]["letters-due"]["count"] >= 0
    assert told["database_bytes"] > 0
    assert not told["engine_answers"], "an engine that answers nonsense does not answer"
