"""A visit through the API: its day, what it compares, photos, the record that the team stands by."""

import hashlib
from datetime import timedelta

import pytest
from icalendar import Calendar

from core.clock import today
from regulation.checklist import checklist
from regulation.form.example import example
from regulation.roles import Duty
from tests import cast
from tests.photos import a_photo
from tests.stories.telling import Story
from tests.unit.api.program import API, as_person, reference_of

pytestmark = pytest.mark.usefixtures("database", "engine")
LEADER, SECOND = cast.INSPECTORS
ITEMS = ("faculty", "management", "premises", "funds", "training")
RECORD = {
    "visited_on": today().isoformat(), "summary": "已察看。", "outcome": "approved", "reasons": "符合。",
    "representative": "林示例", "findings": {item: {"found": "与申报一致", "matches": True} for item in ITEMS},
}  # fmt: skip


def test_the_day_from_the_offer_to_the_cancellation(visited: Story) -> None:
    here = f"cases/{reference_of(visited.case_id)}/visit"
    leader, unit, office = as_person(LEADER), as_person(cast.APPLICANT), as_person(cast.OFFICE)
    days = [(today() + timedelta(days=n)).isoformat() for n in (3, 4, 5)]
    leader.refused("GET", f"{here}/calendar", 404)
    assert leader.post(f"{here}/offer", {"days": days[:2]})["offers"][0]["days"] == days[:2]
    declined = unit.post(f"{here}/answer", {"reasons": "统考。", "proposed": [days[2]]})
    assert (declined["offers"][0]["reasons"], declined["agreed_on"]) == ("统考。", None)
    office.post(f"{here}/offer", {"days": days[1:], "note": "上午九点。"})
    agreed = unit.post(f"{here}/answer", {"day": days[1]}, Idempotency_Key="a1")
    assert agreed == unit.post(f"{here}/answer", {"day": days[1]}, Idempotency_Key="a1")
    assert (agreed["agreed_on"], agreed["sequence"], agreed["note"]) == (days[1], 0, "上午九点。")
    assert leader.post(f"{here}/move", {"day": days[2], "reasons": "积雪。"})["sequence"] == 1
    (event,) = Calendar.from_ical(unit.send("GET", f"{API}/{here}/calendar").content).events
    assert (event["SEQUENCE"], event["DTSTART"].dt.isoformat()) == (1, days[2])
    assert office.post(f"{here}/cancellation", {"reasons": "另行安排。"})["cancelled"] == "另行安排。"


def test_who_may_not_arrange_or_answer(visited: Story) -> None:
    here = f"cases/{reference_of(visited.case_id)}/visit"
    days = [(today() + timedelta(days=n)).isoformat() for n in (3, 4)]
    for email in (SECOND, cast.APPLICANT, cast.DECIDER):
        as_person(email).refused("POST", f"{here}/offer", 403, json={"days": days})
    as_person(cast.OTHER_APPLICANT).refused("POST", f"{here}/offer", 404, json={"days": days})
    as_person(LEADER).refused("POST", f"{here}/answer", 403, json={"day": days[0]})
    as_person(cast.RECOMMENDER).refused("GET", here, 404)
    problem = as_person(LEADER).refused("POST", f"{here}/offer", 422, json={"days": days[:1]})
    assert problem["errors"][0]["pointer"] == "#/days"


def test_kept_confirmed_filed_and_told(visited: Story) -> None:
    leader, second = as_person(LEADER), as_person(SECOND)
    duty, other = (f"assignments/{visited.duty(Duty.INSPECT, email).id}" for email in (LEADER, SECOND))
    lines = leader.get(f"{duty}/checklist")["items"]
    assert [line["key"] for line in lines] == [line.key for line in checklist(example())]
    record = RECORD | {"lines": {line["key"]: {"matches": True} for line in lines}}
    record["lines"]["classrooms"] = {"found": "20", "matches": False}
    kept = leader.send("PUT", f"{API}/{duty}/record", json=record).json()
    second.post(f"{other}/confirmation", {"sha256": kept["sha256"]})
    problem = leader.refused("POST", f"{duty}/inspection", 422, json=record)
    assert [one["pointer"] for one in problem["errors"]] == ["#/lines/classrooms/note"]
    record["lines"]["classrooms"]["note"] = "四间在维修。"
    leader.refused("POST", f"{duty}/inspection", 422, json=record)
    second.refused("POST", f"{other}/confirmation", 422, json={})
    kept = leader.send("PUT", f"{API}/{duty}/record", json=record).json()
    second.post(f"{other}/confirmation", {"sha256": kept["sha256"]})
    leader.post(f"{duty}/inspection", record)
    (told,) = as_person(cast.OFFICE).get(f"cases/{reference_of(visited.case_id)}/inspections")["items"]
    (classrooms,) = (line for line in told["lines"] if line["key"] == "classrooms")
    assert (round(classrooms["difference"], 1), classrooms["flagged"]) == (16.7, True)
    assert {one["name"] for one in told["signatures"]} == {"何考察示例", "马考察示例"}
    assert told["sha256"] == kept["sha256"]


def test_photos(visited: Story) -> None:
    leader, duty = as_person(LEADER), f"assignments/{visited.duty(Duty.INSPECT, LEADER).id}"
    sent = leader.send(
        "POST", f"{API}/{duty}/photos", files={"file": ("一号教室.jpg", a_photo())}, data={"line": "classrooms"}
    )
    sha256 = hashlib.sha256(a_photo()).hexdigest()
    assert (sent.status_code, sent.json()["sha256"]) == (201, sha256)
    assert leader.send("POST", f"{API}/{duty}/photos", files={"file": ("a.svg", b"<svg/>")}).status_code == 415
    where = f"cases/{reference_of(visited.case_id)}/photos/{sha256}"
    assert as_person(cast.OFFICE).send("GET", f"{API}/{where}").content == a_photo()
    as_person(cast.APPLICANT).refused("GET", where, 404)
    assert [one["line"] for one in leader.get(f"{duty}/photos")["items"]] == ["classrooms"]
    assert leader.send("DELETE", f"{API}/{duty}/photos/{sha256}").status_code == 204
    leader.refused("GET", where, 404)
