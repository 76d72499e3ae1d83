"""The recommending body's room and the office's check of the form, by hand and without JavaScript."""

import io
import re

import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from casework.demonstration import CALL, HOME
from core.clock import today
from core.db import transaction
from core.spreadsheets import Table, write
from regulation.checks import ACCEPTING, RECOMMENDING
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.stories.recommending import OTHER_BODY, another_clerk, body_id, others_apply, places
from tests.stories.telling import Story, an_application
from tests.unit.pages.reviewing import at_the_door, duty_of, form_on, quiet_bells, reference
from tests.unit.pages.visitor import counted

SCAN = {"scan": ("推荐意见.pdf", a_pdf())}


@pytest.fixture(autouse=True)
def house(database):
    del database
    with quiet_bells():
        yield


def filed(**rules) -> Story:
    """Begin a case in the demonstration's call under other rules."""
    with transaction() as session:
        told = Story(an_application(session))
    told.under(**rules)
    told.submits()
    return told


def yes_to(asked, **more):
    return {f"checks-{item.key}": "yes" for item in asked} | more


def signed(**more):
    return yes_to(RECOMMENDING, handled_by="刘经办示例", signed_by="高局长示例", outcome="approved") | more


def test_a_recommendation_in_full():
    story = filed(acceptance_days=5)
    clerk, address = at_the_door(cast.RECOMMENDER), duty_of(story, Duty.RECOMMEND)
    form = form_on(clerk, address)
    assert re.search(r"专职 \d+ 人，兼职 \d+ 人", clerk.page.text), "what was declared stands beside the point"
    refused = clerk.submit(form, {"outcome": "approved"}, files=SCAN)
    assert refused.status_code == 422
    assert refused.text.count("请逐项作出审核意见。") == 2 * len(RECOMMENDING)
    assert "请填写经办人姓名。" in refused.text
    assert "推荐意见.pdf" in refused.text, "the scan is kept although the rest was refused"
    done = clerk.submit(clerk.form(address), signed(**{"checks-practice": "not-applicable"}))
    assert "推荐意见已提交。" in done.text
    story.turn()
    case = clerk.get(f"/cases/{reference(story)}")
    assert all(words in case.text for words in ("审核记录：推荐审核", "高局长示例", "不涉及", "推荐意见.pdf"))
    office = at_the_door(cast.OFFICE)
    office.get(duty_of(story, Duty.CHECK_FORM))
    assert "高局长示例" in office.page.text
    href = next(one for one in office.page.text.split('"') if "/scans/" in one)
    assert office.get(href).content == a_pdf()
    assert at_the_door(cast.APPLICANT).get(href).status_code == 404
    assert "高局长示例" not in at_the_door(cast.APPLICANT).get(f"/cases/{reference(story)}").text


def test_a_file_that_is_no_pdf_is_refused_beside_its_field():
    story = filed(acceptance_days=5)
    clerk, address = at_the_door(cast.RECOMMENDER), duty_of(story, Duty.RECOMMEND)
    refused = clerk.submit(form_on(clerk, address), signed(), files={"scan": ("图片.pdf", b"GIF89a")})
    assert refused.status_code == 422
    assert "“图片.pdf”不是 PDF 文件" in refused.text
    assert "高局长示例" in refused.text


def test_what_was_answered_before_a_correction_is_there_again():
    story = filed(acceptance_days=5)
    clerk = at_the_door(cast.RECOMMENDER)
    typed = signed(outcome="returned", reasons="缺名册", corrections="补充名册")
    typed |= {"checks-papers": "no", "checks-papers-note": "缺培训名册。"}
    clerk.submit(form_on(clerk, duty_of(story, Duty.RECOMMEND)), typed)
    story.turn()
    story.corrects(website="https://example.com/xin")
    form = form_on(clerk, duty_of(story, Duty.RECOMMEND))
    assert (form.value("checks-faculty"), form.value("checks-papers-note")) == ("yes", "缺培训名册。")
    assert form.value("signed_by") == "高局长示例"


def test_above_the_quota_a_file_is_put_on_the_waiting_list():
    story = filed(quota_each=1)
    (other,) = others_apply()
    story.recommends()
    clerk, address = at_the_door(cast.RECOMMENDER), duty_of(other, Duty.RECOMMEND)
    refused = clerk.submit(form_on(clerk, address), {"outcome": "approved"})
    assert refused.status_code == 422
    assert "推荐名额为 1 个，已全部使用（批次名额规定）" in refused.text
    listed = clerk.submit(clerk.form(f"{address}/waiting"))
    assert "已列入候补，第 1 位。" in listed.text
    assert "该申报在候补第 1 位" in listed.text
    places(HOME, 5)
    clerk.submit(form_on(clerk, address), {"outcome": "approved"})
    assert "推荐意见已提交。" in clerk.page.text


def test_the_order_is_changed_with_numbers_or_by_one_place():
    story = filed()
    others = others_apply(2)
    for one in [story, *others]:
        one.recommends()
    refs = [reference(one) for one in [story, *others]]
    clerk, address = at_the_door(cast.RECOMMENDER), f"/recommendations/{CALL}"
    clerk.get(address)
    clerk.submit(clerk.form(address), {f"places-{refs[2]}": "1", f"places-{refs[0]}": "2", f"places-{refs[1]}": "3"})
    assert order_on(clerk, refs) == [refs[2], refs[0], refs[1]]
    clerk.submit(clerk.form(address), button=("move", f"up:{refs[1]}"))
    assert order_on(clerk, refs) == [refs[2], refs[1], refs[0]]
    clerk.submit(clerk.form(address), button=("move", f"down:{refs[2]}"))
    assert order_on(clerk, refs) == [refs[1], refs[2], refs[0]]
    wrong = clerk.submit(clerk.form(address), {f"places-{refs[0]}": "一", f"places-{refs[1]}": "3"})
    assert wrong.status_code == 422
    assert "应填写整数" in wrong.text
    twice = clerk.submit(clerk.form(address), {f"places-{refs[0]}": "3", f"places-{refs[1]}": "3"})
    assert "排在同一位" in twice.text
    clerk.get(address)
    assert order_on(clerk, refs) == [refs[1], refs[2], refs[0]]


def order_on(visitor, refs):
    text = visitor.page.text
    return sorted(refs, key=lambda ref: text.index(f'places-{ref}"'))


def test_letter_and_summary_to_take_away():
    story = filed()
    clerk, address = at_the_door(cast.RECOMMENDER), f"/recommendations/{CALL}"
    assert clerk.get(f"{address}/letter.pdf").status_code == 404
    story.recommends()
    assert f'href="{address}/letter.pdf"' in clerk.get(address).text
    for paper in ("letter.pdf", "summary.pdf"):
        assert len(pikepdf.open(io.BytesIO(clerk.get(f"{address}/{paper}").content)).pages) == 1
    assert clerk.get(f"{address}/other.pdf").status_code == 404
    rows = sheet(clerk.get(f"{address}/summary.xlsx").content)
    assert rows[1][:4] == [1, reference(story), "江汉示例职业技术学院", "江汉示例专业技术人员继续教育基地"]
    assert rows[1][7] == 620


def sheet(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_another_body_finds_nothing_of_ours():
    story = filed()
    story.recommends()
    stranger = at_the_door(another_clerk().email)
    assert reference(story) not in stranger.get(f"/recommendations/{CALL}").text
    assert stranger.get(f"/recommendations/{CALL}/summary.xlsx").status_code == 404
    assert "还没有报送贵单位的申报" in stranger.get("/recommendations").text
    assert at_the_door(cast.OFFICE).get("/recommendations").status_code == 403


def test_the_calls_of_a_body_are_counted_with_one_question_however_many():
    filed()
    clerk = at_the_door(cast.RECOMMENDER)
    with counted() as few:
        assert "2026年度第一批" in clerk.get("/recommendations").text
    others_apply(3)
    with counted() as many:
        clerk.get("/recommendations")
    assert len(many) == len(few)


def test_the_office_gives_places_by_hand_and_from_a_spreadsheet():
    filed().recommends()
    office, address = at_the_door(cast.OFFICE), f"/office/calls/{CALL}/quotas"
    assert f'href="{address}"' in office.get(f"/office/calls/{CALL}").text
    office.get(address)
    home, other = (f"places-{body_id(name)}" for name in (HOME, OTHER_BODY))
    assert "已保存 2 个推荐单位的名额。" in office.submit(office.form(address), {home: "3", other: "０"}).text
    wrong = office.submit(office.form(address), {home: "-1"})
    assert wrong.status_code == 422
    assert sheet(office.get(f"{address}.xlsx").content)[1] == [HOME, 3, 1]
    office.get(address)
    broken = book([HOME, "4"], ["某某示例局", "1"], [HOME, "5"], [OTHER_BODY, "1.5"])
    said = office.submit(office.form(f"{address}/import"), files={"file": ("名额.xlsx", broken)})
    assert said.status_code == 422
    assert all(f"第 {row} 行" in said.text for row in (3, 4, 5))
    assert "第 2 行" not in said.text
    office.get(address)
    assert office.form(address).value(home) == "3", "nothing is taken half"
    brought = office.submit(office.form(f"{address}/import"), files={"file": ("名额.xlsx", book([HOME, ""]))})
    assert "已保存 1 个推荐单位的名额。" in brought.text
    assert (office.form(address).value(home), office.form(address).value(other)) == ("", "0")
    auditor = at_the_door(cast.AUDITOR)
    assert "保存名额" not in auditor.get(address).text
    assert auditor.send("POST", address, data={}).status_code == 403
    assert sheet(office.get(f"/office/calls/{CALL}/recommended.xlsx").content)[1][0] == HOME


def book(*rows):
    return write(Table("名额分配表", ("推荐单位", "单独名额"), rows))


def test_the_form_is_checked_and_the_notice_taken_away():
    story = filed(acceptance_days=5)
    story.recommends()
    office, address = at_the_door(cast.OFFICE), duty_of(story, Duty.CHECK_FORM)
    form = form_on(office, address)
    assert "视为受理" in office.page.text
    assert office.submit(form, {"outcome": "approved"}).status_code == 422
    done = office.submit(office.form(address), yes_to(ACCEPTING, outcome="approved"))
    assert "审查结论已提交。" in done.text
    story.turn()
    applicant = at_the_door(cast.APPLICANT)
    case = f"/cases/{reference(story)}"
    assert f"鄂继教受〔{today().year}〕0001号" in applicant.get(case).text
    assert "审核记录" not in applicant.page.text
    notice = applicant.get(f"{case}/notice")
    assert notice.content.startswith(b"%PDF-")
    assert "%E5%8F%97%E7%90%86" in notice.headers["content-disposition"]
    assert at_the_door(cast.OTHER_APPLICANT).get(f"{case}/notice").status_code == 404


def test_before_it_is_decided_there_is_no_notice():
    story = filed(acceptance_days=5)
    story.recommends()
    assert at_the_door(cast.APPLICANT).get(f"/cases/{reference(story)}/notice").status_code == 404
    story.accepts(Outcome.RETURNED)
    assert at_the_door(cast.APPLICANT).get(f"/cases/{reference(story)}/notice").status_code == 404


def test_the_demonstration_goes_on_with_an_opinion_alone():
    story = filed()
    clerk, address = at_the_door(cast.RECOMMENDER), duty_of(story, Duty.RECOMMEND)
    clerk.submit(form_on(clerk, address), {"outcome": "approved"})
    assert "推荐意见已提交。" in clerk.page.text
