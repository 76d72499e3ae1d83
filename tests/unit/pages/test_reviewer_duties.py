"""Every duty done by hand of its role, from the recommendation to the certificate."""

import re

import pytest
from sqlmodel import select

from core.clock import today
from core.db import reading
from models.certificate import Certificate
from models.judgement import Decision, Finding
from regulation.roles import Duty
from tests import cast
from tests.unit.pages.reviewing import (
    at_the_door,
    does,
    duty_of,
    filed,
    form_on,
    panel_form,
    quiet_bells,
    reference,
    team_form,
    visit_form,
)


@pytest.fixture
def story(database):
    del database
    with quiet_bells():
        yield filed()


def test_by_hand_of_every_role_to_the_certificate(story):
    bureau = at_the_door(cast.RECOMMENDER)
    assert "审核并签署推荐意见" in bureau.get("/inbox").text
    assert (
        "推荐意见已提交。"
        in does(bureau, duty_of(story, Duty.RECOMMEND), outcome="approved", reasons="同意推荐，条件具备。").text
    )
    story.turn()
    office = at_the_door(cast.OFFICE)
    assert "组建专家评审委员会" in office.get("/queue").text
    page = form_on(office, duty_of(story, Duty.ASSEMBLE_PANEL))
    assert "由 3 名专家组成" in office.page.text
    done = office.submit(page, panel_form())
    assert "黄主任示例（主任委员）" in done.text
    story.turn()
    for email, score in zip([cast.CHAIR, *cast.EXPERTS], (92, 85, 88), strict=True):
        expert = at_the_door(email)
        done = does(
            expert,
            duty_of(story, Duty.REVIEW, email),
            score=str(score),
            recommendation="pass",
            opinion="材料齐全，条件具备。",
        )
        assert f"{score} 分" in done.text
        story.turn()
    chair = at_the_door(cast.CHAIR)
    form = form_on(chair, duty_of(story, Duty.CONCLUDE))
    for told in ("88.3", "92 / 85", "赵教授示例", "钱教授示例", "达到通过线"):
        assert told in chair.page.text
    chair.submit(form, {"outcome": "approved"})
    assert "评审通过" in chair.page.text
    story.turn()
    does(office, duty_of(story, Duty.ASSEMBLE_TEAM), **team_form())
    assert "何考察示例（组长）" in office.page.text
    story.turn()
    inspector = at_the_door(cast.INSPECTORS[1])
    form = form_on(inspector, duty_of(story, Duty.INSPECT, cast.INSPECTORS[1]))
    assert "专职 26 人，兼职 8 人；其中副高级以上 26 人。" in inspector.page.text
    done = inspector.submit(form, visit_form(today().isoformat()))
    assert "考察记录已提交。" in done.text
    assert "与申报一致，现场核实。" in done.text
    story.turn()
    group = at_the_door(cast.DECIDER)
    form = form_on(group, duty_of(story, Duty.CERTIFY))
    for told in ("同意推荐，条件具备。", "88.3", "逐项核对", "听取汇报，实地察看。", "符合条件"):
        assert told in group.page.text
    group.submit(form, {"outcome": "approved"})
    assert story.turn() == "Certified"
    with reading() as session:
        certificate = session.exec(select(Certificate)).one()
        assert len(session.exec(select(Finding)).all()) == 5
    seen = at_the_door(cast.APPLICANT).get(f"/cases/{reference(story)}")
    assert certificate.number in seen.text
    assert f'href="/certificates/{certificate.token}.pdf"' in seen.text
    for visitor, done in ((bureau, 1), (office, 2), (chair, 2), (inspector, 1), (group, 1)):
        assert len(re.findall(r'class="title" href="/duties/', visitor.get("/archive").text)) == done
        assert "没有待办事项" in visitor.get("/inbox").text


def test_what_was_declared_is_kept_beside_what_was_found(story):
    story.recommends()
    story.assembles_panel()
    story.review()
    story.concludes()
    story.assembles_team()
    english = at_the_door(cast.INSPECTORS[0], **{"Accept-Language": "en"})
    form = form_on(english, duty_of(story, Duty.INSPECT, cast.INSPECTORS[0]))
    assert "26 full-time" in english.page.text
    english.submit(form, visit_form(today().isoformat(), "refused", reasons="人数不足。") | {"matches-training": "no"})
    with reading() as session:
        found = {one.item: one for one in session.exec(select(Finding))}
        assert session.exec(select(Decision).where(Decision.stage == "site-inspection")).one().reasons == "人数不足。"
    assert found["faculty"].declared == "专职 26 人，兼职 8 人；其中副高级以上 26 人。", "the record is kept in Chinese"
    assert found["management"].declared == "继续教育学院；管理人员 2 人，其中专职 2 人；已建立管理制度 8 项。"
    assert found["premises"].declared == (
        "固定教室 24 间、2,880 平方米，最多可同时容纳 1,200 人（自有）。教学设备 84 台（套），"
        "原值 168.50 万元；专业图书资料 36,000 册。实训场所 1 处、860 平方米，实训合作单位 1 家。"
    )
    assert found["funds"].declared.endswith(" 年 166.25 万元；今后每年承诺 80.00 万元。")
    assert found["training"].matches is False
    assert found["faculty"].matches is True
