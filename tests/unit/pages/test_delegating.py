"""Who stands in: arranged on one's own page or by the office, seen in the inbox, and the digest switched off."""

from datetime import timedelta

import pytest
from sqlmodel import select

from casework.demonstration import HOME, PASSWORD
from casework.people import add_user
from core.clock import today
from core.db import reading, transaction
from models.organisation import Organisation
from models.person import User
from regulation.roles import Role
from tests import cast
from tests.unit.pages.reviewing import at_the_door, filed, quiet_bells

COLLEAGUE = "tuijian2@example.com"


@pytest.fixture
def colleague(database):
    del database
    with transaction() as session:
        bureau = session.exec(select(Organisation).where(Organisation.name == HOME)).one()
        add_user(session, COLLEAGUE, "李明示例", PASSWORD, of=bureau, roles=[Role.RECOMMENDER])
    with quiet_bells():
        filed()
        yield str(cast.person(COLLEAGUE).id)


def arrange(visitor, address, deputy, **typed):
    visitor.get(address)
    days = {"first_on": today().isoformat(), "last_on": (today() + timedelta(4)).isoformat()}
    form = visitor.form(address, with_value=("act", "delegate"))
    return visitor.submit(form, {"deputy": deputy, "reason": "外出学习。"} | days | typed)


def test_from_the_account_to_the_deputys_inbox_and_back(colleague):
    visitor = at_the_door(cast.RECOMMENDER)
    assert 'href="/account/delegation"' in visitor.get("/account").text
    done = arrange(visitor, "/account/delegation", colleague)
    assert "委托已登记，并已通知代办人。" in done.text
    deputy = at_the_door(COLLEAGUE)
    assert "代 王芳示例 办理" in deputy.get("/inbox").text
    visitor.get("/account/delegation")
    ended = visitor.submit(visitor.form("/account/delegation", with_value=("act", "end")))
    assert "委托已结束。" in ended.text
    assert "代 王芳示例 办理" not in deputy.get("/inbox").text


def test_what_is_wrong_is_said_beside_the_fields(colleague):
    visitor = at_the_door(cast.RECOMMENDER)
    refused = arrange(visitor, "/account/delegation", colleague, first_on="2020-01-01", reason="")
    assert refused.status_code == 422
    refused = arrange(visitor, "/account/delegation", colleague, first_on="2020-01-01")
    assert "委托起始日不能早于今天。" in refused.text
    assert "外出学习。" in refused.text, "what was typed stays"


@pytest.mark.usefixtures("colleague")
@pytest.mark.parametrize("email", [cast.EXPERTS[0], cast.DECIDER])
def test_judgement_is_not_handed_on(email):
    page = at_the_door(email).get("/account/delegation").text
    assert "须由本人亲自办理" in page
    assert "登记委托" not in page


def test_the_office_arranges_it_for_somebody_who_is_ill_and_names_the_superior(colleague):
    office = at_the_door(cast.OFFICE)
    absent = cast.person(cast.RECOMMENDER).id
    here = f"/office/people/{absent}"
    assert f'href="{here}/delegation"' in office.get(here).text
    assert "委托已登记" in arrange(office, f"{here}/delegation", colleague).text
    office.get(here)
    named = office.submit(office.form(here, with_value=("act", "superior")), {"superior": colleague})
    assert "已更新王芳示例的上级。" in named.text
    with reading() as session:
        assert str(session.get_one(User, absent).superior_id) == colleague


@pytest.mark.usefixtures("colleague")
def test_the_digest_is_switched_off_and_on():
    visitor = at_the_door(cast.RECOMMENDER)
    for said, wanted in (("已关闭每日待办邮件。", False), ("已开启每日待办邮件。", True)):
        visitor.get("/account")
        assert said in visitor.submit(visitor.form("/account", with_value=("act", "digest"))).text
        with reading() as session:
            assert session.get_one(User, cast.person(cast.RECOMMENDER).id).digest is wanted


def test_an_applicant_has_no_such_page(colleague):
    del colleague
    applicant = at_the_door(cast.APPLICANT)
    assert applicant.get("/account/delegation").status_code == 403
    assert "/account/delegation" not in applicant.get("/account").text
