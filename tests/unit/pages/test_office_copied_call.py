"""A further call filled from an earlier one: what comes along, what can be left behind, and dates of its own."""

import re

import pytest

from casework.calls import by_code
from casework.calls.attachments import attach_to_notice, attachments_of
from casework.people import recommending_bodies
from casework.quotas import own_rows, set_quotas
from casework.sheets import set_sheet
from core.db import reading, transaction
from core.files import digest
from regulation.policy import policy_of
from regulation.sheet import DEFAULT, Group, Item, Sheet, sheet_of
from tests import cast
from tests.factories import a_pdf
from tests.unit.pages.test_office_call import NEW, OPENS, WEEK, opened, typed_in
from tests.unit.pages.visitor import Visitor

SHORT = Sheet((Group("培训能力", (Item("a1", "课程体系", 100, "第四条第（四）项"),)),))


@pytest.fixture
def officer(database):
    del database
    return Visitor().sign_in(cast.OFFICE)


def test_a_further_call_is_filled_from_an_earlier_one(officer):
    opened(officer, **{"policy-panel_size": "9"}, decision="会议纪要第 3 号（示例）", notice="按办法申报。",
           materials=["registration_certificate"])  # fmt: skip
    officer.get("/office/calls/2027-1")
    assert "/office/calls/new?copy=2027-1" in officer.page.text
    page = officer.get(f"{NEW}?copy=2027-1")
    form = officer.form(NEW)
    assert (form.value("title"), form.value("notice"), form.value("code")) == ("2027年度第一批", "按办法申报。", "")
    assert form.value("policy-panel_size") == "9"
    assert [value for name, value in form.values if name == "materials"] == ["registration_certificate"]
    assert [form.value(name) for name in ("opens_at", "closes_at", "recommend_by")] == ["", "", ""], (
        "dates are set anew"
    )
    assert re.findall(r'<details id="([^"]+)" open>', page.text) == ["expert-review"]
    page = officer.submit(form, {"code": "2027-2"})
    assert page.status_code == 422
    assert "请填写开始时间" in page.text
    assert "请填写本批次自定规则所依据的决定" in page.text
    assert officer.form(NEW).value("copy") == "2027-1", "what is to be copied is asked again"
    assert officer.get(f"{NEW}?copy=1999-9").status_code == 404


def test_places_sheet_and_papers_come_along_unless_unticked(officer):
    opened(officer, **{"policy-quota_in_all": "30"}, decision="会议纪要第 3 号（示例）")
    kept, dropped = a_pdf(), a_pdf(2)
    with transaction() as session:
        office, call = cast.person(cast.OFFICE, session), by_code(session, "2027-1")
        bodies = recommending_bodies(session)[:2]
        set_quotas(session, call, {bodies[0].id: 3, bodies[1].id: 0}, by=office)
        set_sheet(session, "2027-1", SHORT, by=office)
        attach_to_notice(session, "2027-1", ("申报通知.pdf", kept), by=office)
        attach_to_notice(session, "2027-1", ("汇总表格式.pdf", dropped), by=office)
    page = officer.get(f"{NEW}?copy=2027-1")
    for said in ("（2 个推荐单位）", "评分表（1 项）", "申报通知.pdf", "汇总表格式.pdf", "申报和推荐时间不复制"):
        assert said in page.text
    form = officer.form(NEW)
    assert form.value("policy-quota_in_all") == "30"
    windows = {"opens_at": typed_in(OPENS), "closes_at": typed_in(OPENS + WEEK), "decision": "会议纪要第 5 号（示例）"}
    page = officer.submit(form, windows | {"code": "2027-2", "papers": [digest(kept)]})
    assert "请核对复制的推荐名额、评分表和通知附件" in page.text
    with reading() as session:
        call = by_code(session, "2027-2")
        assert own_rows(session, call.id) == {bodies[0].id: 3, bodies[1].id: 0}
        assert sheet_of(call.policy) == SHORT
        assert [(one.filename, one.sha256) for one in attachments_of(session, call)] == [("申报通知.pdf", digest(kept))]
        assert policy_of(call.policy).quota_in_all == 30
        assert call.recommend_by is None
    page = officer.submit(form, windows | {"code": "2027-3", "taken": [], "papers": []})
    with reading() as session:
        call = by_code(session, "2027-3")
        assert (own_rows(session, call.id), attachments_of(session, call)) == ({}, [])
        assert sheet_of(call.policy) == DEFAULT
    page = officer.submit(form, windows | {"code": "2027-4", "papers": ["0" * 64]})
    assert page.status_code == 422
    assert "不在批次“2027年度第一批”的通知附件中" in page.text
