"""Calls in the office's hands: listing them, opening one, and everything an opening can be refused for."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from sqlmodel import select

from casework.calls import by_code
from casework.demonstration import CALL
from core.clock import HUBEI
from core.db import reading, transaction
from models.application import Call
from regulation.policy import NUMBERS, Policy
from regulation.sourced import SourcedPolicy
from tests import cast
from tests.stories.telling import an_application
from tests.unit.casework.crowd import a_crowd
from tests.unit.pages.applying import at_once
from tests.unit.pages.visitor import Visitor, counted

NEW = "/office/calls/new"
FILLED = {
    "code": "2027-1",
    "title": "2027年度第一批",
    "notice": "第一段\n第二段 <script>",
    "opens_at": "2027-03-01T09:00",
    "closes_at": "2027-04-15T18:00",
    "recommend_by": "2027-04-30T18:00",
}


@pytest.fixture
def officer(database):
    del database
    return Visitor().sign_in(cast.OFFICE)


def opened(officer, **typed):
    officer.get(NEW)
    return officer.submit(officer.form(NEW), FILLED | typed)


def stored(code):
    with reading() as session:
        return by_code(session, code)


def test_calls_are_read_by_office_and_auditor_and_opened_by_the_office(officer):
    assert officer.get(NEW).status_code == 200
    auditor = Visitor().sign_in(cast.AUDITOR)
    assert "开通新批次" not in auditor.get("/office/calls").text
    assert auditor.get(f"/office/calls/{CALL}").status_code == 200
    assert auditor.get(NEW).status_code == 403
    csrf = auditor.form("/sign-out").value("csrf")
    assert auditor.send("POST", NEW, data=FILLED | {"csrf": csrf}).status_code == 403
    applicant = Visitor().sign_in(cast.APPLICANT)
    for path in ("/office/calls", f"/office/calls/{CALL}", NEW):
        assert applicant.get(path).status_code == 403
        assert Visitor().get(path).status_code == 401
    assert officer.get("/office/calls/1999-9").status_code == 404


def test_a_call_is_opened_with_its_window_in_beijing_time_and_its_own_policy(officer):
    typed = {"policy-panel_size": "7", "policy-pass_mark": "82.5", "policy-trained_per_year": "６００"}
    page = opened(officer, decision="会议纪要第 3 号（示例）", **typed)
    assert page.url.path == "/office/calls/2027-1"
    for said in (
        "批次“2027年度第一批”已开通",
        "2027-03-01 09:00",
        "2027-04-15 18:00",
        "2027-04-30 18:00",
        "82.5",
        "未开始",
        "周敏示例",
    ):
        assert said in page.text
    assert "第二段 &lt;script&gt;" in page.text
    call = stored("2027-1")
    assert call.opens_at == datetime(2027, 3, 1, 9, tzinfo=HUBEI)
    assert call.closes_at == datetime(2027, 4, 15, 18, tzinfo=HUBEI)
    assert call.recommend_by == datetime(2027, 4, 30, 18, tzinfo=HUBEI)
    own = SourcedPolicy.kept(call.policy)
    assert own.policy == replace(Policy(), panel_size=7, pass_mark=82.5, trained_per_year=600)
    assert {key for key, one in own.provenance.items() if one.own} == {"panel_size", "pass_mark", "trained_per_year"}
    assert page.text.count("本批次自定") == 3
    assert "2027年度第一批" in officer.get("/calls/2027-1").text


def test_every_parameter_has_its_unit_and_its_source_and_the_assumed_say_so(officer):
    page = officer.get(NEW)
    for number in NUMBERS:
        assert f'name="policy-{number.name}"' in page.text
    assert page.text.count("暂定") >= 10
    assert "依据第四条第（四）项" in page.text
    assert "个工作日" in page.text


def test_every_fault_is_told_at_once_and_nothing_is_lost(officer):
    wrong = {
        "code": "2027 批!",
        "title": "",
        "notice": "保留我",
        "opens_at": "2027-05-01T09:00",
        "closes_at": "2027-04-01T18:00",
        "policy-panel_size": "4",
        "policy-pass_mark": "101",
        "policy-review_days": "十天",
        "policy-team_size": "0",
    }
    page = opened(officer, **wrong)
    assert page.status_code == 422
    for said in (
        "批次编号由字母、数字和短横线组成",
        "请填写批次名称",
        "截止时间应晚于开始时间",
        "专家评审委员会人数应为单数",
        "“评审通过的平均分”不得大于 100",
        "“专家评审期限”应填写整数",
        "“考察人员不少于”不得小于 1",
    ):
        assert said in page.text
    assert page.text.count('class="field-error"') == 7
    links = re.findall(r'<li><a href="#(f-[^"]+)"', page.text)
    assert len(links) == 7
    assert all(f'id="{link}"' in page.text for link in links)
    form = officer.form(NEW)
    assert {name: form.value(name) for name in wrong} == wrong


@pytest.mark.parametrize(
    "when", ["", "2027-02-30T09:00", "明天", "0001-01-01T00:00", "99999-01-01T00:00", "2027-03-01T09:00+08:00"]
)
def test_an_impossible_moment_is_told_beside_its_field(officer, when):
    page = opened(officer, opens_at=when)
    assert page.status_code == 422
    assert re.search(r'id="f-opens_at-error">.*?(请填写开始时间|真实存在的日期和时间)', page.text, re.DOTALL)
    assert page.text.count('class="field-error"') == 1
    with reading() as session:
        assert len(session.exec(select(Call)).all()) == 1


def test_a_code_is_used_once(officer):
    opened(officer)
    page = opened(officer, title="又一批")
    assert page.status_code == 422
    assert "该批次编号已使用" in page.text
    assert stored("2027-1").title == "2027年度第一批"


def test_the_same_button_from_two_windows_opens_one_call(officer):
    officer.get(NEW)
    sent = dict(officer.form(NEW).values) | FILLED
    statuses = sorted(answer.status_code for answer in at_once(2, lambda: officer.send("POST", NEW, data=sent)))
    assert statuses[0] == 303
    with reading() as session:
        assert len(session.exec(select(Call).where(Call.code == "2027-1")).all()) == 1


def test_a_call_tells_how_far_it_has_come_at_the_same_cost_for_many(officer):
    with counted() as few:
        officer.get("/office/calls")
    with transaction() as session:
        a_crowd(session, 60)
        an_application(session)
    for number in range(2, 6):
        opened(officer, code=f"2027-{number}")
    with counted() as many:
        page = officer.get("/office/calls")
    assert len(many) == len(few)
    row = next(row for row in page.text.split("<tr>") if f"/office/calls/{CALL}" in row)
    assert re.findall(r'class="num">(?:<a[^>]*>)?(\d+)', row) == ["1", "60", "54", "2"]
    page = officer.get(f"/office/calls/{CALL}")
    assert 'href="/office/cases?call=2026-1&amp;stage=expert-review&amp;outcome=open"' in page.text
    assert "不予通过" in page.text


def test_the_faults_are_told_in_english_too(officer):
    officer.headers["Accept-Language"] = "en"
    page = opened(officer, code="", **{"policy-panel_size": "4", "opens_at": "x"})
    errors = " ".join(re.findall(r'class="field-error".*?</svg>(.*?)</p>', page.text, re.DOTALL))
    assert errors
    assert not re.search(r"[\u4e00-\u9fff]", errors)
