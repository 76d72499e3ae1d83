"""Whose turn it is: in every open state somebody's, or the system's, with since when and until when."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from casework.turns import turns_of
from core.clock import now
from core.db import reading, transaction
from models.case import Case
from regulation.outcomes import Outcome
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
