"""One call from the first application to the register: the totals of every stage, and that nothing is left over."""

from datetime import date, datetime

import pytest
import time_machine
from sqlmodel import col, func, select

from casework.demonstration_batch import applicants, enter
from core.clock import HUBEI
from core.db import reading, transaction
from flows.deadlines import deadlines
from models.case import Assignment
from models.certificate import RegisterEntry
from models.message import Message
from models.objection import ObjectionResult
from tests.stories.batch import Batch, totals
from tests.stories.record import snapshot, unanswered

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.long]

MONDAY = datetime(2026, 9, 14, 9, tzinfo=HUBEI)
FIRST, AFTER = datetime(2026, 9, 28, 9, tzinfo=HUBEI), datetime(2026, 10, 10, 9, tzinfo=HUBEI)
GONE = {"local-review: refused": 9, "acceptance: refused": 3, "expert-review: refused": 3, "certification: refused": 15}


def test_a_whole_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.deadlines.ring", bool)
    with transaction() as session:
        enter(session)
    batch = Batch(applicants())
    with time_machine.travel(MONDAY) as clock:
        batch.open()
        batch.file_applications()
        assert totals() == {"local-review: open": 60}
        batch.recommend()
        assert totals() == {"local-review: refused": 9, "acceptance: open": 51}
        batch.accept()
        assert totals() == {"local-review: refused": 9, "acceptance: refused": 3, "expert-review: open": 48}
        batch.draw()
        batch.review()
        batch.visit()
        assert len(batch.running) == 45
        batch.certify()
        assert totals() == GONE | {"publicity: open": 30}

        clock.move_to(FIRST)
        batch.publicise(date(2026, 9, 28))
        upheld, dismissed = batch.running[4], batch.running[9]
        batch.object_to(upheld, ObjectionResult.UPHELD)
        batch.object_to(dismissed, ObjectionResult.DISMISSED)
        clock.move_to(AFTER)
        assert deadlines.fn().name == "Up to date"
        for one in batch.running:
            batch.turn(one)
        assert totals() == GONE | {"publicity: open": 1, "publication: approved": 29}
        batch.reconsider(upheld)
    assert totals() == GONE | {"publicity: refused": 1, "publication: approved": 29}
    nothing_is_left_over()
    a_second_run_changes_nothing(batch)


def nothing_is_left_over() -> None:
    """Every duty has ended, every bell is answered, and every letter is about another thing or for another person."""
    with reading() as session:
        assert session.exec(select(func.count()).where(col(Assignment.ended_at).is_(None))).one() == 0
        assert session.exec(select(func.count()).select_from(RegisterEntry)).one() == 29
        letters, keys = session.exec(select(func.count(), func.count(func.distinct(Message.key)))).one()
    assert letters == keys
    assert unanswered() == []


def a_second_run_changes_nothing(batch: Batch) -> None:
    """The law of replay, for all sixty."""
    before = snapshot()
    for one in applicants():
        batch.turn(one)
    assert snapshot() == before
