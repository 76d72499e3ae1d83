"""Objections filed through the API: no account is needed, but a real name or a seal; refused as on the page."""

from typing import Any

import pytest
from sqlmodel import col, select

from core.db import reading
from models.objection import Objection, ObjectionFile
from tests.factories import a_pdf
from tests.photos import a_photo
from tests.stories.objecting import FACTS
from tests.stories.telling import Story
from tests.unit.api.program import Program, reference_of
from tests.unit.api.test_certification import published, story

pytestmark = pytest.mark.usefixtures("engine")
__all__ = ("story",)
PERSON = {
    "kind": "person", "name": "示例举报人", "phone": "13800000000", "facts": FACTS,
    "grounds": "附签到表复印件，与名册不符。",
}  # fmt: skip
EVIDENCE = [
    ("evidence", ("签到表.pdf", a_pdf(), "application/pdf")),
    ("evidence", ("现场.jpg", a_photo(), "image/jpeg")),
]


@pytest.fixture
def address(story: Story) -> str:
    return f"publicity/{published(story)['id']}/cases/{reference_of(story.case_id)}/objections"


def files(address: str, given: dict[str, str], status: int = 201, key: str = "", **more: Any) -> dict[str, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    found: dict[str, Any] = Program().send("POST", address, status=status, data=given, headers=headers, **more).json()
    return found


def test_under_the_real_name_with_evidence(address: str) -> None:
    told = files(address, PERSON, files=EVIDENCE)
    assert (told["files"], told["due_on"]) == (2, "2026-10-30")
    assert told["number"].startswith("异议〔2026〕")
    assert Program().send("GET", told["page"], status=200)
    with reading() as session:
        kept = session.exec(select(ObjectionFile).order_by(col(ObjectionFile.filename))).all()
        assert [(one.filename, one.media_type, one.sealed) for one in kept] == [
            ("现场.jpg", "image/jpeg", False),
            ("签到表.pdf", "application/pdf", False),
        ]


def test_a_unit_under_its_seal(address: str) -> None:
    unit = PERSON | {"kind": "unit", "name": "示例异议单位", "contact": "示例联系人"}
    refused = files(address, unit, 422)
    assert [one["pointer"] for one in refused["errors"]] == ["#/sealed"]
    sealed = [("sealed", ("异议书.pdf", a_pdf(), "application/pdf"))]
    assert files(address, unit, files=sealed)["files"] == 1


@pytest.mark.parametrize("name", ["匿名", "知情人士", "群众", ""])
def test_an_anonymous_one_is_refused_with_the_rule(address: str, name: str) -> None:
    refused = files(address, PERSON | {"name": name}, 422)
    (fault,) = refused["errors"]
    assert fault["pointer"] == "#/name"
    assert "匿名异议不予受理（参照湖北省同类认定项目的公示要求" in fault["detail"]
    with reading() as session:
        assert not session.exec(select(Objection)).all()


def test_everything_that_is_wrong_is_told_at_once(address: str) -> None:
    refused = files(address, {"kind": "person"}, 422, files=[("evidence", ("x.exe", b"MZ", "application/pdf"))])
    wrong = {one["pointer"] for one in refused["errors"]}
    assert wrong == {"#/name", "#/phone", "#/facts", "#/grounds", "#/evidence/1"}


def test_the_same_request_is_one_objection_and_another_is_refused(address: str) -> None:
    first = files(address, PERSON, key="o-1", files=EVIDENCE)
    assert files(address, PERSON, key="o-1", files=EVIDENCE) == first
    refused = files(address, PERSON | {"name": "另一示例人"}, 422, key="o-1")
    assert "Idempotency-Key" in refused["detail"]
    assert files(address, PERSON | {"name": "另一示例人"}, key="o-2")["number"] != first["number"]
    with reading() as session:
        assert len(session.exec(select(Objection)).all()) == 2


def test_a_case_that_is_on_no_such_list(address: str) -> None:
    files(address.replace("JD-2026-0001", "JD-2026-9999"), PERSON, 404)
