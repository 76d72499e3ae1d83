"""Every address and every body, with values nobody should send: refused with a problem, never an error of ours."""

from zlib import crc32

import pytest

from regulation.form.definition import ANSWERS
from regulation.roles import Duty
from tests import cast
from tests.stories.telling import Story
from tests.unit.api.program import as_person, house, reference_of

pytestmark = pytest.mark.usefixtures("database", "engine")

TEXTS = ["", "\u0000", "a\u0000b", "' OR 1=1 --", "<b>x</b>", "../../etc/passwd", "字" * 3000, "\u202e", "%", "\\"]
VALUES = [*TEXTS, None, True, 0, -1, 2**63, 10**40, 1.5, [], {}, [[]], {"a": 1}, [None] * 300, "2026-02-30", "\ufeff"]
IDS = ["x", "0", "-1", str(2**63), "%00", "%ED%A0%80", "%ff", "%F0%9F%92%A9", "a" * 3000, "..%2f..", "'--", "{}", "%25"]
OK = range(200, 300)
REFUSED = range(400, 500)


def test_every_address_with_ids_that_are_none() -> None:
    people = [as_person(email) for email in (cast.OPERATOR, cast.APPLICANT, cast.OFFICE)]
    for path, operations in house().openapi()["paths"].items():
        names = [piece for piece in path.split("/") if piece.startswith("{")]
        for value in IDS if names else ():
            address = path
            for name in names:
                address = address.replace(name, value)
            for method in operations:
                person = people[crc32((address + method).encode()) % 3]
                answer = person.send(method.upper(), address, headers={"If-Match": '"1"'})
                assert answer.status_code in REFUSED, f"{method} {address}: {answer.status_code}"
                assert answer.headers["content-type"] == "application/problem+json"


def test_every_query_with_values_that_make_no_sense() -> None:
    person = as_person(cast.OFFICE)
    for path, operations in house().openapi()["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            for value in TEXTS if parameter["in"] == "query" and "{" not in path else ():
                answer = person.send("GET", path, params={parameter["name"]: value})
                assert answer.status_code in (*OK, *REFUSED), f"{path}?{parameter['name']}={value!r}: {answer.text}"


def test_every_field_of_the_form_with_any_value(story: Story) -> None:
    applicant = as_person(cast.APPLICANT)
    address = f"applications/{story.application_id}"
    for value in VALUES:
        for changes in (dict.fromkeys(ANSWERS, value), {key: [{"name": value}] for key in ANSWERS}):
            seen = {"If-Match": applicant.send("GET", address, status=200).headers["etag"]}
            answer = applicant.send("PATCH", address, json=changes, headers=seen)
            assert answer.status_code in {200, 422}, f"{value!r}: {answer.text[:500]}"
    for key, value in ((key, value) for key in ("teachers", "founded_on", "website", "domains") for value in VALUES):
        seen = {"If-Match": applicant.send("GET", address, status=200).headers["etag"]}
        answer = applicant.send("PATCH", address, json={key: value}, headers=seen)
        assert answer.status_code in {200, 422}, f"{key}={value!r}: {answer.text[:500]}"


def test_every_act_with_any_value(story: Story) -> None:
    story.submits()
    story.recommends()
    here = f"assignments/{story.duty(Duty.ASSEMBLE_PANEL).id}/members"
    office = as_person(cast.OFFICE)
    member = str(cast.person(cast.CHAIR).id)
    for value in VALUES:
        for body in ({"members": value, "leader": member}, {"members": [member, value], "leader": value}, value):
            answer = office.send("POST", here, json=body)
            assert answer.status_code == 422, f"{body!r}: {answer.text[:500]}"
    for value in VALUES:
        body = {"code": value, "title": value, "notice": value, "opens_at": value, "closes_at": value, "policy": value}
        assert office.send("POST", "calls", json=body).status_code == 422
    applicant = as_person(cast.APPLICANT)
    reference = reference_of(story.case_id)
    for value in (value for value in VALUES if not isinstance(value, str) or "\0" in value or len(value) > 2000):
        answer = applicant.send("POST", f"cases/{reference}/withdrawal", json={"reasons": value})
        assert answer.status_code == 422, f"{value!r}: {answer.text[:500]}"
