"""The pool, draws, answers, recusals and rulings through the API."""

import pytest

from core.clock import now
from core.db import transaction
from regulation.roles import Duty
from tests import cast
from tests.stories.panels import a_pool, a_profile, an_expert, identity, panel_of
from tests.stories.telling import Story
from tests.unit.api.program import Engine, as_person, reference_of

pytestmark = pytest.mark.usefixtures("database", "engine")
UNIT = "江汉示例职业技术学院"


@pytest.fixture
def to_be_formed(story: Story) -> Story:
    story.submits()
    story.recommends()
    story.under(continuing_education_share=50, field_experts=1)
    return story


def duty_id(story: Story, duty: Duty, email: str = "") -> str:
    return str(story.duty(duty, email).id)


def test_the_pool_is_told_to_the_office_alone() -> None:
    a_pool(3)
    office = as_person(cast.OFFICE)
    told = {one["name"]: one for one in office.get("experts", limit=200)["items"]}
    assert told["池1示例"]["state"]["key"] == "active"
    assert told["池1示例"]["fields"] == ["information-technology"]
    assert told["赵教授示例"]["state"]["key"] == "unknown"
    assert [one["name"] for one in office.get("experts", kind="field")["items"]] == ["池1示例"]
    assert office.get(f"experts/{told['池1示例']['id']}") == told["池1示例"]
    office.refused("GET", f"experts/{identity(cast.APPLICANT)}", 404)
    for email in (cast.CHAIR, cast.APPLICANT, cast.RECOMMENDER, cast.DECIDER, cast.AUDITOR):
        as_person(email).refused("GET", "experts", 403)


def test_a_draw_from_seed_to_seats(to_be_formed: Story, engine: Engine) -> None:
    a_pool()
    office = as_person(cast.OFFICE)
    body = {"assignments": [duty_id(to_be_formed, Duty.ASSEMBLE_PANEL)], "seed": "2026-001"}
    drawn = office.post("draws", body, Idempotency_Key="d1")
    assert drawn == office.post("draws", body, Idempotency_Key="d1")
    assert drawn["verified"]
    assert drawn["chair"] in drawn["members"]
    assert {one["reason"] for one in drawn["exclusions"]} == {"未建档案"}
    office.refused("POST", "draws", 409, json=body)
    asked = office.post(f"draws/{drawn['id']}/confirmation")
    assert [one["state"] for one in asked["invitations"]] == ["open"] * 3
    emails = {one["expert"]: email for email in pool() for one in asked["invitations"]
              if str(identity(email)) == one["expert"]}  # fmt: skip
    for email in emails.values():
        expert = as_person(email)
        (duty,) = expert.get("assignments")["items"]
        assert duty["act"].endswith("/answer")
        refused = expert.refused("POST", duty["act"], 422, json={"answer": "accept"})
        assert refused["errors"][0]["pointer"] == "#/promise"
        assert expert.post(duty["act"], {"answer": "accept", "promise": True})["state"] == "accepted"
    assert sorted(panel_of(to_be_formed)) == sorted(emails.values())
    assert len(engine.heard) == 1
    told = office.get(f"draws/{drawn['id']}")
    assert told["assembled_at"]
    office.refused("POST", f"draws/{drawn['id']}/discard", 409, json={"reason": "太迟"})


def test_a_draw_that_cannot_be_made_names_rule_and_people(to_be_formed: Story) -> None:
    with transaction() as session:
        an_expert(session, "任职示例", a_profile(employer=UNIT))
    body = {"assignments": [duty_id(to_be_formed, Duty.ASSEMBLE_PANEL)]}
    problem = as_person(cast.OFFICE).refused("POST", "draws", 422, json=body)
    told = {one["detail"] for one in problem["errors"]}
    assert "可抽取的专家 0 人，少于委员会人数 3 人。" in told
    assert f"未列入抽取：任职示例，任职于申报单位，或离职未满规定年限（{UNIT}）。" in told


def test_a_forged_naming_of_somebody_in_conflict_is_refused_with_the_rule(to_be_formed: Story) -> None:
    with transaction() as session:
        tied = an_expert(session, "任职示例", a_profile(employer=UNIT)).id
    office, here = as_person(cast.OFFICE), f"assignments/{duty_id(to_be_formed, Duty.ASSEMBLE_PANEL)}"
    offered = {one["name"]: one for one in office.get(f"{here}/candidates")["items"]}
    assert offered["任职示例"]["conflicts"] == [f"任职于申报单位，或离职未满规定年限（{UNIT}）"]
    members = [str(one) for one in (tied, identity(cast.CHAIR), identity(cast.EXPERTS[0]))]
    problem = office.refused("POST", f"{here}/members", 422, json={"members": members, "leader": members[1]})
    assert "任职示例应当回避" in problem["errors"][0]["detail"]


def test_recusal_and_ruling(to_be_formed: Story) -> None:
    to_be_formed.under(continuing_education_share=0, field_experts=0)
    to_be_formed.assembles_panel()
    first, office = cast.EXPERTS[0], as_person(cast.OFFICE)
    reference = reference_of(to_be_formed.case_id)
    duty = f"assignments/{duty_id(to_be_formed, Duty.REVIEW, first)}"
    asked = as_person(first).post(f"{duty}/recusal", {"reason": "与申报单位负责人为近亲属"})
    as_person(cast.CHAIR).refused("POST", f"{duty}/recusal", 403, json={"reason": "x"})
    opinion = {"score": 90, "recommendation": "pass", "opinion": "条件具备。"}
    assert "本人申请回避" in as_person(first).refused("POST", f"{duty}/review", 409, json=opinion)["detail"]
    (concerned,) = office.get(f"cases/{reference}/conflicts")["items"]
    assert (concerned["place"], concerned["grounds"][0]["conflict"]) == ("seated", asked["id"])
    body = {
        "upheld": True,
        "reason": "情况属实",
        "conflict": asked["id"],
        "substitute": str(identity(cast.OTHER_EXPERT)),
    }
    assert office.post(f"cases/{reference}/conflicts", body)["upheld"]
    office.refused("POST", f"cases/{reference}/conflicts", 409, json=body)
    assert cast.OTHER_EXPERT in panel_of(to_be_formed)
    for email in (first, cast.APPLICANT, cast.AUDITOR, cast.DECIDER):
        as_person(email).refused("GET", f"cases/{reference}/conflicts", 403)


def test_the_applicant_asks_and_never_learns_who_sits(to_be_formed: Story) -> None:
    applicant, reference = as_person(cast.APPLICANT), reference_of(to_be_formed.case_id)
    here = f"cases/{reference}/avoidance"
    body = {"avoided": [{"name": "孙教授示例", "reason": "有竞争关系"}]}
    assert applicant.post(here, body)["items"] == applicant.get(here)["items"] == body["avoided"]
    applicant.refused("POST", here, 422, json=body)
    as_person(cast.OTHER_APPLICANT).refused("GET", here, 404)
    as_person(cast.RECOMMENDER).refused("GET", here, 403)
    to_be_formed.under(continuing_education_share=0, field_experts=0)
    to_be_formed.assembles_panel()
    to_be_formed.review()
    applicant.refused("POST", here, 409, json={"avoided": [{"name": "李教授示例", "reason": "有竞争关系"}]})
    told = applicant.send("GET", f"cases/{reference}", status=200).text
    people = [cast.person(email) for email in panel_of(to_be_formed)]
    assert not [one.name for one in people if one.name in told or str(one.id) in told]


def pool() -> list[str]:
    """Return the addresses of the pool's experts."""
    office = as_person(cast.OFFICE)
    return [one["email"] for one in office.get("experts", q="池", limit=200)["items"]]


PROFILE = {
    "kind": "field", "fields": ["information-technology"], "title": "教授", "recommending_unit": "示例大学",
    "valid_from": "2026-01-01", "employers": [{"name": "示例大学", "from_on": "2015-07-01"}],
}  # fmt: skip


def test_a_profile_is_entered_suspended_and_resumed_by_the_office() -> None:
    office, here = as_person(cast.OFFICE), f"experts/{identity(cast.EXPERTS[0])}"
    told = office.send("PUT", here, status=200, json=PROFILE).json()
    assert (told["kind"]["key"], told["state"]["key"]) == ("field", "active")
    assert [one["employer"] for one in told["employments"]] == ["示例大学"]
    again = office.send("PUT", here, status=200, json=PROFILE | {"title": "研究员"}).json()
    assert (again["title"], len(again["employments"])) == ("研究员", 1)
    wrong = office.refused("PUT", here, 422, json=PROFILE | {"title": "", "employers": [], "kind": "other"})
    assert {one["pointer"] for one in wrong["errors"]} == {"#/kind", "#/title", "#/employers"}
    suspended = office.post(f"{here}/suspension", {"reason": "本人申请"}, Idempotency_Key="s1")
    assert suspended == office.post(f"{here}/suspension", {"reason": "本人申请"}, Idempotency_Key="s1")
    assert suspended["suspension_reason"] == "本人申请"
    office.send("DELETE", f"{here}/suspension", status=204)
    office.refused("DELETE", f"{here}/suspension", 409)
    as_person(cast.CHAIR).refused("PUT", here, 403, json=PROFILE)
    office.refused("PUT", f"experts/{identity(cast.APPLICANT)}", 404, json=PROFILE)


def test_an_answer_by_telephone(to_be_formed: Story) -> None:
    a_pool()
    office = as_person(cast.OFFICE)
    drawn = office.post("draws", {"assignments": [duty_id(to_be_formed, Duty.ASSEMBLE_PANEL)], "seed": "1"})
    (first, *_) = office.post(f"draws/{drawn['id']}/confirmation")["invitations"]
    here = f"draws/{drawn['id']}/invitations/{first['number']}/telephone-answer"
    said = {"answer": "accept", "promise": True, "spoken_at": now().isoformat()}
    lacking = office.refused("POST", here, 422, json=said | {"promise": False})
    assert [one["pointer"] for one in lacking["errors"]] == ["#/promise"]
    told = office.post(here, said, Idempotency_Key="t1")
    assert told == office.post(here, said, Idempotency_Key="t1")
    answered = next(one for one in told["invitations"] if one["number"] == first["number"])
    assert (answered["state"], bool(answered["spoken_at"])) == ("accepted", True)
    office.refused("POST", here, 409, json=said)
    office.refused("POST", here.replace("invitations/1", "invitations/99"), 404, json=said)
