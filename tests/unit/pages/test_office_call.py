"""One call: its windows extended, the papers of its notice, its dates in a calendar, and a further call like it."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar

from casework.calls import by_code
from casework.demonstration import CALL
from casework.policies import NewValue, propose_value
from casework.policy_rulings import confirm
from core.clock import HUBEI, local, now
from core.db import reading, transaction
from core.files import digest
from regulation.form.materials import USUAL
from regulation.policy import policy_of
from regulation.provenance import Source
from tests import cast
from tests.factories import a_pdf
from tests.unit.pages.visitor import Visitor, counted

HERE = f"/office/calls/{CALL}"
EXTENSION = f"{HERE}/extension"
PAPERS = f"{HERE}/attachments"
NEW = "/office/calls/new"
WEEK = timedelta(days=7)
WHY = "系统维护，申报时间相应延长。"
OPENS = datetime(2027, 3, 1, 9, tzinfo=HUBEI)


@pytest.fixture
def officer(database):
    del database
    return Visitor().sign_in(cast.OFFICE)


def stored(code=CALL):
    with reading() as session:
        return by_code(session, code)


def typed_in(moment):
    return f"{local(moment):%Y-%m-%dT%H:%M}"


def extended(officer, **typed):
    officer.get(EXTENSION)
    return officer.submit(officer.form(EXTENSION), {"reasons": WHY} | typed)


def with_two_windows():
    with transaction() as session:
        call = by_code(session, CALL)
        call.recommend_by = call.closes_at + WEEK
    return stored()


def attached(officer, name="申报通知.pdf", content=None):
    officer.get(HERE)
    return officer.submit(officer.form(PAPERS), files={"paper": (name, content or a_pdf())})


def opened(officer, code="2027-1", path=NEW, **typed):
    officer.get(path)
    given = {
        "code": code, "title": "2027年度第一批", "opens_at": typed_in(OPENS),
        "closes_at": typed_in(OPENS + 6 * WEEK), "recommend_by": typed_in(OPENS + 8 * WEEK),
    }  # fmt: skip
    return officer.submit(officer.form(NEW), given | typed)


def test_an_extension_is_public_with_its_reasons_and_without_the_officers_name(officer):
    call = with_two_windows()
    page = extended(officer, closes_at=typed_in(call.closes_at + WEEK), recommend_by=typed_in(call.recommend_by + WEEK))
    assert page.url.path == HERE
    assert "周敏示例" in page.text
    public = Visitor().get(f"/calls/{CALL}").text
    for said in ("延长记录", WHY, "申报截止时间", "推荐上报截止时间", f"{local(call.closes_at + WEEK):%Y-%m-%d %H:%M}"):
        assert said in public
    assert "周敏示例" not in public
    assert stored().closes_at == call.closes_at + WEEK


def test_every_fault_of_an_extension_is_told_and_nothing_is_lost(officer):
    call = with_two_windows()
    wrong = {"closes_at": "明天", "recommend_by": typed_in(call.closes_at), "reasons": ""}
    page = extended(officer, **wrong)
    assert page.status_code == 422
    for said in ("真实存在的日期和时间", "期限只能延长，不能提前", "请写明延长的理由"):
        assert said in page.text
    assert page.text.count('class="field-error"') == 3
    form = officer.form(EXTENSION)
    assert {name: form.value(name) for name in wrong} == wrong
    assert stored().recommend_by == call.recommend_by


def test_a_call_without_a_second_window_asks_for_none(officer):
    officer.get(EXTENSION)
    assert "recommend_by" not in officer.form(EXTENSION).names
    assert "未另设截止时间" in officer.page.text


def test_an_extension_reopens_a_closed_call(database):
    del database
    closed = stored().closes_at
    with time_machine.travel(closed + timedelta(seconds=1), tick=False):
        visitor = Visitor().sign_in(cast.OFFICE)
        assert "已截止" in visitor.get(f"/calls/{CALL}").text
        extended(visitor, closes_at=typed_in(closed + WEEK))
        assert "/applications/new" in Visitor().get(f"/calls/{CALL}").text


def test_a_paper_of_the_notice_is_public_under_its_hash(officer):
    page = attached(officer)
    assert "“申报通知.pdf”已公布" in page.text
    address = f"/calls/{CALL}/attachments/{digest(a_pdf())}"
    public = Visitor()
    assert address in public.get(f"/calls/{CALL}").text
    paper = public.get(address)
    assert paper.content == a_pdf()
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.headers["content-disposition"].startswith("attachment")
    assert public.get(f"/calls/{CALL}/attachments/{'0' * 64}").status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [(b"GIF89a", 415, "不是 PDF 文件"), (a_pdf(), 409, "该文件已在通知附件中")],
    ids=["no PDF", "the same again"],
)
def test_a_paper_that_cannot_be_taken_says_why_beside_its_field(officer, content, status, told):
    attached(officer)
    page = attached(officer, content=content)
    assert page.status_code == status
    assert re.search(rf'id="f-paper-error">.*?{told}', page.text, re.DOTALL)


def test_without_a_file_the_field_asks_for_one(officer):
    officer.get(HERE)
    assert officer.submit(officer.form(PAPERS)).status_code == 422
    assert "请上传通知附件" in officer.page.text


def test_a_paper_is_taken_back_only_before_the_call_opens(officer):
    attached(officer)
    assert "/removal" not in officer.get(HERE).text
    csrf = officer.form(PAPERS).value("csrf")
    removal = f"{PAPERS}/{digest(a_pdf())}/removal"
    refused = officer.send("POST", removal, data={"csrf": csrf})
    assert refused.status_code == 409
    assert "已公布的通知附件不能删除" in refused.text
    with transaction() as session:
        by_code(session, CALL).opens_at = now() + timedelta(days=1)
    officer.get(HERE)
    assert "通知附件已删除" in officer.submit(officer.form(removal)).text
    assert Visitor().get(f"/calls/{CALL}/attachments/{digest(a_pdf())}").status_code == 404


def test_the_dates_in_a_calendar_keep_their_identity_when_they_move(officer):
    call = with_two_windows()
    before = {str(one["uid"]): one for one in Calendar.from_ical(Visitor().get(f"/calls/{CALL}.ics").content).events}
    assert [int(one["sequence"]) for one in before.values()] == [0, 0, 0]
    extended(officer, recommend_by=typed_in(call.recommend_by + WEEK))
    extended(officer, recommend_by=typed_in(call.recommend_by + 2 * WEEK))
    page = Visitor().get(f"/calls/{CALL}.ics")
    assert page.headers["content-type"].startswith("text/calendar")
    after = {str(one["uid"]): one for one in Calendar.from_ical(page.content).events}
    assert list(after) == list(before)
    assert [int(one["sequence"]) for one in after.values()] == [0, 0, 2]
    moved = list(after.values())[2]
    assert moved.decoded("dtstart") == local(call.recommend_by + 2 * WEEK).replace(second=0)
    assert moved.decoded("dtstamp") > list(before.values())[2].decoded("dtstamp")
    assert "推荐上报截止" in str(moved["summary"])
    assert Visitor().get(f"/calls/{CALL}.ics").content == page.content


def test_a_calendar_of_no_call_is_not_found(database):
    del database
    assert Visitor().get("/calls/1999-9.ics").status_code == 404


def test_extensions_and_papers_cost_no_further_questions(officer):
    call = with_two_windows()
    with counted() as few:
        Visitor().get(f"/calls/{CALL}")
    for number in range(1, 4):
        extended(officer, recommend_by=typed_in(call.recommend_by + number * WEEK))
        attached(officer, content=a_pdf(number))
    with counted() as many:
        Visitor().get(f"/calls/{CALL}")
    assert len(many) == len(few)


def test_the_chapters_are_folded_until_something_in_them_is_the_calls_own(officer):
    page = officer.get(NEW)
    assert re.findall(r'<details id="([^"]+)" open>', page.text) == []
    page = opened(officer, **{"policy-panel_size": "9", "policy-review_days": "x"})
    assert page.status_code == 422
    assert re.findall(r'<details id="([^"]+)" open>', page.text) == ["expert-review"]
    assert "专家评审委员会人数（单数）（现行 5，本批次 9）" in page.text
    assert "“专家评审期限”应填写整数" in page.text


def test_the_form_is_filled_from_the_policy_and_says_what_it_rests_on(officer):
    with transaction() as session:
        decided = NewValue("panel_size", 7, date(2016, 1, 1), Source.DECISION, "会议纪要第 1 号（示例）")
        change = propose_value(session, decided, by=cast.person(cast.OFFICE, session))
        confirm(session, "panel_size", change.id, by=cast.person(cast.DECIDER, session))
    page = officer.get(NEW)
    assert officer.form(NEW).value("policy-panel_size") == "7"
    assert "会议纪要第 1 号（示例）；2016年1月1日 起施行" in page.text
    opened(officer)
    assert policy_of(stored("2027-1").policy).panel_size == 7
    assert "会议纪要第 1 号（示例）" in Visitor().get("/calls/2027-1").text


def materials_told(code):
    told = Visitor().get(f"/calls/{code}").text.partition('id="materials"')[2].partition("</section>")[0]
    return re.findall(r"<li>([^<]+)</li>", told)


def test_the_papers_are_chosen_for_one_call(officer):
    opened(officer, materials=["registration_certificate", "funds_audit"])
    assert policy_of(stored("2027-1").policy).materials == ("registration_certificate", "funds_audit")
    assert materials_told("2027-1") == ["登记证书", "经费审计材料"]
    opened(officer, "2027-2")
    assert policy_of(stored("2027-2").policy).materials is None
    assert len(materials_told("2027-2")) == len(USUAL)


def test_recommendations_cannot_end_before_applications(officer):
    page = opened(officer, recommend_by=typed_in(OPENS + WEEK))
    assert re.search(r'id="f-recommend_by-error">.*?不得早于申报截止时间', page.text, re.DOTALL)
    assert opened(officer, recommend_by="").url.path == "/office/calls/2027-1"
    assert stored("2027-1").recommend_by is None
