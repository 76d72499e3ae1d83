"""Running again: the preview does nothing and says what runs; the result is honest, case by case."""

import re

import pytest
from sqlmodel import select

from core.db import reading, transaction
from models.engine import Bell, Run, RunStep
from models.journal import JournalEntry
from models.operating import Rerun
from tests import cast
from tests.unit.casework.crowd import case_of
from tests.unit.casework.standstill import disk_full, filed, take_turns
from tests.unit.pages.engine_door import answering, gone
from tests.unit.pages.visitor import Visitor, counted

pytestmark = pytest.mark.enable_socket
STALLED, NEW = "/operator/stalled", "/operator/reruns/new"


@pytest.fixture
def engine(database):
    del database
    with answering() as there:
        yield there


@pytest.fixture
def operator(engine):
    del engine
    return Visitor().sign_in(cast.OPERATOR)


def told(page):
    text = re.sub(r"<svg.*?</svg>", "", page.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def tiles(page):
    found = re.findall(r'tile-title">([^<]+)</span>\s*<span class="tile-value">(\d+)<', page.text)
    return {title: int(n) for title, n in found}


def asks_for(operator, query):
    operator.get(f"{NEW}?{query}")
    return operator.submit(operator.form("/operator/reruns"))


def cause_of(operator):
    return re.findall(r'href="/operator/stalled/(\w+)', operator.get(STALLED).text)[0]


def test_forty_are_fixed_and_ten_are_not_and_the_screen_says_so(operator, engine):
    cases = filed(50)
    with disk_full():
        take_turns(cases)
        page = operator.get(STALLED)
        assert "停滞的申报 50 件，原因 1 种" in page.text
    with disk_full(below=511):  # the first ten still meet the fault
        preview = operator.get(f"{NEW}?cause={cause_of(operator)}")
        assert "办结申报第 1 轮：" in preview.text
        assert "× 50" in preview.text
        page = operator.submit(operator.form("/operator/reruns"))
        assert tiles(page) == {"已完成": 0, "再次失败": 0, "尚未结束": 50}
        assert 'hx-trigger="every 2s"' in page.text
        take_turns(cases)
    assert sorted(engine.references) == cases
    address = re.findall(r'hx-get="(/operator/reruns/[^"]+)"', page.text)[0]
    page = operator.get(address)
    assert tiles(page) == {"已完成": 40, "再次失败": 10}
    assert "hx-trigger" not in page.text
    assert "与预告不同" not in page.text, "what was foretold is what ran"
    assert page.text.count("No space left on device") == 10
    assert "停滞的申报 10 件，原因 1 种" in operator.get(STALLED).text
    assert tiles(operator.get(address)) == {"已完成": 40, "再次失败": 10}, "it is kept to be looked at later"
    assert address in operator.get("/operator/reruns").text


def test_a_preview_says_what_would_run_what_is_kept_and_does_nothing(operator, engine):
    [case] = filed(1)
    with disk_full():
        take_turns([case])
    page = told(operator.get(f"{NEW}?ids={case}"))
    assert "不会再次询问任何人" in page
    assert "结论 1 项" in page
    assert "等待推荐审核" in page
    assert "尚未执行任何操作" in page
    assert engine.runs == []
    with reading() as session:
        assert not session.exec(select(Rerun)).all()
        assert not session.exec(select(Bell)).all()


def test_a_case_that_did_not_move_is_never_called_finished(operator):
    moved, other = filed(2)
    with disk_full():
        take_turns([moved, other])
    operator.get(f"{NEW}?ids={moved}&ids={other}")
    form = operator.form("/operator/reruns")
    take_turns([moved])  # other news came first, and the case goes on without us
    page = operator.submit(form)
    assert tiles(page) == {"已完成": 0, "再次失败": 0, "尚未结束": 1, "未重新运行": 1}
    with transaction() as session:  # somebody else's hands: the rounds were put right, the run found nothing to do
        case = case_of(session, other)
        bell = session.exec(select(Bell).where(Bell.case_id == case.id)).one()
        bell_id = bell.id
    with disk_full(below=0):
        take_turns([other])
    assert tiles(operator.get(address_of(page)))["已完成"] == 1
    with transaction() as session:
        bell = session.get_one(Bell, bell_id)
        for step in session.exec(select(Run).where(Run.id == bell.answered_by)):
            for one in steps_of(session, step.id):
                session.delete(one)
    assert tiles(operator.get(address_of(page))) == {"已完成": 0, "再次失败": 0, "未推进": 1, "未重新运行": 1}


def steps_of(session, run_id):
    return session.exec(select(RunStep).where(RunStep.run_id == run_id)).all()


def address_of(page):
    return str(page.url.path)


def test_asked_twice_it_is_followed_and_not_asked_again(operator, engine):
    [case] = filed(1)
    with disk_full():
        take_turns([case])
    asks_for(operator, f"ids={case}")
    asks_for(operator, f"ids={case}")
    with reading() as session:
        assert len(session.exec(select(Bell).where(Bell.reason == "run again")).all()) == 1
        assert len(session.exec(select(Rerun)).all()) == 2
        entry = session.exec(select(JournalEntry).where(JournalEntry.act == "run-again")).one()
        assert entry.by == cast.person(cast.OPERATOR, session).id
    assert len(engine.runs) == 1
    take_turns([case])
    assert tiles(operator.get(address_of(operator.page)))["已完成"] == 1


def test_without_the_engine_the_wish_is_kept_and_said_to_be(operator):
    [case] = filed(1)
    with disk_full():
        take_turns([case])
    with gone():
        page = asks_for(operator, f"ids={case}")
    assert "流程引擎暂不响应，恢复后会自动运行" in page.text
    assert tiles(page)["尚未结束"] == 1


def test_nothing_chosen_and_unknown_cases_are_told(operator, engine):
    assert "请先勾选" in operator.get(NEW).text
    assert "没有需要重新运行的申报" in operator.get(f"{NEW}?ids=JD-1999-0001&ids={'x' * 300}").text
    assert operator.get("/operator/reruns/none").status_code == 404
    assert engine.runs == []


def test_a_foreign_form_does_nothing(operator, engine):
    [case] = filed(1)
    sent = {"csrf": "guessed", "ids": [case]}
    assert operator.send("POST", "/operator/reruns", data=sent).status_code == 403
    assert engine.runs == []


def test_the_result_costs_the_same_for_one_and_for_many(operator):
    cases = filed(12)
    with disk_full():
        take_turns(cases)
    asks_for(operator, f"ids={cases[0]}")
    with counted() as one:
        operator.get(address_of(operator.page))
    asks_for(operator, "&".join(f"ids={case}" for case in cases[1:]))
    with counted() as many:
        operator.get(address_of(operator.page))
    assert len(one) == len(many) <= 9
