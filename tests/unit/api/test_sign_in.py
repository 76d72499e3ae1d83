"""Signing in, tokens, and who one is."""

import pytest
from sqlmodel import select

from casework.demonstration import PASSWORD
from core.db import reading
from models.person import SignIn
from tests import cast
from tests.unit.api.program import Program, as_person, signed_in
from tests.unit.pages.visitor import Visitor

pytestmark = pytest.mark.usefixtures("database")


def test_a_token_says_who_one_is() -> None:
    me = signed_in(cast.CHAIR).get("me")
    assert (me["name"], me["email"]) == ("黄主任示例", cast.CHAIR)
    assert me["roles"] == [{"key": "chair", "title": "主任委员"}, {"key": "expert", "title": "评审专家"}]
    english = signed_in(cast.CHAIR, Accept_Language="en").get("me")
    assert {role["key"] for role in english["roles"]} == {"chair", "expert"}
    assert not any("委" in role["title"] for role in english["roles"])


def test_signing_in_leaves_no_session_open_but_a_trace() -> None:
    signed_in(cast.CHAIR)
    with reading() as session:
        assert [sign.ended_at is not None for sign in session.exec(select(SignIn))] == [True]


def test_wrong_passwords_lock_the_account() -> None:
    wrong = {"email": cast.CHAIR, "password": "wrong-password-1"}
    for _ in range(5):
        refused = Program().refused("POST", "sign-in", 401, json=wrong)
        assert refused["code"] == "not-signed-in"
    assert Program().refused("POST", "sign-in", 401, json=wrong | {"password": PASSWORD}) == refused
    assert Program().refused("POST", "sign-in", 401, json=wrong | {"email": "nobody@example.com"}) == refused


def test_tokens_are_made_listed_and_ended() -> None:
    person = as_person(cast.OFFICE)
    made = person.post("tokens", {"name": "数据平台", "days": 7})
    assert made["token"].startswith("jidi_")
    listed = person.get("tokens")["items"]
    assert [token["name"] for token in listed] == ["test", "数据平台"]
    assert "token" not in listed[1]
    other = Program(made["token"])
    other.get("me")
    person.send("DELETE", f"tokens/{made['id']}", status=204)
    assert other.refused("GET", "me", 401)["detail"] == "令牌无效、已作废或已过期，请重新登录。"
    as_person(cast.DECIDER).refused("DELETE", f"tokens/{listed[0]['id']}", 404)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer jidi_no-such-token", "Basic eDp5", "bearer \u00e9\u00ff", "Bearer " + "a" * 5000]
)
def test_no_token_or_another(header: str) -> None:
    answer = Program().send("GET", "me", headers={"Authorization": header.encode("latin-1")}, status=401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "not-signed-in"


def test_the_browsers_cookie_is_not_accepted() -> None:
    visitor = Visitor().sign_in(cast.OFFICE)
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    assert "jidi=" in cookie
    assert Visitor(Cookie=cookie).get("/account").status_code == 200
    Program(Cookie=cookie).refused("GET", "me", 401)
    Program(Cookie=cookie).refused("POST", "tokens", 401, json={"name": "x"})


@pytest.mark.parametrize(
    ("body", "pointer", "sentence"),
    [
        ({"email": "a@example.com"}, "#/password", "请填写该项。"),
        ({"email": 5, "password": "x"}, "#/email", "应为文本。"),
        ({"email": "a\u0000", "password": "x"}, "#/email", "含有不能保存的控制字符，请删除后重新提交。"),
        ({"email": "a", "password": "x" * 201}, "#/password", "不得超过 200 字。"),
        ({"email": "a", "password": "x", "days": 366}, "#/days", "不得大于 365。"),
        ({"email": "a", "password": "x", "days": "7"}, "#/days", "应为整数。"),
        ({"email": "a", "password": "x", "admin": True}, "#/admin", "没有这一项，请删除后重新提交。"),
    ],
)
def test_what_signing_in_asks_for(body: dict[str, object], pointer: str, sentence: str) -> None:
    problem = Program().refused("POST", "sign-in", 422, json=body)
    assert problem["errors"] == [{"pointer": pointer, "detail": sentence}]
