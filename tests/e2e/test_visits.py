"""An inspector on a phone where there is no connection: what is typed stays, the page opens, it is sent later."""

import re

import pytest
from playwright.sync_api import expect

from core.clock import today
from regulation.roles import Duty
from tests import cast
from tests.e2e.conftest import Newcomer, Visitor
from tests.engine.conftest import RealStory
from tests.machinery import until

pytestmark = [pytest.mark.engine, pytest.mark.e2e]

OFFLINE = "已离线保存，恢复网络后请提交。"
LEADER = cast.INSPECTORS[0]
CACHED = "caches.open('jidi-duties').then(kept => kept.keys()).then(found => found.map(one => one.url))"


@pytest.fixture
def duty(story: RealStory) -> str:
    for act in (story.submits, story.recommends, story.assembles_panel, story.review, story.concludes):
        act()
    story.assembles_team()
    return f"/duties/{story.duty(Duty.INSPECT, LEADER).id}"


@pytest.mark.timeout(300)
def test_typed_without_a_connection_and_sent_later(newcomer: Newcomer, story: RealStory, duty: str) -> None:
    inspector = newcomer(phone=True).signs_in(LEADER).goes_to(duty)
    page, network = inspector.page, inspector.page.context
    until(lambda: any(duty in one for one in page.evaluate(CACHED)))

    network.set_offline(True)
    fills_in(inspector)
    line = page.locator("[data-keeping]")
    expect(line).to_have_text(OFFLINE)
    page.reload()
    expect(page.locator("h1")).to_have_text("实地考察")
    expect(line).to_have_text(OFFLINE)
    expect(inspector.field("summary")).to_have_value("听取汇报，实地察看。")
    expect(inspector.field("lines-classrooms")).to_have_value("23")
    expect(page.locator('[name="lines-books-matches"][value="yes"]')).to_be_checked()
    submit = page.get_by_role("button", name="提交考察记录")
    submit.click()
    page.locator("#confirm [data-yes]").click()
    expect(page).to_have_url(re.compile(duty))
    expect(inspector.field("summary")).to_have_value("听取汇报，实地察看。")

    network.set_offline(False)
    expect(line).to_have_text("网络已恢复，可以提交。")
    inspector.presses("提交考察记录", sure=True).sees("考察记录已提交。").sees("23 间")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('jidi-visit:')).length") == 0
    until(lambda: story.case().stage == "certification")


@pytest.mark.timeout(300)
def test_nothing_of_a_duty_stays_for_whoever_comes_next(newcomer: Newcomer, duty: str) -> None:
    inspector = newcomer(phone=True).signs_in(LEADER).goes_to(duty)
    page = inspector.page
    until(lambda: any(duty in one for one in page.evaluate(CACHED)))
    inspector.field("summary").fill("听取汇报。")
    page.locator("details.menu > summary").click()
    inspector.presses("退出登录")
    until(lambda: not page.evaluate(CACHED))
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('jidi-visit:')).length") == 0


def fills_in(inspector: Visitor) -> None:
    page = inspector.page
    page.locator('[name="lines-classrooms-matches"][value="no"]').check()
    inspector.field("lines-classrooms").fill("23")
    for button in page.get_by_role("button", name="本项其余均一致").all():
        button.click()
    for item in ("faculty", "management", "premises", "funds", "training"):
        inspector.field(f"findings-{item}").fill("与申报一致")
        page.locator(f'[name="matches-{item}"][value="yes"]').check()
    inspector.writes("考察日期", today().isoformat()).writes("考察情况", "听取汇报，实地察看。")
    page.locator('[name="outcome"][value="approved"]').check()
