"""The scoring sheet on the page: filled in, kept while one works, refused with every fault, concluded from."""

import pytest
from sqlmodel import select

from core.db import reading, transaction
from models.judgement import Review, ReviewDraft
from regulation.roles import Duty
from regulation.sheet import DEFAULT
from tests import cast
from tests.stories.scoring import GOOD, RULES, by_sheet, scores
from tests.stories.telling import Story, an_application
from tests.unit.pages.reviewing import EVIL, at_the_door, does, duty_of, form_on, quiet_bells, reference


@pytest.fixture(autouse=True)
def bells():
    with quiet_bells():
        yield


@pytest.fixture
def story(database):
    """A case before its panel, to be scored by the sheet."""
    del database
    with transaction() as session:
        told = Story(an_application(session))
    told.under(**RULES)
    by_sheet(told)
    told.submits()
    told.recommends()
    told.assembles_panel()
    return told


def filled(**more: object) -> dict[str, object]:
    marks = {f"marks-{key}": str(mark) for key, mark in GOOD.items()}
    extremes = [item.key for item in DEFAULT.items if DEFAULT.must_explain(item, GOOD[item.key])]
    remarks = {f"remarks-{key}": "合作单位少，协议期短。" for key in extremes}
    return marks | remarks | {"recommendation": "pass", "opinion": "材料齐全，条件具备。"} | more


def test_scored_on_the_page_item_by_item(story):
    expert = at_the_door(cast.EXPERTS[0])
    form = form_on(expert, duty_of(story, Duty.REVIEW, cast.EXPERTS[0]))
    page = expert.page.text
    for told in (
        "影响力与经验",
        "依据第四条第（一）项",
        "专职 26 人，兼职 8 人",
        "每年",
        "/ 10 分",
        "优秀、不合格两档须写明理由",
    ):
        assert told in page or told == "每年"
    assert "scoring.js" in page
    assert "“建议通过”计为同意票" in page
    done = expert.submit(form, filled())
    assert f"{sum(GOOD.values())} 分" in done.text
    assert "合作单位少，协议期短。" in done.text
    with reading() as session:
        assert session.exec(select(Review)).one().score == sum(GOOD.values())


def test_everything_wrong_is_told_at_its_item(story):
    expert = at_the_door(cast.EXPERTS[0])
    address = duty_of(story, Duty.REVIEW, cast.EXPERTS[0])
    wrong = filled(
        **{"marks-influence": "九", "marks-faculty": "11", "marks-training": "10", "marks-plan": "", "opinion": ""}
    )
    page = expert.submit(form_on(expert, address), wrong)
    assert page.status_code == 422
    for told in ("“影响力与经验”请填写 0 至 8 的整数分。", "“结构与数量”请填写 0 至 10 的整数分。",
                 "“年培训规模（不少于 500 人）”得 10 分，属“优秀”档，须写明理由。",
                 "“建设规划”请填写 0 至 2 的整数分。",
                 "请填写评审意见。"):  # fmt: skip
        assert page.text.count(told) == 2, told
    assert 'value="九"' in page.text
    for field in ("f-marks-influence", "f-remarks-training"):
        assert f'href="#{field}"' in page.text
        assert f'id="{field}"' in page.text


def test_a_draft_is_kept_and_gone_on_with(story):
    expert = at_the_door(cast.EXPERTS[0])
    address = duty_of(story, Duty.REVIEW, cast.EXPERTS[0])
    form = form_on(expert, address)
    form.action = f"{address}/draft"
    page = expert.submit(form, {"marks-influence": "７", "marks-faculty": "8", "opinion": EVIL})
    assert "草稿已保存" in page.text
    again = form_on(expert, address)
    assert (again.value("marks-influence"), again.value("opinion"), again.value("version")) == ("７", EVIL, "1")
    assert "<strong data-sum>15</strong>" in expert.page.text
    assert "优良" in expert.page.text
    expert.submit(again, filled())
    with reading() as session:
        assert session.exec(select(ReviewDraft)).all() == []


def test_two_windows_do_not_overwrite_each_other_unseen(story):
    expert = at_the_door(cast.EXPERTS[0])
    address = duty_of(story, Duty.REVIEW, cast.EXPERTS[0])
    first, second = form_on(expert, address), form_on(expert, address)
    first.action = second.action = f"{address}/draft"
    expert.submit(first, {"opinion": "第一窗口"})
    refused = expert.submit(second, {"opinion": "第二窗口"})
    assert refused.status_code == 412
    assert "另一窗口" in refused.text
    knowingly = expert.form(address)
    assert knowingly.value("opinion") == "第二窗口"
    knowingly.action = f"{address}/draft"
    expert.submit(knowingly)
    with reading() as session:
        assert session.exec(select(ReviewDraft)).one().typed["opinion"] == "第二窗口"


def test_the_page_saves_itself(story):
    expert = at_the_door(cast.EXPERTS[0])
    address = duty_of(story, Duty.REVIEW, cast.EXPERTS[0])
    csrf = form_on(expert, address).value("csrf")
    body = {"csrf": csrf, "marks-faculty": "8"}
    saved = expert.send("POST", f"{address}/autosave", data=body, headers={"If-Match": '"0"'})
    assert saved.json()["version"] == 1
    late = expert.send("POST", f"{address}/autosave", data=body | {"marks-faculty": "9"}, headers={"If-Match": '"0"'})
    assert late.status_code == 412
    assert "另一窗口" in late.json()["detail"]
    assert expert.send("POST", f"{address}/autosave", data=body).status_code == 428


def test_nobody_elses_draft(story):
    address = duty_of(story, Duty.REVIEW, cast.EXPERTS[0])
    other = at_the_door(cast.EXPERTS[1])
    csrf = form_on(other, duty_of(story, Duty.REVIEW, cast.EXPERTS[1])).value("csrf")
    assert other.send("POST", f"{address}/draft", data={"csrf": csrf, "opinion": "x"}).status_code == 403


def test_nobody_sees_anothers_marks_before_all_are_in(story):
    scores(story, cast.CHAIR, GOOD)
    expert = at_the_door(cast.EXPERTS[0])
    form_on(expert, duty_of(story, Duty.REVIEW, cast.EXPERTS[0]))
    assert "理由见申报材料。" not in expert.page.text
    assert "理由见申报材料。" not in at_the_door(cast.APPLICANT).get(f"/cases/{reference(story)}").text


def test_the_chair_concludes_from_the_whole_table(story):
    better = GOOD | {"faculty": 10}
    for email, marks, advice in zip(
        [cast.CHAIR, *cast.EXPERTS], (GOOD, GOOD, better), ("pass", "pass", "fail"), strict=True
    ):
        scores(story, email, marks, advice)
    chair = at_the_door(cast.CHAIR)
    address = duty_of(story, Duty.CONCLUDE)
    form = form_on(chair, address)
    for told in (
        "同意票占参评人数",
        "66.66 %",
        "不低于 66.6 %",
        "满足",
        "8.66",
        "不稳定",
        "赵教授示例",
        "不同意",
        "标准差",
    ):
        assert told in chair.page.text, told
    page = chair.submit(form, {"outcome": "refused"})
    assert page.status_code == 422
    does(chair, address, outcome="approved")
    story.turn()
    seen = at_the_door(cast.OFFICE).get(f"/cases/{reference(story)}").text
    assert "同意票占参评人数" in seen
    for email in (cast.APPLICANT, cast.RECOMMENDER):
        told = at_the_door(email).get(f"/cases/{reference(story)}").text
        assert "评审通过" in told
        assert "同意票占参评人数" not in told
        assert "教授示例" not in told


def test_a_result_that_is_not_met_needs_a_reason_to_be_passed(story):
    for email, advice in zip([cast.CHAIR, *cast.EXPERTS], ("pass", "fail", "fail"), strict=True):
        scores(story, email, GOOD | {"faculty": 10}, advice)
    chair = at_the_door(cast.CHAIR)
    page = does(chair, duty_of(story, Duty.CONCLUDE), outcome="approved")
    assert "结论与评审结果不一致，须说明理由。" in page.text


def test_in_english(story):
    expert = at_the_door(cast.EXPERTS[0], **{"Accept-Language": "en"})
    form_on(expert, duty_of(story, Duty.REVIEW, cast.EXPERTS[0]))
    assert "Influence and experience" in expert.page.text
    assert "Save draft" in expert.page.text
