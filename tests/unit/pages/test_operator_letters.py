"""Letters: finding them, reading them as they left or would leave, and sending one again."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from casework.letters import post
from core import clock
from core.db import reading, transaction
from core.i18n import gettext
from models.message import Message, MessageState
from models.person import User
from notifications.delivery import ABANDONED
from tests import cast
from tests.unit.casework.crowd import a_crowd, case_of
from tests.unit.pages.visitor import Visitor, counted

ROOM = "/operator/letters"
STATES = list(MessageState)


@pytest.fixture
def letters(database):
    """Sixty letters about as many cases, one after the other, in every state."""
    del database
    with transaction() as session:
        crowd = a_crowd(session, 60)
        to = session.exec(select(User).where(User.email == cast.RECOMMENDER)).one()
        for reference in crowd.references:
            duty = {"duty": "审核并签署推荐意见", "stage": "推荐审核", "due_on": "2026-12-08", "provisional": False}
            post(session, "assignment", to, about=reference, case=case_of(session, reference), **duty)
        session.flush()
        found = session.exec(select(Message).order_by(Message.key)).all()
        for number, message in enumerate(found):
            message.posted_at = clock.now() - timedelta(minutes=number // 2)
            message.state = STATES[number % 5]
        return [message.id for message in found]


@pytest.fixture
def operator(letters):
    del letters
    return Visitor().sign_in(cast.OPERATOR)


def one_in(state):
    with reading() as session:
        return session.exec(select(Message).where(Message.state == state)).first()


def change(message, **values):
    with transaction() as session:
        stored = session.get_one(Message, message.id)
        for name, value in values.items():
            setattr(stored, name, value)
    return f"{ROOM}/{message.id}"


def walked(visitor, path):
    found = []
    while path:
        page = visitor.get(path)
        assert page.status_code == 200
        found += re.findall(rf'<a class="title" href="{ROOM}/([^"]+)"', page.text)
        following = re.search(r'href="([^"]+)" rel="next"', page.text)
        path = following[1].replace("&amp;", "&") if following else ""
    return found


def test_only_the_operator_reads_and_sends_letters(operator):
    address = f"{ROOM}/{one_in(MessageState.FAILED).id}"
    csrf = operator.get(ROOM) and operator.form("/sign-out").value("csrf")
    for email in (cast.APPLICANT, cast.OFFICE, cast.AUDITOR):
        visitor = Visitor().sign_in(email)
        assert visitor.get(ROOM).status_code == visitor.get(address).status_code == 403
        assert visitor.send("POST", address, data={"csrf": csrf}).status_code == 403
    assert Visitor().get(address).status_code == 401


def test_every_letter_is_on_exactly_one_page_the_newest_first(operator, letters):
    found = walked(operator, ROOM)
    assert sorted(found) == sorted(str(one) for one in letters)
    with reading() as session:
        times = [session.get_one(Message, one).posted_at for one in found]
    assert times == sorted(times, reverse=True)


def test_letters_are_found_by_state_recipient_address_and_case(operator, letters):
    assert len(walked(operator, f"{ROOM}?state=failed")) == 12
    assert len(walked(operator, f"{ROOM}?q=王芳")) == len(letters)
    assert len(walked(operator, f"{ROOM}?q=tuijian@")) == len(letters)
    assert len(walked(operator, f"{ROOM}?q=JD-2026-0105")) == 1
    assert "没有符合条件的函件" in operator.get(f"{ROOM}?q=nobody").text
    assert '<option value="failed">发送失败（12）</option>' in operator.page.text


@pytest.mark.parametrize("query", ["state=happy", "state=%00", "q=%00", "q=" + "x" * 4000, "q=%25", "lang=xx"])
def test_nonsense_in_an_address_is_no_accident(operator, query):
    assert operator.get(f"{ROOM}?{query}").status_code == 200


def test_a_broken_place_or_an_unknown_letter_is_told(operator):
    assert operator.get(f"{ROOM}?after=x").status_code == 422
    for nobody in ("x", "%00", str(uuid4())):
        assert operator.get(f"{ROOM}/{nobody}").status_code == 404


def test_a_list_costs_the_same_however_many_letters_there_are(operator, letters):
    with counted() as many:
        operator.get(ROOM)
    with transaction() as session:
        for message in session.exec(select(Message).where(col(Message.id).in_(letters[1:]))):
            session.delete(message)
    with counted() as few:
        operator.get(ROOM)
    assert len(few) == len(many) <= 8


def test_a_letter_that_has_not_left_is_shown_as_it_would_leave_and_stays_as_it_was(operator):
    message = one_in(MessageState.DUE)
    page = operator.get(f"{ROOM}/{message.id}")
    for said in ("尚未发出", "王芳示例，您好", message.facts["reference"], message.message_id[1:-1], "立即发送"):
        assert said in page.text
    with reading() as session:
        stored = session.get_one(Message, message.id)
    assert (stored.subject, stored.text, stored.attempts) == ("", "", 0)


def test_what_a_letter_says_is_text_and_its_html_is_source(operator):
    address = change(
        one_in(MessageState.SENT), subject="<b>题</b>", text="<i>文</i>", html="<h1>页</h1><script>x</script>"
    )
    page = operator.get(address)
    for said in (
        "&lt;b&gt;题&lt;/b&gt;",
        "&lt;i&gt;文&lt;/i&gt;",
        "&lt;h1&gt;页&lt;/h1&gt;&lt;script&gt;x&lt;/script&gt;",
    ):
        assert said in page.text
    for never in ("<i>文", "<h1>页", "<script>x", "再次发送</button>", "尚未发出"):
        assert never not in page.text


def test_a_failed_letter_is_sent_again_with_the_same_message_id(operator):
    message = one_in(MessageState.FAILED)
    address = change(message, attempts=75, error="550 no such user", next_attempt_at=clock.now() + timedelta(hours=1))
    page = operator.get(address)
    assert "550 no such user" in page.text
    page = operator.submit(operator.form(address))
    assert "已列入待发" in page.text
    with reading() as session:
        stored = session.get_one(Message, message.id)
    assert (stored.state, stored.attempts, stored.error) == (MessageState.DUE, 0, "")
    assert stored.next_attempt_at <= clock.now()
    assert stored.message_id == message.message_id


def test_a_letter_of_unknown_fate_warns_that_it_may_arrive_twice(operator):
    address = change(one_in(MessageState.UNKNOWN), error=ABANDONED)
    page = operator.get(address)
    assert "仍可能重复收到" in page.text
    assert re.search(r'data-confirm="[^"]*可能重复', page.text)
    assert "已列入待发" in operator.submit(operator.form(address)).text


def test_a_letter_that_left_meanwhile_is_not_sent_again(operator):
    message = one_in(MessageState.FAILED)
    operator.get(f"{ROOM}/{message.id}")
    form = operator.form(f"{ROOM}/{message.id}")
    for state in (MessageState.SENT, MessageState.SENDING):
        change(message, state=state)
        page = operator.submit(form)
        assert page.status_code == 409
        assert "不必重发" in page.text
        with reading() as session:
            assert session.get_one(Message, message.id).state is state


def test_a_letter_that_cannot_be_written_says_why(operator):
    address = change(one_in(MessageState.FAILED), facts={}, error="ValueError")
    page = operator.get(address)
    assert page.status_code == 200
    assert "该函件无法生成" in page.text


def test_letters_are_told_in_english(operator):
    address = change(one_in(MessageState.UNKNOWN), error=ABANDONED)
    operator.headers["Accept-Language"] = "en"
    page = operator.get(address)
    assert "may still arrive twice" in page.text
    assert "whether the letter arrived is not known" in page.text
    assert gettext(ABANDONED) not in page.text
    assert "Next attempt" in operator.get(ROOM).text
