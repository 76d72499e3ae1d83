"""Certification over the API: the summary, a meeting, a list decided at once, publicity, objections."""

from datetime import date

import pytest
import time_machine
from sqlmodel import select

from casework.demonstration import CALL
from casework.objections.filing import NewObjection, object_to
from core.db import reading, transaction
from models.objection import Objection
from models.publicity import PublicityItem
from regulation.roles import Duty
from tests import cast
from tests.stories.objecting import PERSON, open_in_autumn
from tests.stories.telling import Story, an_application
from tests.unit.api.program import Program, as_person, reference_of

pytestmark = pytest.mark.usefixtures("engine")

MEETING = {
    "kind": "leading-group",
    "title": "领导小组2026年第3次会议",
    "held_on": "2026-09-24",
    "minutes_number": "鄂继教纪要〔2026〕3号",
}


@pytest.fixture
def story(database: str):
    """A case that waits for the department, in a call with minutes and five days of publicity."""
    del database
    with time_machine.travel("2026-09-28T02:00:00Z"):
        open_in_autumn()
        with transaction() as session:
            told = Story(an_application(session))
        told.submits()
        told.under(minutes_required=1, publicity_days=5)
        while told.open_duty() != "certify":
            told.says_yes()
        yield told


def resolved(story: Story) -> None:
    given = {"meeting": MEETING, "items": [{"assignment": str(story.duty(Duty.CERTIFY).id), "outcome": "approved"}]}
    told = as_person(cast.DECIDER).post(f"calls/{CALL}/resolution", given, Idempotency_Key="k")
    assert told == {"decided": [reference_of(story.case_id)]}
    assert as_person(cast.DECIDER).post(f"calls/{CALL}/resolution", given, Idempotency_Key="k") == told
    assert story.turn() == "Awaiting the end of publicity"


def published(story: Story) -> dict[str, object]:
    resolved(story)
    given = {
        "title": "拟认定名单公示", "first_on": "2026-09-28", "contact": "继教办",
        "assignments": [str(story.duty(Duty.PUBLICISE).id)],
    }  # fmt: skip
    told: dict[str, object] = as_person(cast.OFFICE).post("publicity", given)
    story.turn()
    return told


def filed(story: Story, new: NewObjection = PERSON) -> str:
    with transaction() as session:
        item = session.exec(select(PublicityItem).where(PublicityItem.case_id == story.case_id)).one()
        return str(object_to(session, item.id, new).id)


def test_the_summary_in_figures(story: Story) -> None:
    (one,) = as_person(cast.AUDITOR).get(f"calls/{CALL}/summary")
    assert (one["reference"], one["rank"], one["mean"]) == (reference_of(story.case_id), 1, "87.66")
    assert one["votes"] == {"pass": 3, "return": 0, "fail": 0}
    assert one["decided"]["site-inspection"] == "approved"
    as_person(cast.RECOMMENDER).refused("GET", f"calls/{CALL}/summary", 403)


def test_a_decision_names_its_meeting(story: Story) -> None:
    address = f"assignments/{story.duty(Duty.CERTIFY).id}/decision"
    decider = as_person(cast.DECIDER)
    problem = decider.refused("POST", address, 422, json={"outcome": "approved"})
    assert problem["errors"] == [{"pointer": "#/meeting", "detail": "本批次的审定须载明会议日期和纪要文号。"}]
    late = {"outcome": "approved", "meeting": MEETING | {"held_on": "2026-09-29"}}
    problem = decider.refused("POST", address, 422, json=late)
    assert problem["errors"] == [{"pointer": "#/meeting/held_on", "detail": "会议日期不能晚于今天。"}]
    decider.post(address, {"outcome": "approved", "meeting": MEETING})
    (meeting,) = decider.get(f"calls/{CALL}/meetings")
    assert (meeting["minutes_number"], meeting["held_on"]) == ("鄂继教纪要〔2026〕3号", "2026-09-24")


def test_a_list_is_decided_whole_or_not_at_all(story: Story) -> None:
    given = {"meeting": MEETING, "items": [{"assignment": str(story.duty(Duty.CERTIFY).id), "outcome": "refused"}]}
    decider = as_person(cast.DECIDER)
    problem = decider.refused("POST", f"calls/{CALL}/resolution", 422, json=given)
    assert [error["pointer"] for error in problem["errors"]] == ["#/items/0/reasons"]
    problem = decider.refused("POST", f"calls/{CALL}/resolution", 422, json={"items": []})
    assert {error["pointer"] for error in problem["errors"]} == {"#/items", "#/meeting"}
    assert decider.get(f"calls/{CALL}/meetings") == []
    resolved(story)


def test_a_list_is_public_for_whole_working_days(story: Story) -> None:
    told = published(story)
    assert (told["first_on"], told["last_on"], told["days"]) == ("2026-09-28", "2026-10-09", 5)
    public = Program()
    (one,) = public.get("publicity")["items"]
    assert (one["id"], one["state"]["key"]) == (told["id"], "open")
    (line,) = public.get(f"publicity/{told['id']}")["cases"]
    assert (line["unit"], line["recommender"]) == ("江汉示例职业技术学院", "武汉市人力资源和社会保障局")
    past = {"title": "", "first_on": "2026-09-27", "assignments": []}
    problem = as_person(cast.OFFICE).refused("POST", "publicity", 422, json=past)
    assert {error["pointer"] for error in problem["errors"]} == {"#/title", "#/assignments", "#/first_on"}


def test_an_objection_from_receipt_to_answer(story: Story) -> None:
    published(story)
    one = f"objections/{filed(story)}"
    office, applicant = as_person(cast.OFFICE), as_person(cast.APPLICANT)
    theirs = f"cases/{reference_of(story.case_id)}/objections"
    assert applicant.get(theirs) == []
    assert office.get(one)["name"] == "示例举报人"
    assert office.get("objections")["items"][0]["open"] is True
    problem = office.refused("POST", f"{one}/acceptance", 422, json={"gist": " "})
    assert [error["pointer"] for error in problem["errors"]] == ["#/gist"]
    office.post(f"{one}/acceptance", {"gist": "反映培训人数不实。"})
    (told,) = applicant.get(theirs)
    assert told["gist"] == "反映培训人数不实。"
    assert "示例举报人" not in str(told)
    applicant.post(f"{theirs}/{told['id']}/statement", {"statement": "名册系录入错误。"})
    office.post(f"{one}/notes", {"text": "已调阅签到表。"})
    office.post(f"{one}/conclusion", {"result": "dismissed", "reasons": "查无实据。"})
    whole = as_person(cast.DECIDER).get(one)
    assert (whole["result"], whole["answer"], whole["notes"][0]["by"]) == ("dismissed", "查无实据。", "周敏示例")
    office.refused("POST", f"{one}/refusal", 409, json={"reasons": "迟"})
    as_person(cast.AUDITOR).refused("GET", one, 403)
    with reading() as session:
        assert session.exec(select(Objection.due_on)).one() == date(2026, 10, 30)
