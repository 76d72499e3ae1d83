"""Signed by hand through the API: the scan is brought first, the record names who signed; the whole is had on paper."""

import pytest

from core.clock import today
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.stories.panels import identity
from tests.stories.telling import Story
from tests.unit.api.program import API, as_person, reference_of
from tests.unit.api.test_visits import RECORD

pytestmark = pytest.mark.usefixtures("database", "engine")
LEADER, SECOND = cast.INSPECTORS


def test_the_scan_comes_before_the_record(visited: Story) -> None:
    duty = f"assignments/{visited.duty(Duty.INSPECT, LEADER).id}"
    case = f"cases/{reference_of(visited.case_id)}"
    leader = as_person(LEADER)
    given = RECORD | {"visited_on": today().isoformat(), "on_paper": [str(identity(SECOND))]}
    lacking = leader.refused("POST", f"{duty}/inspection", 422, json=given)
    assert [one["pointer"] for one in lacking["errors"]] == ["#/signed_page"]
    leader.refused("PUT", f"{duty}/signed-page", 415, files={"file": ("x.pdf", b"no pdf", "application/pdf")})
    page = {"file": ("签名页.pdf", a_pdf(), "application/pdf")}
    told = leader.send("PUT", f"{duty}/signed-page", status=200, files=page).json()
    assert told["filename"] == "签名页.pdf"
    leader.send("DELETE", f"{duty}/signed-page", status=204)
    leader.refused("DELETE", f"{duty}/signed-page", 404)
    leader.send("PUT", f"{duty}/signed-page", status=200, files=page)
    leader.refused("GET", f"{case}/inspections/1/pdf", 404)
    filed = leader.post(f"{duty}/inspection", given, Idempotency_Key="v1")
    assert filed == leader.post(f"{duty}/inspection", given, Idempotency_Key="v1")
    (visit,) = as_person(cast.OFFICE).get(f"{case}/inspections")["items"]
    assert sorted((one["name"], one["on_paper"]) for one in visit["signatures"]) == [
        ("何考察示例", False),
        ("马考察示例", True),
    ]
    for email in (LEADER, SECOND, cast.OFFICE, cast.DECIDER, cast.AUDITOR):
        paper = as_person(email).send("GET", f"{API}/{case}/inspections/1/pdf", status=200)
        assert paper.content.startswith(b"%PDF")
    for email in (cast.APPLICANT, cast.RECOMMENDER, cast.CHAIR, cast.OPERATOR, cast.OTHER_APPLICANT):
        as_person(email).refused("GET", f"{case}/inspections/1/pdf", 404)


def test_only_the_team_brings_it(visited: Story) -> None:
    duty = f"assignments/{visited.duty(Duty.INSPECT, LEADER).id}"
    page = {"file": ("x.pdf", a_pdf(), "application/pdf")}
    for email in (SECOND, cast.OFFICE, cast.APPLICANT):
        as_person(email).refused("PUT", f"{duty}/signed-page", 403, files=page)
