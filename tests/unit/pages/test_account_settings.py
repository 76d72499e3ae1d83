"""One's own account: password, the places one is signed in at, tokens for programs."""

import pytest
from sqlmodel import select

from casework.api_tokens import bearer
from casework.demonstration import PASSWORD
from core.db import reading
from core.i18n import gettext
from models.person import SignIn, User
from pages.account_settings import device_name
from tests import cast
from tests.unit.pages.visitor import Visitor, counted


@pytest.fixture
def applicant(database):
    del database
    return Visitor().sign_in(cast.APPLICANT)


def test_changing_the_password_ends_the_other_sessions(applicant):
    elsewhere = Visitor().sign_in(cast.APPLICANT)
    applicant.get("/account")
    typed = {"old": PASSWORD, "new": "another pass phrase", "again": "another pass phrase"}
    applicant.submit(applicant.form("/account", with_value=("act", "password")), typed)
    assert "密码已修改" in applicant.page.text
    assert elsewhere.get("/account").status_code == 401
    assert applicant.get("/account").status_code == 200
    assert Visitor().sign_in(cast.APPLICANT, "another pass phrase").page.status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "wrong", "new": "another pass phrase", "again": "another pass phrase"}, "原密码不正确。"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "密码至少 10 个字符。"),
        ({"old": PASSWORD, "new": "another pass phrase", "again": "another"}, "两次输入的密码不一致。"),
        ({"old": PASSWORD, "new": "", "again": ""}, "请填写新密码。"),
    ],
)
def test_a_password_is_not_changed_by_mistake(applicant, typed, sentence):
    applicant.get("/account")
    answer = applicant.submit(applicant.form("/account", with_value=("act", "password")), typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert Visitor().sign_in(cast.APPLICANT).page.status_code == 200


def test_a_session_elsewhere_can_be_ended(applicant):
    elsewhere = Visitor(**{"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"}).sign_in(cast.APPLICANT)
    page = applicant.get("/account").text
    assert "Safari · iPhone" in page
    with reading() as session:
        other = session.exec(select(SignIn).where(SignIn.agent.contains("iPhone"))).one()
    applicant.submit(applicant.form("/account", with_value=("sign_in", str(other.id))))
    assert elsewhere.get("/account").status_code == 401
    assert applicant.get("/account").status_code == 200


def test_ending_this_very_session_is_signing_out(applicant):
    applicant.get("/account")
    with reading() as session:
        mine = session.exec(select(SignIn)).one()
    applicant.submit(applicant.form("/account", with_value=("sign_in", str(mine.id))))
    assert applicant.get("/account").status_code == 401


@pytest.mark.parametrize("act", [{"act": "end-sign-in", "sign_in": "nonsense"}, {"act": "end-token", "token": "1"}])
def test_what_is_not_ones_own_cannot_be_ended(applicant, act):
    Visitor().sign_in(cast.OTHER_APPLICANT)
    csrf = applicant.form("/sign-out").value("csrf")
    assert applicant.send("POST", "/account", data=act | {"csrf": csrf}).status_code == 404
    with reading() as session:
        user = session.exec(select(User).where(User.email == cast.OTHER_APPLICANT)).one()
        others = session.exec(select(SignIn).where(SignIn.user_id == user.id)).one()
    foreign = {"csrf": csrf, "act": "end-sign-in", "sign_in": str(others.id)}
    assert applicant.send("POST", "/account", data=foreign).status_code == 404


def test_an_unknown_act_is_refused(applicant):
    csrf = applicant.form("/sign-out").value("csrf")
    assert applicant.send("POST", "/account", data={"csrf": csrf, "act": "x"}).status_code == 422


def test_a_token_is_shown_once_and_works_until_it_is_voided(applicant):
    applicant.get("/account")
    form = applicant.form("/account", with_value=("act", "new-token"))
    shown = applicant.submit(form, {"name": "<b>报送</b>", "days": "30"}).text
    token = shown.partition('id="new-token" tabindex="0">')[2].partition("<")[0]
    assert "&lt;b&gt;报送&lt;/b&gt;" in shown
    with reading() as session:
        person = bearer(session, token)
    assert person
    assert person.email == cast.APPLICANT
    assert token not in applicant.get("/account").text
    applicant.submit(applicant.form("/account", with_value=("act", "end-token")))
    with reading() as session:
        assert bearer(session, token) is None


def test_a_token_needs_a_purpose_and_a_term(applicant):
    applicant.get("/account")
    form = applicant.form("/account", with_value=("act", "new-token"))
    answer = applicant.submit(form, {"name": "", "days": ""})
    assert answer.status_code == 422
    assert "请填写令牌用途。" in answer.text
    assert "请选择有效期。" in answer.text


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 15) MicroMessenger/8.0 Chrome/1 Safari/1", "微信 · Android"),
        ("python-httpx/0.28", "python-httpx/0.28"),
        ("", "未知设备"),
    ],
)
def test_a_device_is_named_as_people_know_it(agent, name):
    assert device_name(agent) == gettext(name)


def test_many_sessions_cost_no_more_queries_than_one(applicant):
    with counted() as once:
        applicant.get("/account")
    for _ in range(4):
        Visitor().sign_in(cast.APPLICANT)
    with counted() as often:
        applicant.get("/account")
    assert len(often) == len(once)
