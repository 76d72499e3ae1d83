"""The operators' desk: causes, what stands behind each, and the bells without an answer."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from core import clock
from core.db import reading, transaction
from flows.gateway import page_of
from models.case import Case
from models.engine import Bell, Run
from models.message import Message, MessageState
from tests import cast
from tests.unit.casework.crowd import TRACEBACK, a_crowd, a_failure, case_of
from tests.unit.pages.engine_door import answering, gone
from tests.unit.pages.visitor import Visitor, counted

pytestmark = pytest.mark.enable_socket
ROOM = "/operator/stalled"


@pytest.fixture
def crowd(database):
    del database
    with transaction() as session:
        return a_crowd(session, 60)


@pytest.fixture
def engine(crowd):
    del crowd
    with answering() as there:
        yield there


@pytest.fixture
def operator(engine):
    del engine
    visitor = Visitor().sign_in(cast.OPERATOR)
    visitor.get(ROOM)
    return visitor


def causes(page):
    return re.findall(r'class="title cause" href="([^"]+)"', page.text)


def references(page):
    return re.findall(r'name="ids" value="([^"]+)"', page.text)


def rewrite(reference, **values):
    """Say otherwise why a case stands still."""
    with transaction() as session:
        run = session.exec(select(Run).where(Run.case_id == case_of(session, reference).id)).one()
        for name, value in values.items():
            setattr(run, name, value)


def test_only_the_operator_comes_in(operator):
    for email in (cast.APPLICANT, cast.OFFICE, cast.AUDITOR, cast.RECOMMENDER):
        visitor = Visitor().sign_in(email)
        assert visitor.get(ROOM).status_code == 403
        assert visitor.get(causes(operator.page)[0]).status_code == 403
    assert Visitor().get(ROOM).status_code == 401


def test_what_differs_from_case_to_case_splits_no_group(operator, crowd):
    for n, reference in enumerate(crowd.stalled):
        error = f"OSError: [Errno 28] No space left on device: '/srv/jidi/files/{n}/{reference}.pdf' after {n} s"
        rewrite(reference, error=error)
    page = operator.get(ROOM)
    [cause] = causes(page)
    assert "[Errno 28] No space left on device" in page.text
    assert f"停滞的申报 {len(crowd.stalled)} 件，原因 1 种" in page.text
    assert references(operator.get(cause)) == sorted(crowd.stalled, key=stalled_at)


def stalled_at(reference):
    with reading() as session:
        return case_of(session, reference).stalled_at


def test_another_step_or_another_error_is_another_cause_and_the_largest_comes_first(operator, crowd):
    first, second, *rest = crowd.stalled
    rewrite(first, failed_step="publish")
    rewrite(second, error="OSError: [Errno 13] Permission denied")
    page = operator.get(ROOM)
    assert len(causes(page)) == 3
    assert sorted(references(operator.get(causes(page)[0]))) == sorted(rest)
    assert operator.get(f"{ROOM}/000000000000").status_code == 404


def test_the_filters(operator, crowd):
    first, second, *rest = crowd.stalled
    rewrite(first, failed_step="publish")
    rewrite(second, error="OSError: [Errno 13] Permission denied")
    with transaction() as session:
        session.add(Bell(case_id=case_of(session, rest[0]).id, reason="run again"))
    assert len(causes(operator.get(f"{ROOM}?step=publish"))) == 1
    assert "Permission denied" in operator.get(f"{ROOM}?kind=OSError").text
    [asked] = causes(operator.get(f"{ROOM}?asked=yes"))
    assert references(operator.get(asked)) == [rest[0]]
    assert "没有符合条件" in operator.get(f"{ROOM}?call=2019-1").text
    tomorrow = (clock.local(clock.now()) + timedelta(days=1)).date().isoformat()
    assert "没有符合条件" in operator.get(f"{ROOM}?since={tomorrow}").text
    assert len(causes(operator.get(f"{ROOM}?since=nonsense&asked=maybe"))) == 3


def test_a_case_tells_its_traceback_every_attempt_its_letters_and_prefects_page(operator, crowd):
    reference = crowd.stalled[0]
    with transaction() as session:
        case = case_of(session, reference)
        run = a_failure(case, attempt=5)
        run.started_at = run.ended_at = clock.now()
        run.error, run.traceback = "<script>alert(1)</script>", TRACEBACK + "<img src=x>"
        session.add(run)
        for n, state in enumerate((MessageState.FAILED, MessageState.UNKNOWN, MessageState.SENT)):
            about = {"key": f"receipt/{n}", "letter": "receipt", "address": "a@example.com", "message_id": f"<{n}@x>"}
            session.add(Message(**about, case_id=case.id, state=state))
        flow_run = run.flow_run_id
    operator.get(ROOM)
    address = next(one for one in causes(operator.page) if reference in references(operator.get(one)))
    page = operator.get(address)
    assert "已尝试 5 次" in page.text
    assert "全部运行（2 次）" in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<img src=x>" not in page.text
    assert f'href="{page_of(flow_run)}"' in page.text
    for said in ("失败 1 封", "1 封"):
        assert said in page.text
    assert "已发出 1 封" not in page.text


def test_the_pages_cost_the_same_for_one_case_and_for_many(operator, crowd):
    operator.get(ROOM)
    [cause] = causes(operator.page)
    with counted() as many:
        operator.get(ROOM)
    with counted() as many_cases:
        operator.get(cause)
    with transaction() as session:
        for case in session.exec(select(Case).where(col(Case.reference).in_(crowd.stalled[1:]))):
            case.stalled_at = None
    with counted() as few:
        operator.get(ROOM)
    with counted() as one_case:
        operator.get(cause)
    assert len(few) == len(many) <= 8
    assert len(one_case) == len(many_cases) <= 10


def test_bells_without_an_answer_are_listed_after_a_minute(operator, crowd):
    with transaction() as session:
        for reference, minutes in zip(crowd.references[:2], (0, 3), strict=True):
            at = clock.now() - timedelta(minutes=minutes)
            case = case_of(session, reference)
            session.add(Bell(case_id=case.id, reason="certification approved", created_at=at, attempts=minutes))
    lines = operator.get(ROOM).text.partition("未得到响应")[2]
    assert crowd.references[1] in lines
    assert "3 分钟前" in lines
    assert crowd.references[0] not in lines


def test_the_count_stands_in_the_navigation_and_an_engine_that_is_silent_is_told(operator, crowd):
    assert f'停滞事项 <span class="tally">{len(crowd.stalled)}</span>' in operator.page.text
    with gone():
        assert "不响应" in operator.get(ROOM).text


def test_it_is_told_in_english(operator):
    operator.headers["Accept-Language"] = "en"
    page = operator.get(ROOM)
    assert "for 1 causes" in page.text
    assert "Issue" in operator.get(causes(page)[0]).text
