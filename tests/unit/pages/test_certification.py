"""From the summary to the public list: figures, the collective decision, counted days of publicity, revocation."""

import io
import re
from uuid import UUID

import pytest
import time_machine
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from casework.demonstration import CALL
from core.db import reading, transaction
from models.application import Application
from models.case import Case
from models.certificate import Certificate
from models.organisation import Organisation, OrganisationKind
from models.person import User
from models.publication import Meeting
from models.publicity import Publicity
from regulation.definition import PROCEDURE
from regulation.roles import Duty
from tests import cast
from tests.stories.objecting import open_in_autumn
from tests.stories.telling import Story, an_application
from tests.unit.pages.reviewing import at_the_door, duty_of, filed, quiet_bells, through
from tests.unit.pages.visitor import Visitor, counted

MEETING = {
    "meeting-kind": "leading-group",
    "meeting-title": "领导小组2026年第3次会议",
    "meeting-minutes_number": "鄂继教纪要〔2026〕3号",
    "meeting-held_on": "2026-09-24",
}
CONTACT = "继教办 027-0000 0000\n机关纪委 027-0000 0001"


@pytest.fixture(autouse=True)
def _bells(database):
    del database
    with time_machine.travel("2026-09-24T02:00:00Z"), quiet_bells():
        yield


@pytest.fixture
def story():
    """A case that waits for the department, in a call with minutes and five days of publicity."""
    open_in_autumn()
    told = through(filed(), "certification")
    told.under(minutes_required=1, publicity_days=5)
    return told


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def second() -> Story:
    with transaction() as session:
        other = Story(an_application(session, cast.OTHER_APPLICANT), applicant=cast.OTHER_APPLICANT)
    other.submits()
    return through(other, "certification")


def test_the_summary_shows_every_figure_and_goes_into_a_workbook(story):
    del story
    page = text_of(at_the_door(cast.OFFICE).get(f"/office/calls/{CALL}/summary"))
    for shown in (
        "江汉示例职业技术学院",
        "87.66",
        "3/3",
        "予以认定",
        "评审通过",
        "符合条件",
        "武汉市人力资源和社会保障局",
    ):
        assert (shown in page) is (shown != "予以认定"), shown
    content = at_the_door(cast.AUDITOR).get(f"/office/calls/{CALL}/summary.xlsx").content
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    told = dict(zip(head, row, strict=True))
    assert (told["排名"], told["评审得分"], told["申报单位"]) == (1, 87.67, "江汉示例职业技术学院")


def test_the_summary_asks_as_often_for_sixty_cases_as_for_ten(story):
    office = at_the_door(cast.OFFICE)
    office.get(f"/office/calls/{CALL}/summary")
    more(story, 9)
    with counted() as few:
        assert office.get(f"/office/calls/{CALL}/summary").text.count("<tr>") == 11
    more(story, 50)
    with counted() as many:
        assert office.get(f"/office/calls/{CALL}/summary").text.count("<tr>") == 61
    assert len(few) == len(many) < 20


def more(story: Story, times: int) -> None:
    """Put cases of other institutions into the call."""
    with transaction() as session:
        first = session.get_one(Application, story.application_id)
        start = len(session.exec(select(Case)).all())
        for number in range(start, start + times):
            user = session.exec(select(User).where(User.email == cast.OTHER_APPLICANT)).one()
            unit = another(session, number)
            application = Application(
                call_id=first.call_id, organisation_id=unit, recommender_id=first.recommender_id,
                content=first.content, created_by=user.id,
            )  # fmt: skip
            session.add(application)
            session.flush()
            session.add(
                Case(
                    application_id=application.id, reference=f"JD-2026-8{number:03}", procedure=PROCEDURE,
                    stage="local-review",
                )
            )  # fmt: skip


def another(session: Session, number: int) -> UUID:
    unit = Organisation(kind=OrganisationKind.INSTITUTION, name=f"示例单位{number}", credit_code=f"X{number:017}")
    session.add(unit)
    session.flush()
    return unit.id


def test_the_duty_page_asks_for_the_meeting(story):
    decider = at_the_door(cast.DECIDER)
    address = duty_of(story, Duty.CERTIFY)
    assert "第 1 名，共 1 件有得分" in text_of(decider.get(address))
    page = decider.submit(decider.form(address), {"outcome": "approved"})
    assert page.status_code == 422
    assert "须载明会议日期和纪要文号" in page.text
    page = decider.submit(decider.form(address), {"outcome": "approved"} | MEETING | {"meeting-held_on": "2026-09-25"})
    assert (page.status_code, "会议日期不能晚于今天" in page.text) == (422, True)
    assert "鄂继教纪要〔2026〕3号" in page.text, "what was typed is still there"
    page = decider.submit(decider.form(address), {"outcome": "approved"} | MEETING)
    assert "审定结论已提交。" in page.text
    with reading() as session:
        assert session.exec(select(Meeting.minutes_number)).all() == ["鄂继教纪要〔2026〕3号"]


def test_the_case_page_shows_the_meeting_to_those_who_oversee_it(story):
    decider, address = at_the_door(cast.DECIDER), duty_of(story, Duty.CERTIFY)
    decider.get(address)
    decider.submit(decider.form(address), {"outcome": "approved"} | MEETING)
    with reading() as session:
        case = f"/cases/{session.get_one(Case, story.case_id).reference}"
    seen = text_of(at_the_door(cast.OFFICE).get(case))
    for words in ("会议日期", "纪要文号", MEETING["meeting-minutes_number"], "第 1 名"):
        assert words in seen, words
    assert "第 1 名" not in text_of(at_the_door(cast.APPLICANT).get(case))


def test_one_list_decides_all_or_nothing(story):
    other = second()
    decider = at_the_door(cast.DECIDER)
    assert "2 件待审定" in text_of(decider.get("/meetings"))
    decider.get(f"/meetings/{CALL}")
    ids = [duty_of(one, Duty.CERTIFY).rpartition("/")[2] for one in (story, other)]
    wanted = {f"outcome-{ids[0]}": "approved", f"outcome-{ids[1]}": "refused"} | MEETING
    page = decider.submit(decider.form(f"/meetings/{CALL}"), wanted)
    assert page.status_code == 422
    assert "全部结论均未记录" in page.text
    assert page.text.count("作出该结论须说明理由。") == 2, "in the summary of faults and at its line"
    with reading() as session:
        assert session.exec(select(Meeting)).all() == []
    page = decider.submit(decider.form(f"/meetings/{CALL}"), {f"reasons-{ids[1]}": "实训场所尚未建成。"})
    assert "已记录 2 项审定结论。" in page.text
    assert other.turn() == "Refused"
    assert story.turn() == "Awaiting the end of publicity"
    assert "没有待审定的申报" in decider.get(f"/meetings/{CALL}").text


def test_the_office_sees_how_the_period_is_counted_before_it_publishes(story):
    office = at_the_door(cast.OFFICE)
    publicisable(story)
    assert "1 件已审定，待发布公示。" in text_of(office.get("/office/publicity"))
    page = office.get(f"/office/publicity/new?call={CALL}")
    shown = text_of(page)
    assert "公示期：2026年9月28日 至 2026年10月9日（5 个工作日）" in shown, "the 25th to the 27th are Mid-Autumn"
    assert "1. 2026年9月28日；2. 2026年9月29日；3. 2026年9月30日；4. 2026年10月8日；5. 2026年10月9日" in shown
    form = office.form("/office/publicity/new")
    page = office.submit(form, {"first_on": "2026-09-29", "contact": CONTACT}, button=("step", "publish"))
    assert (page.status_code, "已重新计算公示期" in page.text) == (409, True)
    assert "公示期：2026年9月29日 至 2026年10月10日" in text_of(page)
    page = office.submit(office.form("/office/publicity/new"), button=("step", "publish"))
    assert "公示已发布，公示期至 2026-10-10。" in page.text
    with reading() as session:
        assert session.exec(select(Publicity.last_on)).one().isoformat() == "2026-10-10"
    assert story.turn() == "Awaiting the end of publicity"
    public = text_of(Visitor().get("/publicity"))
    assert "即将公示" in public


def publicisable(story: Story) -> None:
    decider = at_the_door(cast.DECIDER)
    address = duty_of(story, Duty.CERTIFY)
    decider.get(address)
    decider.submit(decider.form(address), {"outcome": "approved"} | MEETING)
    story.turn()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first_on": "2026-09-23"}, "公示首日不能早于今天"),
        ({"first_on": "2026-09-26"}, "公示首日应为工作日"),
        ({"first_on": "2026-12-30"}, "公示期跨入尚无官方放假安排的年份"),
        ({"title": ""}, "请填写公示标题"),
        ({"contact": ""}, "请填写异议受理部门和联系方式"),
        ({"duties": []}, "请选择同一批次中拟认定的申报"),
    ],
)
def test_a_list_that_cannot_be_public_is_refused_with_the_rule(story, typed, sentence):
    publicisable(story)
    office = at_the_door(cast.OFFICE)
    office.get(f"/office/publicity/new?call={CALL}")
    office.submit(office.form("/office/publicity/new"), {"contact": CONTACT} | typed, button=("step", "count"))
    page = office.submit(office.form("/office/publicity/new"), button=("step", "publish"))
    assert page.status_code in {409, 422}
    if page.status_code == 422:
        assert sentence in page.text
    with reading() as session:
        assert session.exec(select(Publicity)).all() == []


def test_the_duty_to_publicise_leads_to_the_list(story):
    publicisable(story)
    office = at_the_door(cast.OFFICE)
    page = office.get(duty_of(story, Duty.PUBLICISE))
    assert "仅公示本申报" in page.text
    link = re.search(r'href="(/office/publicity/new[^"]*duty=[^"]*)"', page.text)
    assert link
    assert office.get(link[1].replace("&amp;", "&")).text.count(" checked") == 1


def test_revoking_takes_two(story):
    story.under(minutes_required=0, publicity_days=0)
    story.certifies()
    with reading() as session:
        number = session.exec(select(Certificate.number)).one()
    office, decider = at_the_door(cast.OFFICE), at_the_door(cast.DECIDER)
    office.get(f"/office/revocations/new?number={number}")
    page = office.submit(office.form("/office/revocations/new"), {"reason": "材料不实"})
    assert (page.status_code, "请填写撤销依据" in page.text) == (422, True)
    typed = {"number": "无此编号", "basis": "《行政许可法》第六十九条"}
    page = office.submit(office.form("/office/revocations/new"), typed)
    assert (page.status_code, "没有这一编号的证书" in page.text) == (422, True)
    page = office.submit(office.form("/office/revocations/new"), {"number": number})
    assert "待领导小组确认" in page.text
    assert "确认撤销" not in page.text, "not for whoever proposed it"
    assert "证书有效" in Visitor().get(f"/verify?q={number}").text
    decider.get("/office/revocations")
    decider.get(re.search(r"/office/revocations/[0-9a-f-]{36}", decider.page.text)[0])
    page = decider.submit(decider.form(with_value=("act", "confirm")))
    assert "名录和核验页面已同时标注" in page.text
    assert "证书已撤销" in Visitor().get(f"/verify?q={number}").text
