"""The applicant's way, by hand and without JavaScript: from beginning an application to its correction and its end."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from casework.demonstration import CALL
from core import clock
from core.db import reading
from core.i18n import gettext
from models.application import Application, Submission
from models.engine import Bell
from pages.filters import due
from regulation.form.definition import ATTACHMENTS, section
from regulation.form.example import example
from regulation.form.reading import cleaned
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.stories.telling import Story
from tests.unit.pages.applying import (
    CODE,
    SECTIONS,
    at_once,
    bureau,
    case_of,
    fill_in,
    more,
    paper_form,
    section_form,
    stored,
    submit,
)
from tests.unit.pages.visitor import Visitor, counted


def test_the_whole_way_by_hand(applicant, draft):
    for part in SECTIONS:
        assert fill_in(applicant, draft, part).status_code == 200
        assert 'aria-invalid="true"' not in applicant.page.text
    applicant.get(draft)
    for paper in ATTACHMENTS:
        form = paper_form(applicant, paper.key)
        applicant.submit(form, files={paper.key: (f"{gettext(paper.title)}.pdf", a_pdf())})
        assert "已上传。" in applicant.page.text
    assert "申报表已填写完整，可以提交。" in applicant.page.text
    page = submit(applicant, draft)
    assert page.status_code == 200
    case = case_of(draft)
    with reading() as session:
        submission = session.exec(select(Submission)).one()
        assert session.exec(select(Bell.reason)).all() == ["submitted"]
    assert f"已提交，编号 {case.reference}。" in page.text
    assert submission.sha256 in page.text
    assert submission.content == cleaned(example("江汉示例职业技术学院", credit_code=CODE))
    assert "提交申报" not in page.text


def test_a_return_is_corrected_by_hand(applicant, complete):
    submit(applicant, complete)
    story = Story(stored(complete).id, case_of(complete).id)
    story.turn()
    assert "推荐单位正在审核" in applicant.get("/applications").text
    story.recommends(Outcome.RETURNED)
    assert "去补正" in applicant.get("/applications").text
    page = applicant.get(complete).text
    left = due(story.duty(Duty.CORRECT).due_on)
    for said in ("推荐审核环节退回补正", "材料与规定条件不符。", "补充近三年培训名册。", "还没有修改。", left):
        assert said in page
    applicant.get(f"{complete}/sections/basics")
    applicant.submit(section_form(applicant, section("basics")), {"contact_name": "李示例"})
    applicant.get(complete)
    applicant.submit(paper_form(applicant, ATTACHMENTS[0].key), files={ATTACHMENTS[0].key: ("新证书.pdf", a_pdf(2))})
    told = re.sub(r"<[^>]+>|\s", "", applicant.get(complete).text)
    assert "“联系人姓名”孙示例李示例" in told
    assert "“登记证书”registration_certificate.pdf新证书.pdf" in told
    assert submit(applicant, complete).status_code == 200
    assert "第 2 次提交" in applicant.page.text
    assert story.turn() == "Awaiting local review"


def test_a_certified_application_leads_to_its_certificate(applicant, complete):
    submit(applicant, complete)
    story = Story(stored(complete).id, case_of(complete).id)
    story.turn()
    story.recommends()
    story.assembles_panel()
    story.review()
    story.concludes()
    story.assembles_team()
    story.inspect()
    story.certifies()
    page = applicant.get(complete).text
    assert "已办结：已认定并公布" in page
    file = re.search(r'href="(/certificates/[^"]+\.pdf)"', page)
    assert file
    assert applicant.get(file[1]).content.startswith(b"%PDF-")
    assert "已认定并公布" in applicant.get("/applications").text


def test_beginning_offers_every_body_once_in_two_groups(applicant):
    applicant.get(f"/applications/new?call={CALL}")
    bodies = applicant.form("/applications/new").choices["recommender_id"]
    assert len(bodies) == len(set(bodies)) == 1 + 17 + 21
    assert applicant.page.text.count("<optgroup") == 2


@pytest.mark.parametrize("chosen", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_beginning_needs_a_body_that_may_recommend(applicant, chosen):
    applicant.get(f"/applications/new?call={CALL}")
    form = applicant.form("/applications/new")
    form.choices["recommender_id"].append(chosen)
    answer = applicant.submit(form, {"recommender_id": chosen})
    assert answer.status_code == 422
    assert "请选择推荐单位" in answer.text


def test_beginning_twice_finds_the_first_one(applicant):
    applicant.get(f"/applications/new?call={CALL}")
    form = applicant.form("/applications/new")
    first = applicant.submit(form, {"recommender_id": bureau()}).url
    second = applicant.submit(form, {"recommender_id": bureau()})
    assert second.url == first
    assert "本单位在该批次已有申报" in second.text
    assert applicant.get(f"/applications/new?call={CALL}").url == first
    with reading() as session:
        assert len(session.exec(select(Application)).all()) == 1


def test_beginning_from_several_windows_at_once_begins_one(applicant):
    applicant.get(f"/applications/new?call={CALL}")
    sent = {"csrf": applicant.form("/applications/new").value("csrf"), "call": CALL, "recommender_id": bureau()}
    answers = at_once(4, lambda: applicant.send("POST", "/applications/new", data=sent))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1


def test_a_closed_call_cannot_be_begun(applicant):
    with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
        later = Visitor().sign_in(cast.APPLICANT)
        answer = later.get(f"/applications/new?call={CALL}")
    assert answer.status_code == 409
    assert "北京时间" in answer.text
    assert applicant.get("/applications/new?call=none").status_code == 404


@pytest.mark.parametrize("rest", ["", "/sections/basics", "/files/" + "0" * 64])
def test_nobody_else_finds_an_application(draft, rest):
    assert Visitor().sign_in(cast.OTHER_APPLICANT).get(draft + rest).status_code == 404
    assert Visitor().sign_in(cast.RECOMMENDER).get(draft + rest).status_code == 403
    assert Visitor().get(draft + rest).status_code == 401


@pytest.mark.parametrize(
    "path", ["nonsense", "00000000-0000-0000-0000-000000000000", "%00", "1/sections/basics", "x/files/y"]
)
def test_an_unknown_application_is_not_found(applicant, path):
    assert applicant.get(f"/applications/{path}").status_code == 404


def test_the_list_costs_the_same_for_one_application_and_for_many(applicant, complete):
    submit(applicant, complete)
    with counted() as one:
        applicant.get("/applications")
    for number in range(2, 6):
        more(number)
    with counted() as many:
        applicant.get("/applications")
    assert applicant.page.text.count("<tr>") == 1 + 1 + 1 + 4, "two heads, one under way, four drafts"
    assert len(many) == len(one)


def test_the_list_says_what_to_do_whose_turn_it_is_and_until_when(applicant, draft):
    page = applicant.get("/applications").text
    for said in ("需要您办理", "草稿", "继续填写", "还有 58 天", draft):
        assert said in page
    with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
        late = Visitor().sign_in(cast.APPLICANT)
        assert "未提交，批次已截止" in late.get("/applications").text


def test_an_institution_without_applications_is_shown_what_it_can_apply_for(applicant):
    assert "可以申报的批次" in applicant.get("/applications").text
    assert f"/calls/{CALL}" in applicant.page.text


def test_the_applicants_pages_are_told_in_english(complete):
    reader = Visitor(**{"Accept-Language": "en"}).sign_in(cast.APPLICANT)
    assert "My applications" in reader.get("/applications").text
    assert "1. Basic information" in reader.get(complete).text
    assert "Save, next: Fields of expertise" in reader.get(f"{complete}/sections/basics").text
    submit(reader, complete)
    assert "Checksum of what was submitted" in reader.page.text
