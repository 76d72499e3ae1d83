"""Who stands in: arranged on one's own page or by the office, seen in the inbox, and the digest switched off."""

from datetime import timedelta

import pytest

from casework.demonstration import HOME
from casework.inspections import ITEMS, Seen, Visit, inspect
from casework.recommending.sheets import Sheet
from core.clock import today
from core.db import reading, transaction
from models.person import User
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role
from tests import cast
from tests.factories import joins
from tests.stories.telling import conclusion
from tests.unit.api.program import as_person
from tests.unit.pages.reviewing import at_the_door, filed, quiet_bells, reference

COLLEAGUE = "tuijian2@example.com"
OTHER_INSPECTOR = "kaocha3@example.com"


@pytest.fixture
def colleague(database):
    del database
    joins(COLLEAGUE, "李明示例", Role.RECOMMENDER, HOME)
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


@pytest.mark.usefixtures("database", "socket_enabled")
def test_check_list_and_visit_say_in_whose_place_they_were_recorded():
    joins(COLLEAGUE, "李明示例", Role.RECOMMENDER, HOME)
    joins(OTHER_INSPECTOR, "周考察示例", Role.INSPECTOR, "湖北省人力资源和社会保障厅")
    story, leader = filed(), cast.INSPECTORS[0]
    for absent, deputy in ((cast.RECOMMENDER, COLLEAGUE), (leader, OTHER_INSPECTOR)):
        arrange(at_the_door(absent), "/account/delegation", str(cast.person(deputy).id))
    story.decides(COLLEAGUE, Duty.RECOMMEND, Outcome.APPROVED, Sheet([], "刘经办示例", "高局长示例"))
    for act in (story.assembles_panel, story.review, story.concludes, story.assembles_team):
        act()
    with transaction() as session:
        seen = Visit(today(), "已察看。", [Seen(item, "20", "与申报一致", matches=True) for item in ITEMS])
        by = cast.person(OTHER_INSPECTOR, session)
        inspect(session, story.duty(Duty.INSPECT, leader).id, seen, conclusion(Outcome.APPROVED), by=by)
    page, office = at_the_door(cast.OFFICE).get(f"/cases/{reference(story)}"), as_person(cast.OFFICE)
    for paper, called in (("examinations", "李明示例（代 王芳示例）"), ("inspections", "周考察示例（代 何考察示例）")):
        assert [one["by"] for one in office.get(f"cases/{reference(story)}/{paper}")["items"]] == [called]
        assert called in page.text


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
