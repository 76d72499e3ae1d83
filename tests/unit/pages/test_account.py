"""The door: signing in, out and up, and the choice of language."""

import pytest
from sqlmodel import select

from casework.demonstration import PASSWORD
from core.db import reading
from models.organisation import Organisation
from models.person import User
from tests import cast
from tests.conftest import environment
from tests.unit.pages.visitor import Visitor

SAME_ANSWER = "邮箱或密码不正确。"


GOOD = {
    "organisation": "汉江示例培训学院",
    "credit_code": "52420000500000004W",
    "name": "何敏示例",
    "email": "he@example.com",
    "password": "a long pass phrase",
    "again": "a long pass phrase",
}


@pytest.fixture
def visitor(database):
    del database
    return Visitor()


@pytest.fixture
def applicant(visitor):
    return visitor.sign_in(cast.APPLICANT)


@pytest.mark.parametrize(
    ("email", "room"),
    [
        (cast.APPLICANT, "/applications"),
        (cast.OFFICE, "/office/board"),
        (cast.OPERATOR, "/operator/stalled"),
        (cast.RECOMMENDER, "/inbox"),
        (cast.CHAIR, "/inbox"),
        (cast.DECIDER, "/inbox"),
    ],
)
def test_signing_in_leads_to_where_ones_work_begins(visitor, email, room):
    visitor.get("/sign-in")
    answer = visitor.submit(visitor.form("/sign-in"), {"email": email, "password": PASSWORD}, follow=False)
    assert (answer.status_code, answer.headers["location"]) == (303, room)
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/calls/2026-1", "/calls/2026-1"),
        ("https://evil.example/", "/applications"),
        ("//evil.example/", "/applications"),
        ("/\\evil.example", "/applications"),
    ],
)
def test_after_signing_in_one_stays_in_the_house(visitor, wanted, goes_to):
    visitor.page = visitor.send("GET", "/sign-in", params={"next": wanted})
    form = visitor.form("/sign-in")
    answer = visitor.submit(form, {"email": cast.APPLICANT, "password": PASSWORD}, follow=False)
    assert answer.headers["location"] == goes_to
    assert visitor.send("GET", "/sign-in", params={"next": wanted}).headers["location"] == goes_to


@pytest.mark.parametrize(
    ("email", "password"), [("nobody@example.com", PASSWORD), (cast.APPLICANT, "wrong"), ("' OR 1=1 --", "x")]
)
def test_a_failure_says_the_same_whatever_was_wrong_and_keeps_the_address_only(visitor, email, password):
    visitor.get("/sign-in?next=/calls")
    answer = visitor.submit(visitor.form("/sign-in"), {"email": email, "password": password})
    assert answer.status_code == 401
    assert SAME_ANSWER in answer.text
    assert visitor.form("/sign-in").value("email") == email
    assert visitor.form("/sign-in").value("password") == ""
    assert visitor.form("/sign-in").value("next") == "/calls"


def test_five_failures_lock_the_account_even_for_the_right_password(visitor):
    for _ in range(5):
        visitor.sign_in(cast.APPLICANT, "wrong")
    assert visitor.page.status_code == 401
    visitor.sign_in(cast.APPLICANT)
    assert visitor.page.status_code == 401
    assert SAME_ANSWER in visitor.page.text
    assert visitor.sign_in(cast.OTHER_APPLICANT).page.status_code == 200


def test_what_is_left_empty_is_told_at_once(visitor):
    visitor.get("/sign-in")
    answer = visitor.submit(visitor.form("/sign-in"))
    assert answer.status_code == 422
    assert "请填写邮箱。" in answer.text
    assert "请填写密码。" in answer.text


def test_the_demonstration_accounts_are_shown_in_the_embedded_mode_only(visitor, database):
    assert PASSWORD in visitor.get("/sign-in").text
    serious = {"JIDI_EMBEDDED": "false", "JIDI_WEB_SECRET": "s" * 32, "JIDI_WEB_PUBLIC_URL": "https://jidi.test"}
    with environment(JIDI_DATABASE_URL=database, **serious):
        page = visitor.get("/sign-in").text
        assert PASSWORD not in page
        assert cast.APPLICANT not in page


def test_over_https_the_cookie_is_bound_to_the_host(visitor, database):
    serious = {"JIDI_EMBEDDED": "false", "JIDI_WEB_SECRET": "s" * 32, "JIDI_WEB_PUBLIC_URL": "https://jidi.test"}
    with environment(JIDI_DATABASE_URL=database, **serious):
        visitor.get("/sign-in")
        form = visitor.form("/sign-in")
        answer = visitor.submit(form, {"email": cast.APPLICANT, "password": PASSWORD}, follow=False)
    assert answer.headers["set-cookie"].startswith("__Host-jidi=")
    assert "Secure" in answer.headers["set-cookie"]


def test_signing_out_ends_the_session_and_not_only_the_cookie(applicant):
    stolen = Visitor()
    stolen.cookies = applicant.cookies
    assert stolen.get("/applications").status_code == 200
    stolen.cookies = type(applicant.cookies)(applicant.cookies)
    applicant.submit(applicant.form("/sign-out"))
    assert "已退出登录。" in applicant.page.text
    assert stolen.get("/applications").status_code == 401


def test_a_page_that_needs_somebody_leads_to_the_door_and_back(visitor):
    answer = visitor.get("/applications/new?call=2026-1")
    assert answer.status_code == 401
    assert "/sign-in?next=%2Fapplications%2Fnew%3Fcall%3D2026-1" in answer.text


@pytest.mark.parametrize("path", ["/sign-out", "/account", "/language", "/applications/new"])
def test_no_form_is_taken_without_the_sessions_token_or_from_another_site(applicant, path):
    assert applicant.send("POST", path, data={}).status_code == 403
    forged = {"csrf": applicant.form("/sign-out").value("csrf")}
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert applicant.send("POST", path, data=forged, headers=foreign).status_code == 403


def test_signing_up_opens_an_account_and_signs_in(visitor):
    visitor.get("/sign-up?next=/calls")
    answer = visitor.submit(visitor.form("/sign-up"), GOOD | {"area_code": "420600"})
    assert answer.status_code == 200
    assert "账号已开通" in answer.text
    with reading() as session:
        unit = session.exec(select(Organisation).where(Organisation.credit_code == GOOD["credit_code"])).one()
    assert (unit.name, unit.area_code) == (GOOD["organisation"], "420600")
    assert visitor.get("/applications").status_code == 200


def test_signing_up_tells_every_fault_at_once_and_keeps_what_was_typed(visitor):
    visitor.get("/sign-up")
    wrong = {
        "organisation": "",
        "credit_code": "12345",
        "name": "",
        "email": "he@",
        "password": "short",
        "again": "shorter",
    }
    answer = visitor.submit(visitor.form("/sign-up"), wrong)
    assert answer.status_code == 422
    for sentence in ("单位全称", "18 位数字", "经办人姓名", "有效的邮箱", "密码至少 10 个字符", "两次输入的密码不一致"):
        assert sentence in answer.text
    assert visitor.form("/sign-up").value("credit_code") == "12345"
    assert visitor.form("/sign-up").value("password") == ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": cast.APPLICANT.upper()}, "该邮箱已注册"),
        ({"credit_code": "12420000 000000019q"}, "该单位已注册账号"),
        ({"organisation": "江汉示例职业技术学院"}, "该单位名称已被登记"),
        ({"credit_code": "52420000500000004B"}, "校验位不符"),
    ],
)
def test_what_is_already_known_or_wrong_is_told_beside_its_field(visitor, change, sentence):
    visitor.get("/sign-up")
    answer = visitor.submit(visitor.form("/sign-up"), GOOD | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_faults_are_told_in_the_readers_language(database):
    del database
    reader = Visitor(**{"Accept-Language": "en"})
    reader.get("/sign-up")
    answer = reader.submit(reader.form("/sign-up"), GOOD | {"again": "something else"})
    assert "The two passwords differ." in answer.text


def test_the_language_is_kept_for_pages_and_for_letters(applicant):
    applicant.get("/account")
    form = applicant.form("/language", with_value=("next", "/account#language"))
    answer = applicant.submit(form, button=("language", "en"), follow=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account#language")
    assert "My account" in applicant.get("/account").text
    with reading() as session:
        assert session.exec(select(User.locale).where(User.email == cast.APPLICANT)).one() == "en"


def test_the_language_switch_works_for_anybody_and_leads_nowhere_else(visitor):
    answer = visitor.send("POST", "/language", data={"language": "en", "next": "//evil.example"})
    assert answer.headers["location"] == "/"
    assert 'lang="en"' in visitor.get("/calls").text
    assert visitor.send("POST", "/language", data={"language": "xx"}).status_code == 422
