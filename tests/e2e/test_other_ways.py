"""What else happens at browsers: a return and its correction, an operator's re-run, a keyboard without a mouse."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from casework.cases import by_reference
from core.db import reading
from tests import cast
from tests.e2e.conftest import Newcomer
from tests.engine.conftest import RealStory

pytestmark = [pytest.mark.engine, pytest.mark.e2e]


def test_returned_and_corrected(newcomer: Newcomer, story: RealStory) -> None:
    story.submits()
    reference = story.case().reference
    recommender = newcomer(phone=True).signs_in(cast.RECOMMENDER).opens_duty("/inbox", "审核并签署推荐意见", reference)
    recommender.chooses("结论", "退回补正").writes("理由", "人数前后不一致。")
    recommender.presses("提交推荐意见", sure=True).sees("一次")  # nothing to correct was named: asked for, nothing lost
    assert recommender.page.get_by_label("理由").input_value() == "人数前后不一致。"
    recommender.writes("补正内容", "更正负责人姓名。\n补充<b>名册</b>。").presses("提交推荐意见", sure=True)

    applicant = newcomer().signs_in(story.applicant)
    applicant.waits_for(f"/applications/{story.application_id}", "退回补正")
    applicant.sees("更正负责人姓名。").sees("补充<b>名册</b>。")
    applicant.goes_to(f"/applications/{story.application_id}/sections/basics")
    applicant.field("contact_name").fill("更正示例")
    expect(applicant.page.locator("output.saved").first).to_contain_text("已保存")  # by itself, while typing
    applicant.goes_to(f"/applications/{story.application_id}").sees("更正示例")
    applicant.field("promise").check()
    applicant.presses("提交补正", sure=True)

    again = newcomer().signs_in(cast.RECOMMENDER).opens_duty("/inbox", "审核并签署推荐意见", reference)
    again.sees("更正示例").sees("第 2 轮")
    again.chooses("结论", "同意推荐").presses("提交推荐意见", sure=True)
    again.waits_for(f"/cases/{reference}", "专家评审")


def test_an_operator_runs_a_stalled_case_again(
    newcomer: Newcomer, story: RealStory, broken: Callable[[str, int], None]
) -> None:
    story.submits()
    reference = story.case().reference
    broken("stage_rounds", 3)
    story.recommends()
    operator = newcomer().signs_in(cast.OPERATOR).goes_to("/operator/stalled").sees("the disk is on fire")
    operator.page.get_by_role("link", name=re.compile("the disk is on fire")).click()
    operator.sees(reference)
    operator.page.locator("li", has_text=reference).get_by_role("checkbox").first.check()
    operator.presses(re.compile("所选")).sees("不会再次询问任何人")
    operator.presses(re.compile("确认重新运行"))
    expect(operator.page.locator("#results:not([hx-trigger])")).to_be_visible(timeout=30_000)
    operator.sees("已完成").goes_to("/operator/stalled")
    expect(operator.page.locator("main")).not_to_contain_text("the disk is on fire")  # others may have failed otherwise
    operator.goes_to("/operator/letters").goes_to("/caught-letters").sees(reference)
    with reading() as session:
        assert by_reference(session, reference).stage == "expert-review"


def test_an_expert_with_nothing_but_a_keyboard(newcomer: Newcomer, story: RealStory) -> None:
    story.submits()
    story.recommends()
    story.assembles_panel()
    reference = story.case().reference
    expert = newcomer().goes_to("/sign-in")
    keyboard, page = expert.page.keyboard, expert.page

    def tabs_to(selector: str) -> None:
        for _ in range(400):
            keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(selector)

    tabs_to("#f-email")
    keyboard.type(cast.CHAIR)
    tabs_to("#f-password")
    keyboard.type("jidi-yanshi-2026")
    with page.expect_navigation():
        keyboard.press("Enter")
    expert.goes_to("/inbox").sees(reference)
    row = page.locator("tr", has_text=reference).get_by_role("link").first.get_attribute("href")
    tabs_to(f"a[href='{row}']")
    with page.expect_navigation():
        keyboard.press("Enter")
    expert.looks()
    tabs_to("#f-score")
    keyboard.type("90")
    tabs_to("[name=recommendation]")
    keyboard.press("Space")
    tabs_to("#f-opinion")
    keyboard.type("条件具备。")
    tabs_to("#work button[type=submit]")
    keyboard.press("Enter")
    tabs_to("#confirm [data-yes]")
    with page.expect_navigation():
        keyboard.press("Enter")
    expert.looks().goes_to("/archive").sees(reference)


def test_in_english(newcomer: Newcomer) -> None:
    visitor = newcomer(locale="en-GB").goes_to("/")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    for path in ("/calls", "/register", "/verify", "/sign-in", "/sign-up"):
        visitor.goes_to(path)
        chinese = re.findall(r"[一-鿿]{2,}", visitor.page.locator("main h1").first.inner_text())
        assert not chinese, path
