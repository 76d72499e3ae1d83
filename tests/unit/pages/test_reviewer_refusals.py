"""Bad input, late acts and foreign acts: a sentence in its place, and nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from core.clock import today
from core.db import reading
from models.judgement import Decision, Inspection, Review
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.unit.pages.applying import at_once
from tests.unit.pages.reviewing import (
    ESCAPED,
    EVIL,
    at_the_door,
    does,
    duty_of,
    filed,
    form_on,
    ids,
    panel_form,
    quiet_bells,
    through,
    visit_form,
)

DECIDED = r"本环节已由{who}于[-0-9 :]+作出“{what}”的决定，不能重复办理"


@pytest.fixture
def story(database):
    del database
    with quiet_bells():
        yield filed()


def recorded(model):
    with reading() as session:
        return session.exec(select(model)).all()


def fault_of(page, field):
    found = re.search(rf'id="f-{field}-error">(?:.*?</svg>)?(.*?)</p>', page.text, re.DOTALL)
    return found[1].strip() if found else ""


def test_a_return_without_its_corrections_is_shown_again_with_everything(story):
    bureau = at_the_door(cast.RECOMMENDER)
    page = does(bureau, duty_of(story, Duty.RECOMMEND), outcome="returned", reasons=EVIL)
    assert page.status_code == 422
    assert "一次性列明" in fault_of(page, "corrections")
    assert ESCAPED in page.text
    assert "<script>alert" not in page.text
    form = bureau.form()
    form = bureau.form(duty_of(story, Duty.RECOMMEND))
    assert form.value("reasons") != "", "what was typed is still there"
    assert form.value("outcome") == "returned"
    done = bureau.submit(form, {"corrections": f"一、补名册\n\n{EVIL}\n"})
    assert done.status_code == 200
    decision = next(d for d in recorded(Decision) if d.stage == "local-review")
    assert decision.corrections == ["一、补名册", EVIL]
    assert ESCAPED in done.text


def test_nothing_chosen_and_too_much_written_is_told_at_once(story):
    bureau = at_the_door(cast.RECOMMENDER)
    page = does(bureau, duty_of(story, Duty.RECOMMEND), reasons="理" * 2001)
    assert page.status_code == 422
    assert fault_of(page, "outcome") == "请选择结论。"
    assert "不得超过 2000 字" in fault_of(page, "reasons")
    page = bureau.submit(bureau.form(duty_of(story, Duty.RECOMMEND)), {"outcome": "lapsed", "reasons": "x"})
    assert "请选择本环节可作出的结论。" in fault_of(page, "outcome")
    assert [d.stage for d in recorded(Decision)] == ["submission"]


def test_a_stage_that_has_returned_once_is_not_offered_to_return_again(story):
    story.recommends(Outcome.RETURNED)
    story.corrects(website="https://www.example.org")
    bureau = at_the_door(cast.RECOMMENDER)
    form = form_on(bureau, duty_of(story, Duty.RECOMMEND))
    assert form.choices["outcome"] == ["approved", "refused"]
    assert "本环节已退回补正过，不能再次退回。" in bureau.page.text
    page = bureau.submit(form, {"outcome": "returned", "reasons": "再退"})
    assert page.status_code == 422


def test_the_double_click_tells_who_decided_and_when(story):
    bureau = at_the_door(cast.RECOMMENDER)
    form = form_on(bureau, duty_of(story, Duty.RECOMMEND))
    assert bureau.submit(form, {"outcome": "approved", "reasons": "同意。"}).status_code == 200
    again = bureau.submit(form, {"outcome": "approved", "reasons": "同意。"})
    assert again.status_code == 409
    assert re.search(DECIDED.format(who="王芳示例", what="同意推荐"), again.text)
    assert "您刚才填写的内容" not in again.text, "what is on record is not lost"
    other = bureau.submit(form, {"outcome": "refused", "reasons": f"不同意{EVIL}"})
    assert other.status_code == 409
    assert f"不同意{ESCAPED}" in other.text, "what came too late is given back"


def test_two_windows_at_once_decide_once(story):
    address = duty_of(story, Duty.RECOMMEND)
    bureau = at_the_door(cast.RECOMMENDER)
    sent = dict(form_on(bureau, address).values) | {"outcome": "approved"}
    answers = at_once(3, lambda: bureau.send("POST", address, data=sent))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]


def test_after_a_withdrawal_the_late_one_is_told_and_keeps_the_text(story):
    through(story, "reviews")
    expert = at_the_door(cast.EXPERTS[0])
    form = form_on(expert, duty_of(story, Duty.REVIEW, cast.EXPERTS[0]))
    story.withdraws()
    page = expert.submit(form, {"score": "90", "recommendation": "pass", "opinion": "写了很久的意见。"})
    assert page.status_code == 409
    assert re.search(DECIDED.format(who="林晓示例", what="申报单位撤回"), page.text)
    assert "写了很久的意见。" in page.text
    assert recorded(Review) == []


def test_somebody_elses_duty_is_not_done(story):
    through(story, "reviews")
    mine = duty_of(story, Duty.REVIEW, cast.EXPERTS[0])
    for email, status in ((cast.EXPERTS[1], 403), (cast.OFFICE, 403), (cast.OTHER_EXPERT, 404), (cast.APPLICANT, 403)):
        visitor = at_the_door(email)
        visitor.get("/account")
        csrf = visitor.form("/sign-out").value("csrf")
        answer = visitor.send("POST", mine, data={"csrf": csrf, "score": "1", "recommendation": "fail", "opinion": "x"})
        assert answer.status_code == status, email
    seen = at_the_door(cast.OFFICE).get(mine)
    assert seen.status_code == 200
    assert "该事项由他人办理" in seen.text
    assert "赵教授示例" in seen.text
    assert "<textarea" not in seen.text
    assert recorded(Review) == []


@pytest.mark.parametrize("path", ["/duties/none", "/duties/00000000-0000-0000-0000-000000000000", "/duties/%00"])
def test_an_unknown_duty_is_not_found(story, path):
    del story
    assert at_the_door(cast.OFFICE).get(path).status_code == 404


def test_who_is_not_signed_in_is_asked_to(story):
    address = duty_of(story, Duty.RECOMMEND)
    visitor = at_the_door(cast.RECOMMENDER)
    visitor.cookies.clear()
    for path in (address, "/inbox", "/cases/JD-2026-0001"):
        assert visitor.get(path).status_code == 401
    assert at_the_door(cast.APPLICANT).get("/inbox").status_code == 403


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"members": []}, "members", "人数与本批次规定的人数不符"),
        ({"leader": ""}, "leader", "指定一名主任委员"),
        ({"leader": cast.EXPERTS[0]}, "leader", "不具备主任委员资格"),
        ({"members": [cast.CHAIR, cast.EXPERTS[0]]}, "members", "人数与本批次规定的人数不符"),
        ({"members": [cast.CHAIR, cast.EXPERTS[0], cast.INSPECTORS[0]]}, "members", "不具备相应资格"),
    ],
)
def test_a_panel_that_does_not_keep_the_rule_is_refused(story, changes, field, sentence):
    through(story, "expert-review")
    office = at_the_door(cast.OFFICE)
    named = {key: ids(*one) if isinstance(one, list) else ids(one)[0] if one else "" for key, one in changes.items()}
    page = does(office, duty_of(story, Duty.ASSEMBLE_PANEL), **(panel_form() | named))
    assert page.status_code == 422
    assert sentence in fault_of(page, field)
    kept = office.form(duty_of(story, Duty.ASSEMBLE_PANEL)).values
    assert [value for name, value in kept if name == "members"] or "members" in changes


def test_a_second_panel_is_refused_and_the_first_is_shown(story):
    through(story, "expert-review")
    office = at_the_door(cast.OFFICE)
    address = duty_of(story, Duty.ASSEMBLE_PANEL)
    form = form_on(office, address)
    assert "未办事项" in office.page.text
    office.submit(form, panel_form())
    again = office.submit(form, panel_form())
    assert again.status_code == 409
    assert "不能重复安排" in again.text
    assert "周敏示例" in again.text
    assert "赵教授示例" in again.text


def test_a_review_is_refused_with_every_fault(story):
    through(story, "reviews")
    expert = at_the_door(cast.EXPERTS[0])
    page = does(expert, duty_of(story, Duty.REVIEW, cast.EXPERTS[0]), score="一百", opinion="意" * 2001)
    assert page.status_code == 422
    assert "整数" in fault_of(page, "score")
    assert "请选择评审建议。" in fault_of(page, "recommendation")
    assert "2000" in fault_of(page, "opinion")
    page = does(expert, duty_of(story, Duty.REVIEW, cast.EXPERTS[0]), score="101", recommendation="pass", opinion="好")
    assert "不得大于 100" in fault_of(page, "score")
    assert recorded(Review) == []


def test_a_conclusion_against_the_mean_needs_reasons(story):
    through(story, "reviews").review((60, 65, 70))
    chair = at_the_door(cast.CHAIR)
    page = does(chair, duty_of(story, Duty.CONCLUDE), outcome="approved")
    assert page.status_code == 422
    assert "结论与平均分不一致，须说明理由。" in fault_of(page, "reasons")
    done = chair.submit(chair.form(duty_of(story, Duty.CONCLUDE)), {"reasons": "两位专家的疑问已在答辩中澄清。"})
    assert done.status_code == 200
    assert "疑问已在答辩中澄清" in done.text


def test_a_visit_is_refused_with_every_fault_and_keeps_what_was_typed(story):
    through(story, "visit")
    inspector = at_the_door(cast.INSPECTORS[0])
    address = duty_of(story, Duty.INSPECT, cast.INSPECTORS[0])
    tomorrow = (today() + timedelta(1)).isoformat()
    page = does(inspector, address, **{"visited_on": tomorrow, "findings-faculty": EVIL, "outcome": "refused"})
    assert page.status_code == 422
    assert "之后、今天之前" in fault_of(page, "visited_on")
    assert fault_of(page, "summary") == "请填写考察情况。"
    assert fault_of(page, "reasons") == "作出该结论须说明理由。"
    assert fault_of(page, "findings-faculty") == ""
    for item in ("management", "premises", "funds", "training"):
        assert fault_of(page, f"findings-{item}") == "请填写该项的考察结果。"
    assert page.text.count("请选择是否一致。") >= 5
    assert ESCAPED in page.text
    page = does(inspector, address, **visit_form("2026-13-40"))
    assert "真实存在的日期" in fault_of(page, "visited_on")
    assert recorded(Inspection) == []


def test_the_colleague_who_comes_second_sees_the_first_ones_record(story):
    through(story, "visit")
    second = at_the_door(cast.INSPECTORS[1])
    form = form_on(second, duty_of(story, Duty.INSPECT, cast.INSPECTORS[1]))
    story.inspect()
    page = second.submit(form, visit_form(today().isoformat(), summary="我看到的情况。"))
    assert page.status_code == 409
    assert re.search(DECIDED.format(who="何考察示例", what="符合条件"), page.text)
    assert "听取汇报，查阅材料" in page.text
    assert "我看到的情况。" in page.text
