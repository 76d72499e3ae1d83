"""Undoing, standing in, superiors, whose turn in one sentence and the processing time, through the API."""

from datetime import timedelta

import pytest
from sqlmodel import select

from casework.demonstration import HOME, PASSWORD
from casework.people import add_user
from core.clock import today
from core.db import transaction
from models.organisation import Organisation
from regulation.outcomes import Outcome
from regulation.roles import Role
from tests import cast
from tests.stories.telling import Story
from tests.unit.api.program import Engine, as_person, reference_of

pytestmark = pytest.mark.usefixtures("database", "engine")
COLLEAGUE = "tuijian2@example.com"
REASON = {"reason": "误选结论，应为同意推荐。"}


@pytest.fixture
def refused(story: Story) -> Story:
    story.submits()
    story.recommends(Outcome.REFUSED)
    return story


def test_a_decision_is_undone_once_however_often_it_is_asked(refused: Story, engine: Engine) -> None:
    bureau, case = as_person(cast.RECOMMENDER), f"cases/{reference_of(refused.case_id)}"
    decision = bureau.get(case)["decisions"][-1]
    assert (decision["outcome"]["key"], decision["undone_at"], decision["undoing_reason"]) == ("refused", None, "")
    here = f"decisions/{decision['id']}/undoing"
    told = bureau.post(here, REASON, Idempotency_Key="u1")
    assert told["undone_at"]
    assert told["undoing_reason"] == REASON["reason"]
    assert told == bureau.post(here, REASON, Idempotency_Key="u1")
    assert len(engine.heard) == 1
    problem = bureau.refused("POST", here, 409, json=REASON)
    assert "王芳示例" in problem["detail"]
    acts = [line["act"] for line in bureau.get(case)["timeline"]]
    assert acts.count("decision-undone") == 1
    assert bureau.get(case)["outcome"] is None


def test_who_may_not_undo_it(refused: Story) -> None:
    reference = reference_of(refused.case_id)
    here = f"decisions/{as_person(cast.OFFICE).get(f'cases/{reference}')['decisions'][-1]['id']}/undoing"
    as_person(cast.OFFICE).refused("POST", here, 403, json=REASON)
    as_person(cast.OTHER_APPLICANT).refused("POST", here, 404, json=REASON)
    as_person(cast.RECOMMENDER).refused("POST", here, 422, json={"reason": " "})


def test_whose_turn_in_one_sentence(story: Story) -> None:
    story.submits()
    case = f"cases/{reference_of(story.case_id)}"
    full, soft = (as_person(email).get(case)["turn"] for email in (cast.OFFICE, cast.APPLICANT))
    assert full.startswith("现在由武汉市人力资源和社会保障局办理“审核并签署推荐意见”，自 ")
    assert soft.startswith("推荐单位正在审核，预计 ")
    assert soft.endswith(" 前完成。")
    assert as_person(cast.APPLICANT).get("cases")["items"][0]["turn"] == soft


def test_the_processing_time(refused: Story) -> None:
    told = as_person(cast.APPLICANT).get(f"cases/{reference_of(refused.case_id)}")["processing"]
    assert told == {"working_days": 0, "hands": [{"body": "推荐单位", "working_days": 0, "counted": True}]}


def colleague() -> str:
    with transaction() as session:
        bureau = session.exec(select(Organisation).where(Organisation.name == HOME)).one()
        return str(add_user(session, COLLEAGUE, "李明示例", PASSWORD, of=bureau, roles=[Role.RECOMMENDER]).id)


def test_somebody_stands_in_and_the_applicant_is_not_told_for_whom(story: Story) -> None:
    deputy = colleague()
    story.submits()
    bureau, days = as_person(cast.RECOMMENDER), {"first_on": str(today()), "last_on": str(today() + timedelta(3))}
    body = {"deputy": deputy, "reason": "外出学习。"} | days
    told = bureau.post("delegations", body, Idempotency_Key="d1")
    assert (told["absent"], told["deputy"]) == ("王芳示例", "李明示例")
    assert told == bureau.post("delegations", body, Idempotency_Key="d1")
    assert [one["id"] for one in as_person(COLLEAGUE).get("delegations")["items"]] == [told["id"]]
    (duty,) = as_person(COLLEAGUE).get("assignments")["items"]
    as_person(COLLEAGUE).post(f"assignments/{duty['id']}/decision", {"outcome": "approved", "reasons": "符合。"})
    case = f"cases/{reference_of(story.case_id)}"
    assert "（代 王芳示例）" in as_person(cast.OFFICE).get(case)["decisions"][-1]["decided_by"]
    assert "王芳示例" not in str(as_person(cast.APPLICANT).get(case))
    as_person(cast.DECIDER).refused("POST", f"delegations/{told['id']}/end", 404)
    assert bureau.post(f"delegations/{told['id']}/end", status=200)["ended_at"]
    bureau.refused("POST", f"delegations/{told['id']}/end", 409)


def test_everything_wrong_with_a_delegation_at_once() -> None:
    body = {"deputy": str(cast.person(cast.OFFICE).id), "first_on": "2020-01-02", "last_on": "2020-01-01", "reason": ""}
    problem = as_person(cast.RECOMMENDER).refused("POST", "delegations", 422, json=body)
    assert [fault["pointer"] for fault in problem["errors"]] == ["#/first_on", "#/last_on", "#/deputy", "#/reason"]
    other = body | {"absent": str(cast.person(cast.INSPECTORS[0]).id)}
    as_person(cast.RECOMMENDER).refused("POST", "delegations", 403, json=other)


def test_the_superior() -> None:
    person, superior = (str(cast.person(email).id) for email in (cast.RECOMMENDER, cast.DECIDER))
    here = f"people/{person}/superior"
    told = as_person(cast.OFFICE).send("PUT", here, json={"superior": superior}, status=200).json()
    assert told == {"person": person, "superior": superior}
    as_person(cast.OFFICE).refused("PUT", here, 422, json={"superior": person})
    as_person(cast.DECIDER).refused("PUT", here, 403, json={"superior": superior})
    assert as_person(cast.OFFICE).send("PUT", here, json={}, status=200).json()["superior"] is None
