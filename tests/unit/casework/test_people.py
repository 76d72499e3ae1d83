"""Accounts: every fault at once, one account for an address, one for an institution."""

from dataclasses import replace

import pytest
from sqlmodel import func, select
from stdnum.cn import uscc

from casework.applications import begin
from casework.calls import NewCall, by_code, open_call
from casework.demonstration import CALL, HOME
from casework.people import NewAccount, holders_of, roles_of, sign_up
from core.clock import now
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotPermitted
from core.security import matches
from models.application import Application, Call
from models.organisation import Organisation
from models.person import User
from regulation.policy import Policy
from regulation.roles import Role
from tests import cast
from tests.stories.crowd import at_once

NEW = NewAccount("xin@example.com", "chang-mima-2026", "何新示例", "新设示例学院", "91420100MA4T000S0X", "420100")


@pytest.fixture(scope="module")
def code():
    """Return a credit code that nobody has."""
    body = "52420100MJT999999"
    return body + uscc.calc_check_digit(body)


def faults(new: NewAccount) -> set[str]:
    with pytest.raises(Invalid) as refused, transaction() as session:
        sign_up(session, new)
    return {fault.field for fault in refused.value.faults}


def test_an_account_for_an_institution(opened_at, code):
    opened_at("complete form")
    with transaction() as session:
        user = sign_up(session, replace(NEW, email=" Xin@Example.com ", credit_code=code.lower()))
    with reading() as session:
        kept = session.get_one(User, user.id)
        assert (kept.email, kept.name) == ("xin@example.com", "何新示例")
        assert matches(NEW.password, kept.password_hash)
        assert roles_of(session, user.id) == {Role.APPLICANT}
        assert session.get_one(Organisation, kept.organisation_id).credit_code == code


def test_every_fault_is_told_at_once(opened_at):
    opened_at("complete form")
    wrong = NewAccount("kein-at", "kurz", " ", "", "91420100MA4T000S00", "999999")
    assert faults(wrong) == {"email", "password", "name", "organisation", "credit_code", "area_code"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "shenbao@example.com"),
        ("email", "SHENBAO@example.com"),
        ("email", "a@b"),
        ("password", "aaaaaaaaaaaa"),
        ("password", "123456789"),
        ("name", "何" * 51),
        ("organisation", "江汉示例职业技术学院"),
        ("organisation", "长" * 101),
        ("credit_code", "12420000000000019Q"),
        ("credit_code", ""),
        ("area_code", "110000"),
    ],
)
def test_one_fault_by_itself(opened_at, code, field, value):
    opened_at("complete form")
    assert faults(replace(NEW, **{"credit_code": code, field: value})) == {field}


def test_the_same_button_eight_times_opens_one_account(opened_at, code):
    opened_at("complete form")

    def signs_up():
        with transaction() as session:
            return sign_up(session, replace(NEW, credit_code=code))

    answers = at_once(8, signs_up)
    assert sum(isinstance(answer, Invalid) for answer in answers) == 7
    with reading() as session:
        assert session.exec(select(func.count()).where(User.email == NEW.email)).one() == 1


def test_the_same_button_eight_times_begins_one_application(opened_at):
    opened_at("complete form")

    def begins():
        with transaction() as session:
            applicant = cast.person(cast.OTHER_APPLICANT, session)
            bureau = session.exec(select(Organisation).where(Organisation.name == HOME)).one()
            return begin(session, by_code(session, CALL), bureau.id, by=applicant)

    answers = at_once(8, begins)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 7
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Application)).one() == 2


def test_the_same_button_eight_times_opens_one_call(opened_at):
    opened_at("complete form")
    new = NewCall("2026-2", "第二批", "", now(), now().replace(year=2027), Policy())

    def opens():
        with transaction() as session:
            return open_call(session, new, by=cast.person(cast.OFFICE, session))

    answers = at_once(8, opens)
    assert sum(isinstance(answer, Invalid) for answer in answers) == 7
    with reading() as session:
        assert session.exec(select(func.count()).where(Call.code == "2026-2")).one() == 1


def test_a_call_is_opened_by_the_office_and_every_fault_is_told(opened_at):
    opened_at("complete form")
    wrong = NewCall("2026/2", " ", "", at := now(), at, Policy(panel_size=4, pass_mark=101, correction_days=0))
    with pytest.raises(Invalid) as refused, transaction() as session:
        open_call(session, wrong, by=cast.person(cast.OFFICE, session))
    assert {fault.field for fault in refused.value.faults} == {
        "code", "title", "closes_at", "policy.panel_size", "policy.pass_mark", "policy.correction_days",
    }  # fmt: skip
    with pytest.raises(NotPermitted), transaction() as session:
        open_call(session, wrong, by=cast.person(cast.DECIDER, session))


def test_a_closed_account_holds_no_duty(opened_at):
    opened_at("complete form")
    with transaction() as session:
        session.exec(select(User).where(User.email == cast.OFFICE)).one().closed_at = now()
    with reading() as session:
        assert holders_of(session, Role.OFFICE) == []
