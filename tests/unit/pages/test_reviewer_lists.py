"""Inbox, queue and archive: whose is what, the most urgent first, and what an empty list says."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from core.clock import today
from core.db import transaction
from models.case import Assignment
from regulation.outcomes import Outcome
from tests import cast
from tests.unit.pages.reviewing import at_the_door, filed, multiply, quiet_bells, through
from tests.unit.pages.visitor import counted

WHOLE_FORM = re.compile(r"(?<!\()applications\.content")


@pytest.fixture
def story(database):
    del database
    with quiet_bells():
        yield filed()


def titles(page):
    return re.findall(r'class="title" href="/duties/[^"]+">([^<]+)<', page.text)


def test_each_list_has_what_is_its_readers(story):
    through(story, "expert-review")
    office = at_the_door(cast.OFFICE)
    assert titles(office.get("/queue")) == ["组建专家评审委员会"]
    assert titles(office.get("/inbox")) == []
    story.assembles_panel()
    assert titles(office.get("/queue")) == []
    assert titles(office.get("/archive")) == ["组建专家评审委员会"]
    expert = at_the_door(cast.EXPERTS[0]).get("/inbox")
    assert titles(expert) == ["评审申报材料"]
    assert "江汉示例专业技术人员继续教育基地" in expert.text
    assert "江汉示例职业技术学院" in expert.text
    assert titles(at_the_door(cast.OTHER_EXPERT).get("/inbox")) == []


@pytest.mark.parametrize(
    ("path", "sentence"), [("/inbox", "没有待办事项"), ("/queue", "没有待领事项"), ("/archive", "还没有办结")]
)
def test_an_empty_list_says_what_to_expect(story, path, sentence):
    del story
    visitor = at_the_door(cast.OTHER_EXPERT)
    assert sentence in visitor.get(path).text


def test_the_navigation_counts_what_waits(story):
    bureau = at_the_door(cast.RECOMMENDER)
    assert re.search(r'href="/inbox">待办 <span class="tally">1</span>', bureau.get("/").text)
    story.recommends()
    assert 'class="tally"' not in bureau.get("/").text
    assert re.search(r'href="/queue">待领 <span class="tally">1</span>', at_the_door(cast.OFFICE).get("/").text)
    applicant = at_the_door(cast.APPLICANT)
    with counted() as statements:
        applicant.get("/verify")
    assert not any("assignments" in statement for statement in statements), "who has no duties asks for none"


def test_what_is_overdue_comes_first_and_is_said(story):
    multiply(story, 1)
    with transaction() as session:
        late = session.exec(select(Assignment).order_by(col(Assignment.assigned_at).desc())).first()
        late.due_on = today() - timedelta(days=2)
    page = at_the_door(cast.RECOMMENDER).get("/inbox")
    assert "其中 1 项已逾期" in page.text
    rows = page.text.split("<tr>")[2:]
    assert "已逾期 2 天" in rows[0]
    assert "JD-2026-9000" in rows[0]


def test_a_long_list_asks_no_more_questions_than_a_short_one(story):
    bureau = at_the_door(cast.RECOMMENDER)
    with counted() as short:
        bureau.get("/inbox")
    multiply(story, 20)
    with counted() as long:
        assert len(titles(bureau.get("/inbox"))) == 21
    assert len(long) == len(short) <= 4
    assert not any(WHOLE_FORM.search(statement) for statement in long), "a list needs no more of a form than its name"


def test_a_second_round_is_marked(story):
    story.recommends(Outcome.RETURNED)
    story.corrects(website="https://www.example.org")
    assert "第 2 轮" in at_the_door(cast.RECOMMENDER).get("/inbox").text
