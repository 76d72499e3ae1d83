"""Whose turn it is: in every open state somebody's, or the system's, with since when and until when."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from casework.turn_words import BUSY, turn_sentence
from casework.turns import turns_of
from core.clock import now
from core.db import reading, transaction
from models.case import Case
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.stories.book import PAGES, hour_of

WAITING = {
    "local review": ("审核并签署推荐意见", ["武汉市人力资源和社会保障局"]),
    "panel to be named": ("组建专家评审委员会", ["继教办"]),
    "expert review": ("评审申报材料", ["赵教授示例", "钱教授示例", "黄主任示例"]),
    "conclusion": ("作出评审结论", ["黄主任示例"]),
    "team to be named": ("安排实地考察", ["继教办"]),
    "site inspection": ("实地考察", ["何考察示例", "马考察示例"]),
    "certification": ("审定", ["领导小组"]),
}


def turns(email: str = ""):
    with reading() as session:
        case = session.exec(select(Case)).one()
        return turns_of(session, case, cast.person(email, session) if email else None)


SOFT = {
    "local review": "推荐单位正在审核，预计 9月28日 前完成。",
    "panel to be named": "继教办正在组建专家评审委员会，预计 9月20日 前完成。",
    "expert review": "专家正在评审，预计 9月28日 前完成。",
    "conclusion": "专家评审委员会正在形成评审结论，预计 9月17日 前完成。",
    "team to be named": "继教办正在安排实地考察，预计 9月20日 前完成。",
    "site inspection": "考察组正在进行实地考察，预计 10月10日 前完成。",
    "certification": "领导小组正在审定，预计 9月28日 前完成。",
    "certified": "已办结：已认定并公布。",
}


def sentence(*, softened: bool) -> str:
    with reading() as session:
        case = session.exec(select(Case)).one()
        return turn_sentence(case, turns_of(session, case), softened=softened)


@pytest.mark.parametrize("page", SOFT)
def test_the_applicant_is_told_in_one_sentence_without_names(opened_at, page):
    opened_at(page)
    assert sentence(softened=True) == SOFT[page]


def test_those_who_work_on_it_are_told_in_full(opened_at, clock):
    opened_at("expert review")
    said = "现在由赵教授示例、钱教授示例、黄主任示例办理“评审申报材料”，自 9月14日 起，"
    assert sorted(sentence(softened=False)) == sorted(f"{said}9月28日 前办结（还有 10 个工作日）。")
    clock.shift(timedelta(days=15))
    assert "9月28日 到期，已逾期 1 个工作日。" in sentence(softened=False)
    assert sentence(softened=True) == "专家正在评审，比预计时间稍长，已在督促办理。", "nobody is scared"


def test_a_correction_asks_the_applicant_and_a_stall_does_not_scare(opened_at):
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    assert sentence(softened=True) == "请补正申报材料，9月20日 前办结（还有 5 个工作日）。"
    with transaction() as session:
        session.exec(select(Case)).one().stalled_at = now()
    assert sentence(softened=True) == "系统正在处理。"
    assert "系统处理受阻" in sentence(softened=False)


def test_a_public_list_is_nobodys_turn_and_says_until_when(opened_at):
    story = opened_at("certification")
    story.under(publicity_days=5)
    story.certifies()
    assert sentence(softened=True) == "继教办正在准备公示，预计 9月20日 前完成。"
    story.publicises()
    assert sentence(softened=True) == "公示至 9月18日。"
    assert sentence(softened=False) == "公示至 9月18日，期满无异议的自动办结。"
    (turn,) = turns()
    assert (turn.due_on, turn.overdue, turn.public) == (date(2026, 9, 18), False, True)


def test_an_applicant_is_told_something_of_every_duty_of_others():
    assert set(BUSY) == set(Duty) - {Duty.CORRECT}


def test_every_open_page_is_asked_about():
    assert [*WAITING] == PAGES[1:-1]


@pytest.mark.parametrize("page", WAITING)
def test_it_is_one_duty_and_its_holders(opened_at, page):
    opened_at(page)
    duty, holders = WAITING[page]
    assert {turn.duty for turn in turns()} == {duty}
    assert sorted(turn.holder for turn in turns()) == sorted(holders)
    assert all(turn.due_on and turn.days_left > 0 and not turn.overdue and not turn.provisional for turn in turns())
    assert all(hour_of(page) <= turn.since < hour_of(page) + timedelta(minutes=5) for turn in turns())


def test_the_applicant_is_not_told_the_names_of_experts(opened_at):
    opened_at("expert review")
    assert [turn.holder for turn in turns(cast.APPLICANT)] == ["评审专家"] * 3
    assert [turn.holder for turn in turns(cast.RECOMMENDER)] == ["评审专家"] * 3


def test_a_correction_is_the_applicants_turn(opened_at):
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    (turn,) = turns()
    assert (turn.duty, turn.holder, turn.due_on) == ("补正申报材料", "江汉示例职业技术学院", date(2026, 9, 20))


@pytest.mark.parametrize("page", ["local review", "site inspection", "certification"])
def test_between_a_decision_and_the_run_it_is_the_systems_turn_since_the_decision(opened_at, page):
    story = opened_at(page)
    before = now()
    with story.engine_away():
        story.says_yes()
    (turn,) = turns()
    assert (turn.duty, turn.holder, turn.due_on, turn.days_left) == ("系统正在处理", "系统", None, None)
    assert before <= turn.since <= now()


def test_a_stalled_case_is_the_operators_turn(opened_at):
    opened_at("local review")
    with transaction() as session:
        session.exec(select(Case)).one().stalled_at = stalled_at = now()
    (turn,) = turns()
    assert (turn.duty, turn.holder, turn.since) == ("系统处理受阻，等待运维人员处理", "系统运维", stalled_at)


def test_nobodys_when_it_is_over(opened_at):
    opened_at("certified")
    assert turns() == []


def test_overdue_is_counted_in_working_days(opened_at, clock):
    opened_at("local review")
    clock.move_to(hour_of("local review") + timedelta(days=16))
    (turn,) = turns()
    assert (turn.due_on, turn.overdue, turn.days_left) == (date(2026, 9, 28), True, -2)
