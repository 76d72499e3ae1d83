"""Decisions, reviews, visits and members through the API: who may, once, and with what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from casework.inspections import ITEMS
from core.clock import today
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.stories.telling import Story
from tests.unit.api.program import Engine, as_person, reference_of, turn

pytestmark = pytest.mark.usefixtures("database", "engine")
YES = {"outcome": "approved", "reasons": "符合规定条件。"}


def address(story: Story, duty: Duty, act: str, email: str = "") -> str:
    return f"assignments/{story.duty(duty, email).id}/{act}"


def test_decided_once(story: Story) -> None:
    story.submits()
    here = address(story, Duty.RECOMMEND, "decision")
    recorded = as_person(cast.RECOMMENDER).post(here, YES)
    assert recorded["outcome"] == {"key": "approved", "title": "同意推荐"}
    again = as_person(cast.RECOMMENDER).refused("POST", here, 409, json=YES)
    assert again["code"] == "already-decided"
    assert again["title"] == "已有决定"
    assert "王芳示例" in again["detail"]
    assert "“同意推荐”" in again["detail"]
    english = as_person(cast.RECOMMENDER, Accept_Language="en-GB,en;q=0.9").refused("POST", here, 409, json=YES)
    assert "cannot be decided again" in english["detail"]
    assert not any("\u4e00" <= c <= "\u9fff" for c in english["detail"].replace("王芳示例", "")), english["detail"]


def test_eight_windows_decide_at_once(story: Story, engine: Engine) -> None:
    story.submits()
    here = address(story, Duty.RECOMMEND, "decision")
    person = as_person(cast.RECOMMENDER)
    with ThreadPoolExecutor(8) as windows:
        sent = [windows.submit(person.send, "POST", here, json=YES) for _ in range(8)]
        statuses = sorted(one.result().status_code for one in sent)
    assert statuses == [201] + [409] * 7
    assert len(engine.heard) == 1


def test_a_decision_with_a_key_is_told_the_same_again(story: Story) -> None:
    story.submits()
    here = address(story, Duty.RECOMMEND, "decision")
    person = as_person(cast.RECOMMENDER)
    assert person.post(here, YES, Idempotency_Key="d1") == person.post(here, YES, Idempotency_Key="d1")


def test_not_the_one_who_was_asked(story: Story) -> None:
    story.submits()
    here = address(story, Duty.RECOMMEND, "decision")
    for email in (cast.OFFICE, cast.APPLICANT, cast.CHAIR, cast.OPERATOR, cast.AUDITOR):
        problem = as_person(email).refused("POST", here, 403, json=YES)
        assert problem["detail"] == "该事项未分派给您办理。"
        as_person(email).refused("GET", here.removesuffix("/decision"), 403)
    as_person(cast.OFFICE).refused("POST", f"assignments/{uuid4()}/decision", 404, json=YES)
    as_person(cast.OFFICE).refused("POST", "assignments/no-id/decision", 404, json=YES)


@pytest.mark.parametrize(
    ("body", "pointer", "sentence"),
    [
        ({"outcome": "lapsed"}, "#/outcome", "请从所列选项中选择：'approved', 'returned', 'refused'。"),
        ({"outcome": None}, "#/outcome", "请从所列选项中选择：'approved', 'returned', 'refused'。"),
        ({"outcome": "refused"}, "#/reasons", "作出该结论须说明理由。"),
        ({"outcome": "returned", "reasons": "x"}, "#/corrections", "退回补正须一次性列明全部需补正的内容，每行一项。"),
        ({"outcome": "returned", "reasons": "x", "corrections": "a"}, "#/corrections", "应为列表。"),
        ({"outcome": "returned", "reasons": "x", "corrections": ["a"] * 101}, "#/corrections", "最多 100 项。"),
        ({"outcome": "approved", "reasons": "字" * 2001}, "#/reasons", "理由不超过 2000 字。"),
        ({"outcome": "approved", "reasons": "a\u0000b"}, "#/reasons", "含有不能保存的控制字符，请删除后重新提交。"),
        ({"outcome": "approved", "reasons": 1}, "#/reasons", "应为文本。"),
        ({}, "#/outcome", "请填写该项。"),
    ],
)
def test_what_a_decision_needs(story: Story, body: dict[str, object], pointer: str, sentence: str) -> None:
    story.submits()
    here = address(story, Duty.RECOMMEND, "decision")
    problem = as_person(cast.RECOMMENDER).refused("POST", here, 422, json=body)
    assert problem["errors"] == [{"pointer": pointer, "detail": sentence}]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"outcome": "approved", "reasons": "\\ud800"}', "#/reasons"),
        (b'{"outcome": "approved", "\\udfff": 1}', "#"),
        (b'{"outcome": "approved", "\xe5\xad\x97/~": 1}', "#/%E5%AD%97~1~0"),
    ],
)
def test_what_is_no_text(story: Story, body: bytes, pointer: str) -> None:
    story.submits()
    headers = {"Content-Type": "application/json"}
    here = address(story, Duty.RECOMMEND, "decision")
    problem = as_person(cast.RECOMMENDER).refused("POST", here, 422, content=body, headers=headers)
    assert [e["pointer"] for e in problem["errors"]] == [pointer]


def test_each_duty_by_its_own_act(story: Story) -> None:
    story.submits()
    story.recommends()
    office, here = as_person(cast.OFFICE), address(story, Duty.ASSEMBLE_PANEL, "decision")
    assert office.refused("POST", here, 409, json=YES)["code"] == "stage-closed"
    story.assembles_panel()
    review = address(story, Duty.REVIEW, "decision", cast.CHAIR)
    as_person(cast.CHAIR).refused("POST", review, 409, json=YES)


def test_a_visit_is_not_decided_without_its_record(story: Story) -> None:
    to_the_visit(story)
    here = address(story, Duty.INSPECT, "decision", cast.INSPECTORS[0])
    as_person(cast.INSPECTORS[0]).refused("POST", here, 409, json=YES)


def test_a_correction_is_not_decided_but_submitted(story: Story) -> None:
    story.submits()
    story.recommends(Outcome.RETURNED)
    here = address(story, Duty.CORRECT, "decision")
    as_person(cast.APPLICANT).refused("POST", here, 409, json=YES)
    assert as_person(cast.APPLICANT).get(here.removesuffix("/decision"))["act"] == ""


def test_a_review_once_and_of_a_hundred(story: Story) -> None:
    story.submits()
    story.recommends()
    story.assembles_panel()
    expert, here = as_person(cast.EXPERTS[0]), address(story, Duty.REVIEW, "review", cast.EXPERTS[0])
    opinion = {"score": 88, "recommendation": "pass", "opinion": "条件具备。"}
    for score in (-1, 101, 2**63, 10**400):
        problem = expert.refused("POST", here, 422, json=opinion | {"score": score})
        assert problem["errors"] == [{"pointer": "#/score", "detail": "请填写 0 至 100 的整数分。"}]
    for score in ("88", 88.0, True, None):
        expert.refused("POST", here, 422, json=opinion | {"score": score})
    as_person(cast.EXPERTS[1]).refused("POST", here, 403, json=opinion)
    expert.post(here, opinion)
    assert "赵教授示例" in expert.refused("POST", here, 409, json=opinion)["detail"]


def test_a_panel_of_the_right_people(story: Story) -> None:
    story.submits()
    story.recommends()
    office, here = as_person(cast.OFFICE), address(story, Duty.ASSEMBLE_PANEL, "members")
    experts = [str(cast.person(email).id) for email in (cast.CHAIR, *cast.EXPERTS)]
    few = office.refused("POST", here, 422, json={"members": experts[:2], "leader": experts[1]})
    assert {e["pointer"] for e in few["errors"]} == {"#/members", "#/leader"}
    stranger = office.refused("POST", here, 422, json={"members": [*experts[:2], str(uuid4())], "leader": experts[0]})
    assert stranger["errors"][0]["detail"] == "所选人员不具备相应资格，请重新选择。"
    no_id = office.refused("POST", here, 422, json={"members": ["x"], "leader": 7})
    assert {e["detail"] for e in no_id["errors"]} == {"应为有效的编号（UUID）。"}
    office.post(here, {"members": experts, "leader": experts[0]})
    office.refused("POST", here, 409, json={"members": experts, "leader": experts[0]})


def test_a_visit_with_everything_that_is_wrong_at_once(story: Story) -> None:
    to_the_visit(story)
    inspector, here = as_person(cast.INSPECTORS[0]), address(story, Duty.INSPECT, "inspection", cast.INSPECTORS[0])
    tomorrow = (today() + timedelta(1)).isoformat()
    visit = {"visited_on": tomorrow, "summary": " ", "findings": {"other": {"found": "x", "matches": True}}}
    problem = inspector.refused("POST", here, 422, json=visit | {"outcome": "refused"})
    wrong = {e["pointer"] for e in problem["errors"]}
    assert wrong == {f"#/findings/{i}" for i in (*ITEMS, "other")} | {"#/visited_on", "#/summary", "#/reasons"}
    for day in ("2026-02-30", "20260101", 20260101, "2026-01-01T00:00:00", ""):
        told = inspector.refused("POST", here, 422, json=visit | YES | {"visited_on": day})
        assert told["errors"][0] == {"pointer": "#/visited_on", "detail": "应为日期，例如 2026-11-24。"}


def test_on_a_closed_case(story: Story) -> None:
    story.submits()
    here = address(story, Duty.RECOMMEND, "decision")
    reference = reference_of(story.case_id)
    withdrawn = as_person(cast.APPLICANT).post(f"cases/{reference}/withdrawal", {"reasons": "单位计划调整"})
    assert withdrawn["outcome"]["key"] == "withdrawn"
    assert turn(reference) == "Withdrawn"
    problem = as_person(cast.RECOMMENDER).refused("POST", here, 409, json=YES)
    assert "申报单位撤回" in problem["detail"]
    twice = as_person(cast.APPLICANT).refused("POST", f"cases/{reference}/withdrawal", 409, json={})
    assert twice["code"] == "case-closed"
    assert twice["detail"] == "该申报已办结，不能再办理。"


def test_only_the_institution_withdraws(story: Story) -> None:
    story.submits()
    here = f"cases/{reference_of(story.case_id)}/withdrawal"
    as_person(cast.OTHER_APPLICANT).refused("POST", here, 404, json={})
    as_person(cast.RECOMMENDER).refused("POST", here, 403, json={})
    as_person(cast.OFFICE).refused("POST", here, 403, json={})


def test_an_expert_is_not_named_to_an_applicant_who_comes_second(story: Story) -> None:
    story.submits()
    story.recommends()
    story.assembles_panel()
    story.review()
    as_person(cast.CHAIR).post(address(story, Duty.CONCLUDE, "decision"), YES)
    here = f"cases/{reference_of(story.case_id)}/withdrawal"
    problem = as_person(cast.APPLICANT).refused("POST", here, 409, json={})
    assert "主任委员" in problem["detail"]
    assert "黄主任" not in problem["detail"]


def to_the_visit(story: Story) -> UUID:
    story.submits()
    story.recommends()
    story.assembles_panel()
    story.review()
    story.concludes()
    story.assembles_team()
    return story.duty(Duty.INSPECT).id
