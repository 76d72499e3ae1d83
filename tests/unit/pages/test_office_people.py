"""Accounts by the administrator: finding people, opening and closing accounts, invitations and resets by letter."""

import re

import pytest
from sqlmodel import select

from casework.api_tokens import new_api_token
from casework.demonstration import HOME, PASSWORD
from casework.people import roles_of
from core.db import reading, transaction
from models.case import Case
from models.journal import JournalEntry
from models.message import Message
from models.organisation import Organisation
from models.person import User
from notifications.composing import opened as opened_token
from regulation.roles import Role
from tests import cast
from tests.stories.telling import Story, an_application
from tests.unit.pages.visitor import Visitor, counted

ROOM, NEW = "/office/people", "/office/people/new"
EMAIL = "xin@example.com"
OWN = "chuntian li de huacao"


@pytest.fixture
def officer(database):
    del database
    return Visitor().sign_in(cast.ADMINISTRATOR)


def user(email):
    with reading() as session:
        return session.exec(select(User).where(User.email == email)).one()


def body(name):
    with reading() as session:
        return str(session.exec(select(Organisation.id).where(Organisation.name == name)).one())


def acts():
    with reading() as session:
        lines = select(JournalEntry.act).where(JournalEntry.case_id.is_(None))
        return list(session.exec(lines.order_by(JournalEntry.id)))


def opened(officer, **typed):
    officer.get(NEW)
    filled = {"name": "何新示例", "email": EMAIL, "roles": ["recommender"], "organisation_id": body(HOME)}
    return officer.submit(officer.form(NEW), filled | typed)


def link_to(email):
    """Return the path of the newest link that a letter to somebody holds, as it leaves."""
    with reading() as session:
        posted = select(Message).where(Message.address == email).order_by(Message.posted_at)
        letter = [one for one in session.exec(posted) if "path" in one.facts][-1]
    return opened_token(letter.facts["path"])


def press(officer, email, act, **typed):
    address = f"{ROOM}/{user(email).id}"
    officer.get(address)
    return officer.submit(officer.form(address, with_value=("act", act)), typed)


def test_people_are_the_administrators(officer):
    addresses = (ROOM, NEW, f"{ROOM}/{user(cast.CHAIR).id}")
    for email in (cast.AUDITOR, cast.APPLICANT, cast.OPERATOR):
        visitor = Visitor().sign_in(email)
        assert [visitor.get(address).status_code for address in addresses] == [403] * 3
        csrf = visitor.form("/sign-out").value("csrf")
        for address in addresses[1:]:
            assert visitor.send("POST", address, data={"csrf": csrf, "act": "close"}).status_code == 403
    assert [Visitor().get(address).status_code for address in addresses] == [401] * 3
    assert [officer.get(address).status_code for address in addresses] == [200] * 3
    assert "人员账号" in officer.page.text
    for nobody in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert officer.get(f"{ROOM}/{nobody}").status_code == 404


def test_finding_people(officer):
    page = officer.get(ROOM).text
    assert "王芳示例" in page
    assert "林晓示例" not in page
    assert "林晓示例" in officer.get(f"{ROOM}?role=applicant").text
    found = officer.get(f"{ROOM}?role=expert&q=教授").text
    assert "赵教授示例" in found
    assert "黄主任示例" not in found
    assert "王芳示例" in officer.get(f"{ROOM}?organisation={body(HOME)}").text
    assert "周敏示例" not in officer.page.text.partition('id="main"')[2]
    assert "没有符合条件的账号" in officer.get(f"{ROOM}?state=closed").text
    assert officer.get(f"{ROOM}?role=x&state=x&organisation=x&q=%00").status_code == 200
    assert officer.get(f"{ROOM}?after=x").status_code == 422


def test_more_people_cost_no_more_queries(officer):
    with counted() as few:
        officer.get(f"{ROOM}?role=recommender")
    with counted() as many:
        officer.get(ROOM)
    assert len(many) == len(few) <= 12


def test_an_account_is_opened_and_taken_up_by_the_link_of_a_letter(officer):
    page = opened(officer)
    assert "已发送邀请邮件" in page.text
    assert acts() == ["account-opened"]
    assert "待启用" in page.text
    new, link = Visitor(), link_to(EMAIL)
    assert EMAIL in new.get(link).text
    assert new.get(link).status_code == 200, "looking uses nothing up: mail servers look as well"
    new.submit(new.form(link), {"new": OWN, "again": OWN})
    assert "密码已设置" in new.page.text
    assert acts() == ["account-opened", "invitation-taken-up"]
    assert new.get(link).status_code == 409
    assert Visitor().sign_in(EMAIL, OWN).get("/inbox").status_code == 200


def test_a_new_body_is_entered_with_its_first_person(officer):
    new = {"organisation_id": "another", "body-kind": "department", "body-name": "湖北省示例厅", "body-area_code": ""}
    assert "已发送邀请邮件" in opened(officer, **new).text
    assert body("湖北省示例厅")
    bureau = new | {"body-kind": "area-bureau", "body-name": "示例市人力资源和社会保障局"}
    refused = opened(officer, **bureau, email="yi@example.com")
    assert (refused.status_code, "请选择所在地区。" in refused.text) == (422, True)
    again = opened(officer, **new, email="yi@example.com")
    assert "该单位已在名单中，请直接选择。" in again.text


def test_every_fault_is_told_at_once_and_nothing_typed_is_lost(officer):
    page = opened(officer, name="何", email="nobody", roles=[], organisation_id="", title="职" * 51)
    assert page.status_code == 422
    for sentence in (
        "请填写姓名（2 至 50 字）。", "请填写有效的邮箱地址。", "请选择身份。", "请选择所属单位。",
        "职务不超过 50 字。",
    ):  # fmt: skip
        assert sentence in page.text
    assert officer.form(NEW).value("email") == "nobody"
    assert "该邮箱已有账号" in opened(officer, email=cast.CHAIR.upper()).text
    province = opened(officer, organisation_id=body("湖北省人力资源和社会保障厅"))
    assert "推荐单位的账号应属于市州人社局或行业主管部门。" in province.text
    everything = opened(
        officer, organisation_id="another", **{"body-kind": "", "body-name": ""}, email="", name="", roles=["office"]
    )
    assert "请填写单位全称" in everything.text
    assert acts() == []


def test_closing_ends_sessions_and_tokens_and_reopening_gives_them_not_back(officer):
    expert = Visitor().sign_in(cast.OTHER_EXPERT)
    with transaction() as session:
        new_api_token(session, "x", by=cast.person(cast.OTHER_EXPERT, session))
    assert "已停用孙教授示例的账号" in press(officer, cast.OTHER_EXPERT, "close").text
    assert expert.get("/inbox").status_code == 401
    assert "孙教授示例" in officer.get(f"{ROOM}?state=closed").text
    assert "孙教授示例" not in officer.get(f"{ROOM}?state=open").text
    assert Visitor().sign_in(cast.OTHER_EXPERT).page.status_code == 401
    assert "已恢复孙教授示例的账号" in press(officer, cast.OTHER_EXPERT, "reopen").text
    assert expert.get("/inbox").status_code == 401
    assert Visitor().sign_in(cast.OTHER_EXPERT).page.status_code == 200
    assert acts() == ["account-closed", "account-reopened"]


def test_nobody_is_closed_who_alone_can_do_a_duty(officer):
    with transaction() as session:
        story = Story(an_application(session))
    story.submits()
    page = Visitor().sign_in(cast.OFFICE).get(f"{ROOM}/{user(cast.RECOMMENDER).id}").text
    assert "审核并签署推荐意见" in page
    refused = press(officer, cast.RECOMMENDER, "close")
    assert refused.status_code == 409
    assert "该账号还有 1 件只能由其办理的事项（JD-" in refused.text
    assert user(cast.RECOMMENDER).closed_at is None
    assert press(officer, cast.RECOMMENDER, "roles", roles=["expert"]).status_code == 409
    opened(officer)
    assert "已停用王芳示例的账号" in press(officer, cast.RECOMMENDER, "close").text


def test_an_administrator_stays_one_and_nothing_else(officer):
    assert "停用账号" not in officer.get(f"{ROOM}/{user(cast.ADMINISTRATOR).id}").text
    csrf = officer.form("/sign-out").value("csrf")
    address = f"{ROOM}/{user(cast.ADMINISTRATOR).id}"
    for typed in ({"act": "close"}, {"act": "password"}, {"act": "roles", "roles": "auditor"}):
        assert officer.send("POST", address, data={"csrf": csrf} | typed).status_code == 403
    both = press(officer, cast.AUDITOR, "roles", roles=["administrator", "office"])
    assert (both.status_code, "不能兼任其他身份" in both.text) == (422, True)
    assert acts() == []


def test_new_roles_end_the_sign_ins(officer):
    auditor = Visitor().sign_in(cast.AUDITOR)
    assert "已更新郑清示例的身份。" in press(officer, cast.AUDITOR, "roles", roles=["office", "auditor"]).text
    assert auditor.get("/office/board").status_code == 401
    with reading() as session:
        assert roles_of(session, user(cast.AUDITOR).id) == {Role.OFFICE, Role.AUDITOR}
    assert press(officer, cast.AUDITOR, "roles", roles=[]).status_code == 422
    assert acts() == ["account-roles-changed"]


def test_the_administrator_sees_no_case(officer):
    with transaction() as session:
        story = Story(an_application(session))
    story.submits()
    page = officer.get(f"{ROOM}/{user(cast.RECOMMENDER).id}").text
    assert "1 件" in page
    assert "JD-" not in page
    for path in (f"/cases/{reference()}", "/office/board", "/inbox", "/office/experts"):
        assert officer.get(path).status_code in {403, 404}


def reference():
    with reading() as session:
        return session.exec(select(Case.reference)).one()


def test_a_lock_out_is_ended(officer):
    for _ in range(5):
        Visitor().sign_in(cast.CHAIR, "wrong")
    assert Visitor().sign_in(cast.CHAIR).page.status_code == 401
    assert "黄主任示例" in officer.get(f"{ROOM}?state=locked").text
    assert "已解除黄主任示例的账号锁定" in press(officer, cast.CHAIR, "unlock").text
    assert Visitor().sign_in(cast.CHAIR).page.status_code == 200
    csrf = officer.form("/sign-out").value("csrf")
    address = f"{ROOM}/{user(cast.CHAIR).id}"
    answers = [officer.send("POST", address, data={"csrf": csrf, "act": act}).status_code for act in ("unlock", "x")]
    assert answers == [409, 422]


def test_the_administrator_sends_a_link_for_a_new_password(officer):
    before = Visitor().sign_in(cast.APPLICANT)
    assert "已向林晓示例发送" in press(officer, cast.APPLICANT, "password").text
    assert before.get("/applications").status_code == 401
    assert Visitor().sign_in(cast.APPLICANT, PASSWORD).page.status_code == 401
    new, link = Visitor(), link_to(cast.APPLICANT)
    new.get(link)
    new.submit(new.form(link), {"new": OWN, "again": OWN})
    assert Visitor().sign_in(cast.APPLICANT, OWN).get("/applications").status_code == 200
    assert acts() == ["link-sent", "password-reset"]


@pytest.mark.usefixtures("database")
def test_the_pages_speak_english():
    english = Visitor(**{"Accept-Language": "en"}).sign_in(cast.ADMINISTRATOR)
    with reading() as session:
        names = [*session.exec(select(Organisation.name)), *session.exec(select(User.name))]
    for path in (ROOM, NEW, f"{ROOM}/{user(cast.CHAIR).id}"):
        text = english.get(path).text.replace("中文", "")
        for name in names:
            text = text.replace(name, "")
        assert re.findall(r"[一-鿿]+", text) == []
