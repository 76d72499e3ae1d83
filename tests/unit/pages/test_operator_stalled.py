"""Stalled cases: what the operator reads about them, running them again, and what is said when it cannot be done."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from core import clock
from core.db import reading, transaction
from flows.gateway import page_of
from models.case import Case
from models.engine import Bell, Run
from models.journal import JournalEntry
from tests import cast
from tests.unit.casework.crowd import TRACEBACK, a_crowd, a_failure, case_of
from tests.unit.pages.engine_door import answering, gone
from tests.unit.pages.visitor import Visitor, counted

pytestmark = pytest.mark.enable_socket
ROOM = "/operator/stalled"


@pytest.fixture
def crowd(database):
    del database
    with transaction() as session:
        return a_crowd(session, 60)


@pytest.fixture
def engine(crowd):
    del crowd
    with answering() as there:
        yield there


@pytest.fixture
def operator(engine):
    del engine
    visitor = Visitor().sign_in(cast.OPERATOR)
    visitor.get(ROOM)
    return visitor


def bells_of(reference):
    with reading() as session:
        case = case_of(session, reference)
        return session.exec(select(Bell).where(Bell.case_id == case.id, Bell.reason == "run again")).all()


def told(page):
    return re.sub(r"<[^>]+>", "", re.findall(r'<div class="notice.*?</div>', page.text, re.DOTALL)[0])


def test_only_the_operator_comes_in(operator):
    csrf = operator.form("/sign-out").value("csrf")
    for email in (cast.APPLICANT, cast.OFFICE, cast.AUDITOR, cast.RECOMMENDER):
        visitor = Visitor().sign_in(email)
        assert visitor.get(ROOM).status_code == 403
        assert visitor.send("POST", ROOM, data={"csrf": csrf, "ids": "JD-2026-0108"}).status_code == 403
    assert Visitor().get(ROOM).status_code == 401


def test_each_stalled_case_tells_step_error_attempts_and_traceback(operator, crowd):
    page = operator.page
    assert re.findall(r'name="ids" value="([^"]+)"', page.text) == sorted(crowd.stalled, key=stalled_at)
    for said in ("制发证书", "已尝试 2 次", "TimeoutError: the printer did not answer within 30 s", "正常"):
        assert said in page.text
    assert page.text.count("tasks/certificates.py") == len(crowd.stalled)
    assert "<details><summary>" in page.text
    assert 'data-select-all="ids"' in page.text, "without it the script never lets the button go"
    with reading() as session:
        run = session.exec(select(Run)).first()
    assert f'href="{page_of(run.flow_run_id)}"' in page.text
    assert f'停滞事项 <span class="tally">{len(crowd.stalled)}</span>' in page.text


def stalled_at(reference):
    with reading() as session:
        return case_of(session, reference).stalled_at


def test_the_last_failure_is_told_and_what_it_says_is_not_run(operator, crowd):
    with transaction() as session:
        run = a_failure(case_of(session, crowd.stalled[0]), attempt=5)
        run.started_at = run.ended_at = clock.now()
        run.error, run.traceback = "<script>alert(1)</script>", TRACEBACK + "<img src=x>"
        session.add(run)
    page = operator.get(ROOM)
    assert "已尝试 5 次" in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<img src=x>" not in page.text
    assert page.text.count('name="ids"') == len(crowd.stalled)


def test_one_case_is_run_again(operator, engine, crowd):
    reference = crowd.stalled[0]
    page = operator.submit(operator.form(ROOM), button=("only", reference))
    assert f"已请求重新运行：{reference}。" in told(page)
    assert engine.references == [reference]
    [bell] = bells_of(reference)
    assert bell.attempts == 1
    assert bell.flow_run_id
    assert page.text.count("已请求重新运行</span>") == 1
    with reading() as session:
        entry = session.exec(select(JournalEntry).where(JournalEntry.act == "run-again")).one()
        assert entry.by == cast.person(cast.OPERATOR, session).id


def test_all_that_are_ticked_are_run_again(operator, engine, crowd):
    page = operator.submit(operator.form(ROOM), {"ids": crowd.stalled})
    assert sorted(engine.references) == sorted(crowd.stalled)
    assert all(reference in told(page) for reference in crowd.stalled)


def test_a_case_that_recovered_meanwhile_keeps_no_other_back(operator, engine, crowd):
    recovered, other = crowd.stalled[:2]
    with transaction() as session:
        case_of(session, recovered).stalled_at = None
    page = operator.submit(operator.form(ROOM), {"ids": [recovered, other]})
    assert f"已请求重新运行：{other}。" in told(page)
    assert f"未重新运行（已不在停滞状态）：{recovered}。" in told(page)
    assert engine.references == [other]
    assert bells_of(recovered) == []


def test_nothing_ticked_is_told_and_an_unknown_case_is_none_of_ours(operator, engine):
    page = operator.submit(operator.form(ROOM))
    assert page.status_code == 422
    assert "请先勾选" in told(page)
    form = operator.form(ROOM)
    sent = {"csrf": form.value("csrf"), "ids": ["JD-1999-0001", "\0", "x" * 5000]}
    operator.send("POST", ROOM, data=sent)
    assert "未重新运行" in told(operator.get(ROOM))
    assert engine.runs == []


def test_without_the_engine_the_wish_is_kept_and_said_to_be(operator, crowd):
    with gone():
        page = operator.get(ROOM)
        assert "不响应" in page.text
        page = operator.submit(operator.form(ROOM), {"ids": crowd.stalled[:2]})
        assert "引擎暂不响应" in told(page)
    for reference in crowd.stalled[:2]:
        [bell] = bells_of(reference)
        assert bell.answered_at is None
        assert bell.flow_run_id is None


def test_a_foreign_form_does_nothing(operator, engine, crowd):
    sent = {"csrf": "guessed", "ids": crowd.stalled}
    assert operator.send("POST", ROOM, data=sent).status_code == 403
    assert engine.runs == []


def test_bells_without_an_answer_are_listed_after_a_minute(operator, crowd):
    with transaction() as session:
        for reference, minutes in zip(crowd.references[:2], (0, 3), strict=True):
            at = clock.now() - timedelta(minutes=minutes)
            case = case_of(session, reference)
            session.add(Bell(case_id=case.id, reason="certification approved", created_at=at, attempts=minutes))
    lines = operator.get(ROOM).text.partition("未得到响应")[2]
    assert crowd.references[1] in lines
    assert "3 分钟前" in lines
    assert crowd.references[0] not in lines


def test_the_page_costs_the_same_for_one_and_for_many(operator, crowd):
    with counted() as many:
        operator.get(ROOM)
    with transaction() as session:
        for case in session.exec(select(Case).where(col(Case.reference).in_(crowd.stalled[1:]))):
            case.stalled_at = None
    with counted() as few:
        operator.get(ROOM)
    assert len(few) == len(many) <= 8


def test_it_is_told_in_english(operator, crowd):
    operator.headers["Accept-Language"] = "en"
    page = operator.submit(operator.form(ROOM), button=("only", crowd.stalled[0]))
    assert "Asked to run again" in told(page)
    assert "2 attempts" in page.text
