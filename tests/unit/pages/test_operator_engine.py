"""The engine room: what waits with its age, a silent engine told at once, and the doctor's lines from the same look."""

import time
from datetime import timedelta

import pytest

from core.clock import now
from core.db import transaction
from flows.engine_room import EngineRoom, Heartbeat
from flows.watch import Watch, watch
from models.engine import Bell
from terminal.doctor import BAD, GOOD, of_flows, of_room, of_work
from tests import cast
from tests.unit.casework.crowd import Crowd, a_crowd
from tests.unit.pages.engine_door import gone
from tests.unit.pages.visitor import Visitor

pytestmark = pytest.mark.enable_socket
ROOM = "/operator/engine"


@pytest.fixture
def crowd(database: str) -> Crowd:
    del database
    with transaction() as session:
        return a_crowd(session, 30)


def test_what_waits_is_told_with_its_age(crowd: Crowd) -> None:
    with transaction() as session:
        session.add(Bell(case_id=crowd.cases[0].id, reason="reviewed", created_at=now() - timedelta(minutes=7)))
    with gone():
        page = Visitor().sign_in(cast.OPERATOR).get(ROOM)
    assert f'<span class="tile-value">{len(crowd.stalled)}</span>' in page.text
    assert "最早的：7 分钟前" in page.text
    assert "业务数据库" in page.text


def test_a_silent_engine_is_told_with_since_and_nobody_waits_for_it(crowd: Crowd) -> None:
    del crowd
    with gone():
        operator = Visitor().sign_in(cast.OPERATOR)
        first = watch().room.silent_since
        before = time.monotonic()
        page = operator.get(ROOM)
        assert time.monotonic() - before < 5
        assert watch().room.silent_since == first, "since when, not just now"
    assert "不响应" in page.text
    assert "自 " in page.text


def test_the_doctor_says_the_same(crowd: Crowd) -> None:
    with gone():
        seen = watch()
    assert seen.figures
    told = {finding.name: finding for finding in [*of_work(seen.figures), of_room(seen.figures)]}
    assert told["停滞的申报"].mark == BAD
    assert told["停滞的申报"].sentence.startswith(f"{len(crowd.stalled)} 件，最早的自 ")
    assert told["未送达的函件"].mark == GOOD
    assert told["应提醒而未提醒的事项"].sentence.startswith(f"{seen.figures.late.count} 件")
    assert list(of_flows(seen)) == [], "of a silent engine nothing is said"


def test_a_flow_of_the_clock_is_late_by_its_last_run_or_by_its_deployment(crowd: Crowd) -> None:
    del crowd
    ages = {"housekeeping": 10, "deadlines": 30}
    at = {flow: now() - timedelta(minutes=minutes) for flow, minutes in ages.items()}
    room = EngineRoom(None, [Heartbeat("w", now(), online=True)], dict(at))
    assert [finding.mark for finding in of_flows(Watch(now(), None, room))] == [BAD, BAD]
    fresh = EngineRoom(None, [], {"housekeeping": now(), "deadlines": None}, {"deadlines": now()})
    assert [finding.mark for finding in of_flows(Watch(now(), None, fresh))] == [GOOD, GOOD]
    never = EngineRoom(None, [], {"housekeeping": now(), "deadlines": None}, {"deadlines": None})
    assert [finding.mark for finding in of_flows(Watch(now(), None, never))] == [GOOD, BAD]
