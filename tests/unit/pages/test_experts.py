"""Experts on the pages: the pool, a draw from the duty to the seats, answers, recusals, rulings, avoidance."""

from contextlib import ExitStack
from unittest import mock

import pytest
from sqlmodel import col, select

from core import spreadsheets
from core.db import reading
from core.spreadsheets import Table
from models.case import Assignment
from models.person import User
from pages import office_experts_conflicts, office_experts_draws, reviewer_invitations
from regulation.roles import Duty
from tests import cast
from tests.stories.panels import (
    a_pool,
    all_accept,
    drawn_and_invited,
    draws,
    identity,
    invites,
    panel_of,
)
from tests.unit.casework.test_expert_import import COLUMNS, FIRST, SECOND
from tests.unit.pages.reviewing import ESCAPED, EVIL, at_the_door, duty_of, filed, quiet_bells, reference
from tests.unit.pages.visitor import counted

ROW = {"employers-0-name": "示例大学", "employers-0-from_on": "2015-07-01"}
PROFILE = {"kind": "field", "fields": ["new-energy"], "title": "教授", "recommending_unit": "示例大学",
           "valid_from": "2026-01-01"}  # fmt: skip


@pytest.fixture
def story(database):
    del database
    rooms = (office_experts_conflicts, office_experts_draws, reviewer_invitations)
    with quiet_bells(), ExitStack() as stack:
        for room in rooms:
            stack.enter_context(mock.patch.object(room, "ring"))
        told = filed()
        told.recommends()
        told.under(continuing_education_share=50, field_experts=1)
        yield told


@pytest.fixture
def office(database):
    del database
    return at_the_door(cast.OFFICE)


def test_an_expert_is_entered_changed_suspended_and_resumed(office):
    office.get("/office/experts/new")
    account = {"name": "新专家示例", "email": "xin@example.com", "chairs": "1"}
    wrong = office.submit(office.form("/office/experts/new"), account | PROFILE | {"fields": []} | ROW)
    assert wrong.status_code == 422
    assert "领域专家至少选一项" in wrong.text
    assert 'value="新专家示例"' in wrong.text
    done = office.submit(office.form("/office/experts/new"), account | PROFILE | ROW)
    assert "已发送邀请邮件" in done.text
    listed = office.get("/office/experts?field=new-energy&q=示例大学")
    assert "新专家示例" in listed.text
    assert "可抽取" in listed.text
    one = f"/office/experts/{identity('xin@example.com')}"
    office.get(one)
    more = {"employers-1-name": EVIL, "employers-1-from_on": "2010-07-01", "employers-1-to_on": "2015-06-30"}
    assert "专家档案已保存" in office.submit(office.form(one, with_value=("act", "save")), more).text
    assert ESCAPED in office.page.text
    assert "暂停的理由" in office.submit(office.form(one, with_value=("act", "suspend"))).text
    assert office.page.status_code == 422
    halted = office.submit(office.form(one, with_value=("act", "suspend")), {"reason": "泄露评审情况"})
    assert "已暂停，该专家不再列入抽取" in halted.text
    assert "泄露评审情况" in halted.text
    assert "已恢复" in office.submit(office.form(one, with_value=("act", "resume"))).text


def test_a_pool_is_imported_or_every_row_is_told(office):
    office.get("/office/experts/import")
    bad = spreadsheets.write(Table("专家库", COLUMNS, [FIRST, [*SECOND[:3], "专家", *SECOND[4:]]]))
    refused = office.submit(office.form("/office/experts/import"), files={"file": ("库.xlsx", bad)})
    assert refused.status_code == 422
    assert "第 3 行“专家类别”：应填写“继续教育专家”或“领域专家”。" in refused.text
    assert "一行也没有导入" in refused.text
    good = spreadsheets.write(Table("专家库", COLUMNS, [FIRST, SECOND]))
    done = office.submit(office.form("/office/experts/import"), files={"file": ("库.xlsx", good)})
    assert "已导入 2 名专家" in done.text
    assert office.submit(office.form("/office/experts/import")).status_code == 422
    blank = office.get("/office/experts/template.xlsx")
    assert spreadsheets.read(blank.content, COLUMNS) == []


def test_the_pool_is_listed_with_a_fixed_number_of_questions(office):
    def asked() -> int:
        with counted() as statements:
            assert office.get("/office/experts").status_code == 200
        return len(statements)

    a_pool(2)
    few = asked()
    a_pool(20)
    assert asked() == few


def test_from_the_duty_to_the_seats(story, office):
    a_pool()
    duty = duty_of(story, Duty.ASSEMBLE_PANEL)
    page = office.get(duty)
    assert "继续教育专家不少于 2 人" in page.text
    office.get(f"/office/draws/new?duty={duty.rpartition('/')[2]}")
    drawn = office.submit(office.form("/office/draws/new"), {"seed": "2026-001"})
    assert "验证通过" in drawn.text
    assert "2026-001" in drawn.text
    assert "未建档案" in drawn.text
    here = office.form(with_value=("act", "confirm")).action
    assert "核对并邀请" in office.get(duty).text
    office.get(here)
    asked = office.submit(office.form(here, with_value=("act", "confirm")))
    assert "已邀请全部专家" in asked.text
    assert asked.text.count("等待答复") >= 3
    assert "等待答复" in office.get(duty).text
    experts = emails_with(story, Duty.ANSWER)
    for email in experts:
        expert = at_the_door(email)
        expert.get("/inbox")
        assert "答复评审邀请" in expert.page.text
        address = duty_of(story, Duty.ANSWER, email)
        assert "江汉示例职业技术学院" in expert.get(address).text
        form = expert.form(f"{address}/answer")
        refused = expert.submit(form, {"answer": "accept"})
        assert refused.status_code == 422
        assert "接受邀请须先作出评审纪律承诺" in refused.text
        done = expert.submit(expert.form(f"{address}/answer"), {"answer": "accept", "promise": "1"})
        assert "您已接受邀请" in done.text
    assert sorted(panel_of(story)) == sorted(experts)


def test_a_refused_draw_says_which_rule_and_who_was_excluded(story, office):
    duty = duty_of(story, Duty.ASSEMBLE_PANEL).rpartition("/")[2]
    office.get(f"/office/draws/new?duty={duty}")
    refused = office.submit(office.form("/office/draws/new"))
    assert refused.status_code == 422
    assert "可抽取的专家 0 人，少于委员会人数 3 人" in refused.text
    assert "未列入抽取：黄主任示例，未建档案。" in refused.text
    assert office.submit(office.form("/office/draws/new"), {"duties": []}).status_code == 422
    assert office.get("/office/draws/new?duty=nothing").status_code == 404


def test_a_draw_is_set_aside_with_a_reason(story, office):
    a_pool()
    draw = draws(story)
    invites(draw)
    here = f"/office/draws/{draw.id}"
    office.get(here)
    form = office.form(here, with_value=("act", "discard"))
    assert office.submit(form, {"reason": ""}).status_code == 422
    done = office.submit(office.form(here, with_value=("act", "discard")), {"reason": "规则有误"})
    assert "抽取结果已作废" in done.text
    assert "规则有误" in done.text
    assert office.submit(form, {"reason": "再一次"}).status_code == 409
    assert "直接指定" in office.get(duty_of(story, Duty.ASSEMBLE_PANEL)).text


def test_a_conflict_stands_beside_the_name_and_is_dismissed(story, office):
    a_pool(1)
    with mock.patch("casework.experts.conflicts.plain", lambda name: "周示例" if name == "池0示例" else name):
        page = office.get(duty_of(story, Duty.ASSEMBLE_PANEL)).text
        assert "应当回避：列入申报单位的师资名单（周示例）" in page
        here = f"/office/cases/{reference(story)}/conflicts"
        office.get(here)
        refused = office.submit(office.form(here), button=("act", "dismiss"))
        assert refused.status_code == 422
        done = office.submit(office.form(here), {"reason": "同名，不是同一人"}, button=("act", "dismiss"))
        assert "已认定无须回避" in done.text
        assert "同名，不是同一人" in done.text
        assert "列入申报单位的师资名单" not in office.get(duty_of(story, Duty.ASSEMBLE_PANEL)).text


def test_an_expert_asks_to_be_recused_and_the_office_upholds(story, office):
    draw = drawn_and_invited(story)
    all_accept(story, draw)
    email = panel_of(story)[1]
    story.reviews(email, 99)
    expert, duty = at_the_door(email), duty_of(story, Duty.REVIEW, email)
    assert f'href="{duty}/recusal"' in expert.get(duty).text
    expert.get(f"{duty}/recusal")
    assert expert.submit(expert.form(f"{duty}/recusal")).status_code == 422
    asked = expert.submit(expert.form(f"{duty}/recusal"), {"reason": "申报单位负责人是我的博士生"})
    assert "回避申请已提交" in asked.text
    here = f"/office/cases/{reference(story)}/conflicts"
    assert "本人申请回避（申报单位负责人是我的博士生）" in office.get(here).text
    done = office.submit(office.form(here), {"reason": "师生关系，应当回避"}, button=("act", "uphold"))
    assert "已认定应当回避" in done.text
    page = office.get(duty_of(story, Duty.ASSEMBLE_PANEL)).text
    assert "补选委员" in page
    assert "已按抽取次序邀请" in page
    assert "99 分" not in office.get(f"/cases/{reference(story)}").text
    assert "因回避作废一份评审意见，不计入结果" in office.page.text
    assert "申请回避" not in expert.get(duty).text.replace("本人申请回避", "")


def test_the_applicant_asks_to_avoid_and_never_learns_names(story, office):
    draw = drawn_and_invited(story, 8)
    applicant = at_the_door(cast.APPLICANT)
    case = f"/cases/{reference(story)}"
    assert "不能再申请" in applicant.get(f"{case}/avoidance").text
    all_accept(story, draw)
    for email in panel_of(story):
        story.reviews(email, 90)
    names = [cast.person(email).name for email in panel_of(story)]
    seen = applicant.get(case).text + applicant.get(f"{case}/avoidance").text
    assert not [name for name in names if name in seen]
    assert at_the_door(cast.OTHER_APPLICANT).get(f"{case}/avoidance").status_code == 404
    assert office.get(f"{case}/avoidance").status_code == 403


def test_the_request_to_avoid_somebody(story):
    applicant, here = at_the_door(cast.APPLICANT), f"/cases/{reference(story)}/avoidance"
    applicant.get(here)
    refused = applicant.submit(applicant.form(here), {"avoided-0-name": "赵教授示例"})
    assert refused.status_code == 422
    assert 'value="赵教授示例"' in refused.text
    done = applicant.submit(applicant.form(here), {"avoided-0-name": "赵教授示例", "avoided-0-reason": "有竞争关系"})
    assert "已提交，由继教办处理" in done.text
    with reading():
        page = at_the_door(cast.OFFICE).get(f"/office/cases/{reference(story)}/conflicts").text
    assert "有竞争关系" in page


def emails_with(story, duty):
    """Return who has a duty of this kind open."""
    with reading() as session:
        found = select(User.email).join(Assignment, col(Assignment.user_id) == User.id)
        return list(session.exec(found.where(Assignment.duty == duty, Assignment.case_id == story.case_id)))
