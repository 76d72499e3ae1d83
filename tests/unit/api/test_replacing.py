"""Naming another for somebody who cannot come, through the API."""

import pytest

from regulation.roles import Duty
from tests import cast
from tests.stories.telling import Story
from tests.unit.api.program import Engine, as_person, reference_of

pytestmark = pytest.mark.usefixtures("database", "engine")
FIRST, SECOND = cast.EXPERTS


@pytest.fixture
def under_review(story: Story) -> Story:
    story.submits()
    story.recommends()
    story.assembles_panel()
    return story


def test_from_the_list_to_the_new_duty(under_review: Story, engine: Engine) -> None:
    office, reference = as_person(cast.OFFICE), reference_of(under_review.case_id)
    members = office.get(f"cases/{reference}/members")["items"]
    assert (members[0]["name"], members[0]["leads"]) == ("黄主任示例", True)
    former = next(one for one in members if one["name"] == "赵教授示例")
    here = f"assignments/{former['assignment']}"
    offered = {one["name"]: one["id"] for one in office.get(f"{here}/candidates")["items"]}
    assert "孙教授示例" in offered
    assert not {"赵教授示例", "钱教授示例", "黄主任示例"} & set(offered)
    body = {"member": offered["孙教授示例"]}
    told = office.post(f"{here}/replacement", body, Idempotency_Key="r1")
    assert (told["name"], told["duty"]["key"], told["leads"]) == ("孙教授示例", "review", False)
    assert told == office.post(f"{here}/replacement", body, Idempotency_Key="r1")
    assert len(engine.heard) == 1
    assert as_person(cast.OTHER_EXPERT).get("assignments")["items"][0]["id"] == told["assignment"]
    assert as_person(FIRST).get("assignments")["items"] == []
    assert office.refused("POST", f"{here}/replacement", 409, json=body)["code"] == "stage-closed"


def test_who_cannot_come_instead(under_review: Story) -> None:
    here = f"assignments/{under_review.duty(Duty.REVIEW, FIRST).id}/replacement"
    for email in (FIRST, SECOND, cast.CHAIR, cast.INSPECTORS[0]):
        body = {"member": str(cast.person(email).id)}
        problem = as_person(cast.OFFICE).refused("POST", here, 422, json=body)
        assert problem["errors"] == [{"pointer": "#/member", "detail": "请从所列人员中选择接办人。"}]
    as_person(cast.OFFICE).refused("POST", here, 422, json={})


def test_for_the_office_alone(under_review: Story) -> None:
    reference = reference_of(under_review.case_id)
    here = f"assignments/{under_review.duty(Duty.REVIEW, FIRST).id}"
    body = {"member": str(cast.person(cast.OTHER_EXPERT).id)}
    for email in (FIRST, cast.CHAIR, cast.APPLICANT, cast.RECOMMENDER, cast.DECIDER, cast.AUDITOR, cast.OPERATOR):
        person = as_person(email)
        person.refused("POST", f"{here}/replacement", 403, json=body)
        person.refused("GET", f"{here}/candidates", 403)
        person.refused("GET", f"cases/{reference}/members", 403)
