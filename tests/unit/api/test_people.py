"""Accounts by the office, through the API."""

from uuid import uuid4

import pytest
from sqlmodel import select

from casework.demonstration import HOME
from core.db import reading
from models.message import Message
from models.organisation import Organisation
from models.person import User
from tests import cast
from tests.unit.api.program import Program, as_person

NEW = {"email": "xin@example.com", "name": "何新示例", "title": "教授", "roles": ["expert"]}


@pytest.fixture
def administrator(database: str) -> Program:
    del database
    return as_person(cast.ADMINISTRATOR)


def known(email: str) -> User:
    with reading() as session:
        return session.exec(select(User).where(User.email == email)).one()


def bureau() -> str:
    with reading() as session:
        return str(session.exec(select(Organisation.id).where(Organisation.name == HOME)).one())


def test_people_are_the_administrators_and_the_office_only_reads(administrator: Program) -> None:
    chair = f"people/{known(cast.CHAIR).id}"
    for email in (cast.AUDITOR, cast.OPERATOR, cast.APPLICANT):
        other = as_person(email)
        for path in ("people", chair):
            other.refused("GET", path, 403)
        other.refused("POST", "people", 403, json=NEW)
        for act in ("close", "reopen", "unlock", "password"):
            other.refused("POST", f"{chair}/{act}", 403)
        other.refused("PUT", f"{chair}/roles", 403, json={"roles": ["office"]})
    Program().refused("GET", "people", 401)
    office = as_person(cast.OFFICE)
    assert office.get(chair)["name"] == "黄主任示例"
    office.refused("POST", "people", 403, json=NEW)
    for act in ("close", "reopen", "unlock", "password"):
        office.refused("POST", f"{chair}/{act}", 403)
    office.refused("PUT", f"{chair}/roles", 403, json={"roles": ["office"]})
    assert administrator.get(chair)["roles"] == [
        {"key": "chair", "title": "主任委员"}, {"key": "expert", "title": "评审专家"},
    ]  # fmt: skip
    for nobody in (uuid4(), "x"):
        administrator.refused("GET", f"people/{nobody}", 404)
        administrator.refused("POST", f"people/{nobody}/close", 404)


def test_people_are_listed_page_by_page(administrator: Program) -> None:
    names, after = [], ""
    while True:
        page = administrator.get("people", limit=5, after=after)
        names += [one["name"] for one in page["items"]]
        if not (after := page["next"]):
            break
    assert len(names) == len(set(names)) == 13
    assert [p["email"] for p in administrator.get("people", organisation_id=bureau())["items"]] == [cast.RECOMMENDER]
    assert {p["state"]["key"] for p in administrator.get("people", role="applicant", q="示例")["items"]} == {"open"}
    for wrong in ({"role": "public"}, {"state": "x"}, {"organisation_id": "x"}, {"after": "x"}):
        administrator.refused("GET", "people", 422, params=wrong)


def test_an_account_is_opened_by_an_invitation(administrator: Program) -> None:
    made = administrator.post("people", NEW | {"organisation_id": bureau()})
    assert made["state"] == {"key": "initial", "title": "待启用"}
    assert administrator.get(f"people/{made['id']}") == made
    with reading() as session:
        letter = session.exec(select(Message).where(Message.letter == "account-opened")).one()
    assert letter.address == NEW["email"]
    again = administrator.refused("POST", "people", 422, json=NEW | {"organisation_id": bureau()})
    assert [fault["pointer"] for fault in again["errors"]] == ["#/email"]


def test_every_fault_of_an_account_at_once(administrator: Program) -> None:
    wrong = {"email": "x", "name": "", "roles": [], "title": "职" * 51, "body": {"kind": "x", "name": ""}}
    problem = administrator.refused("POST", "people", 422, json=wrong)
    assert {fault["pointer"] for fault in problem["errors"]} == {
        "#/email", "#/name", "#/roles", "#/title", "#/body/kind", "#/body/name",
    }  # fmt: skip
    problem = administrator.refused("POST", "people", 422, json=NEW | {"organisation_id": str(uuid4())})
    assert [fault["pointer"] for fault in problem["errors"]] == ["#/organisation_id"]
    administrator.refused("POST", "people", 422, json=NEW | {"roles": ["applicant"]})
    made = administrator.post("people", NEW | {"body": {"kind": "department", "name": "湖北省示例厅"}})
    assert made["organisation"] == "湖北省示例厅"


def test_closing_reopening_and_a_new_password(administrator: Program) -> None:
    expert = as_person(cast.OTHER_EXPERT)
    here = f"people/{known(cast.OTHER_EXPERT).id}"
    closed = administrator.post(f"{here}/close", status=200, Idempotency_Key="k")
    assert closed == administrator.post(f"{here}/close", status=200, Idempotency_Key="k")
    assert closed["state"]["key"] == "closed"
    expert.refused("GET", "me", 401)
    administrator.refused("POST", f"{here}/close", 409)
    administrator.refused("POST", f"{here}/password", 409)
    assert administrator.post(f"{here}/reopen", status=200)["closed_at"] is None
    administrator.refused("POST", f"{here}/reopen", 409)
    administrator.refused("POST", f"{here}/unlock", 409)
    assert administrator.post(f"{here}/password", status=200)["state"]["key"] == "open"
    changed = administrator.send("PUT", f"{here}/roles", json={"roles": ["expert", "inspector"]}, status=200).json()
    assert [role["key"] for role in changed["roles"]] == ["expert", "inspector"]
    own = f"people/{known(cast.ADMINISTRATOR).id}"
    administrator.refused("POST", f"{own}/close", 403)
    administrator.refused("PUT", f"{own}/roles", 403, json={"roles": ["auditor"]})
