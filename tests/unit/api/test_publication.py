"""Announcements and plaques for programs."""

import pytest

from core.clock import today
from models.certificate import Certificate
from tests import cast
from tests.stories.announcing import NUMBER, TITLE
from tests.unit.api.program import Program, as_person

pytestmark = pytest.mark.usefixtures("database")


def test_an_announcement_is_made_and_read(certificate: Certificate) -> None:
    office, public = as_person(cast.OFFICE), Program()
    waiting = office.get("calls/2026-1/unannounced")["items"]
    assert [(one["number"], one["late"]) for one in waiting] == [(certificate.number, False)]
    given = {"number": NUMBER, "title": TITLE, "dated_on": today().isoformat(), "certificates": [certificate.number]}
    as_person(cast.DECIDER).refused("POST", "calls/2026-1/announcements", 403, json=given)
    wrong = office.refused("POST", "calls/2026-1/announcements", 422, json=given | {"number": "1", "title": ""})
    assert [error["pointer"] for error in wrong["errors"]] == ["#/number", "#/title"]
    told = office.post("calls/2026-1/announcements", given, Idempotency_Key="k")
    assert office.post("calls/2026-1/announcements", given, Idempotency_Key="k") == told
    assert (told["size"], told["bases"][0]["validity"]) == (1, "valid")
    assert office.refused("POST", "calls/2026-1/announcements", 409, json=given)["code"] == "conflict"
    assert [one["number"] for one in public.get("announcements")["items"]] == [NUMBER]
    assert public.get(f"announcements/{told['id']}") == told
    assert public.send("GET", told["pdf"], status=200).content.startswith(b"%PDF-")
    base = public.get("register", state="valid")["items"][0]
    assert (base["announcement_number"], base["validity"], base["valid_until"]) == (NUMBER, "valid", None)
    assert public.get("register", field="aerospace")["items"] == []


def test_a_plaque_step_by_step(certificate: Certificate) -> None:
    office, day = as_person(cast.OFFICE), today().isoformat()
    assert [one["state"] for one in office.get("plaques")["items"]] == ["none"]
    as_person(cast.DECIDER).refused("GET", "plaques", 403)
    told = office.post("plaques", {"certificate": certificate.number, "text": "示例牌匾"})
    assert (told["state"], told["text"]) == ("entered", "示例牌匾")
    office.refused("POST", "plaques", 409, json={"certificate": certificate.number})
    office.refused("POST", "plaques", 404, json={"certificate": "无"})
    address = f"plaques/{told['id']}"
    assert office.post(f"{address}/making", {"on": day})["state"] == "made"
    wrong = office.refused("POST", f"{address}/handover", 422, json={"on": "2099-01-01", "to": " "})
    assert {error["pointer"] for error in wrong["errors"]} == {"#/on", "#/to"}
    assert office.post(f"{address}/handover", {"on": day, "to": "示例学院"})["handed_to"] == "示例学院"
    assert office.post(f"{address}/ending", {"on": day, "ending": "destroyed"})["ending"] == "destroyed"
    assert office.refused("POST", f"{address}/ending", 409, json={"on": day, "ending": "destroyed"})
