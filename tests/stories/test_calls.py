"""Calls: each window closes to the second by the clock in Beijing, an extension opens it again, nothing is lost."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework.applications import save
from casework.calls import by_code
from casework.calls.extensions import Later, extend, extensions_of
from casework.demonstration import CALL
from core.clock import HUBEI, local
from core.db import reading, transaction
from core.errors import CallClosed, Invalid
from models.application import Call
from models.case import Case
from models.journal import JournalEntry
from models.message import Message
from regulation.outcomes import Outcome
from tests import cast
from tests.stories.book import CLOSES

SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)
WHY = "国庆长假期间系统维护，申报时间相应延长。"


def extended(closes_at=None, recommend_by=None, reasons=WHY):
    with transaction() as session:
        return extend(session, CALL, Later(closes_at, recommend_by, reasons), by=cast.person(cast.OFFICE, session))


def recommendations_until(until):
    with transaction() as session:
        by_code(session, CALL).recommend_by = until


def letters():
    with reading() as session:
        return {m.recipient: m.facts for m in session.exec(select(Message).where(Message.letter == "extended"))}


def test_the_window_closes_to_the_second(story, clock):
    clock.move_to(CLOSES)
    with pytest.raises(CallClosed, match=r"至2026-10-31 09:00（北京时间），现在不能提交"):
        story.submits()
    with reading() as session:
        assert session.exec(select(Case)).all() == []
    clock.move_to(CLOSES - SECOND)
    assert story.submits() == "Awaiting local review"


def test_a_draft_is_not_touched_any_more_after_the_window(story, clock):
    clock.move_to(CLOSES)
    with pytest.raises(CallClosed), transaction() as session:
        save(session, story.application_id, {"postcode": "430000"}, None, by=cast.person(cast.APPLICANT, session))


def test_a_window_opens_to_the_second_at_midnight_in_beijing(story, clock):
    midnight = datetime(2026, 9, 20, tzinfo=HUBEI)
    with transaction() as session:
        by_code(session, CALL).opens_at = midnight
    clock.move_to(midnight - SECOND)
    with pytest.raises(CallClosed):
        story.submits()
    clock.move_to(midnight)
    assert story.submits() == "Awaiting local review"


def test_an_extension_opens_a_closed_call_again(story, clock):
    clock.move_to(CLOSES + SECOND)
    with pytest.raises(CallClosed):
        story.submits()
    (extension,) = extended(closes_at=CLOSES + WEEK)
    assert (extension.was, extension.until, extension.reasons) == (CLOSES, CLOSES + WEEK, WHY)
    assert set(letters()) == {"王芳示例", "林晓示例"}
    assert letters()["林晓示例"]["closes_at"] == f"{local(CLOSES + WEEK):%Y-%m-%d %H:%M}"
    assert story.submits() == "Awaiting local review"
    clock.move_to(CLOSES + WEEK)
    with reading() as session:
        assert not session.exec(select(Call)).one().closes_at > CLOSES + WEEK


def test_those_who_have_filed_are_not_written_to(story):
    story.submits()
    extended(closes_at=CLOSES + WEEK)
    assert set(letters()) == {"王芳示例"}


def test_an_extension_is_a_decision_on_record(story):
    recommendations_until(CLOSES + WEEK)
    extended(recommend_by=CLOSES + 2 * WEEK, closes_at=CLOSES + 2 * WEEK)
    extended(recommend_by=CLOSES + 3 * WEEK, reasons="推荐单位集中反映时间不足。")
    with reading() as session:
        told = [
            (e.number, e.window, e.was, e.until, user.name)
            for e, user in extensions_of(session, by_code(session, CALL))
        ]
        lines = select(JournalEntry).where(JournalEntry.act == "call-extended")
        entries = session.exec(lines.order_by(JournalEntry.id)).all()
    assert told == [
        (1, "application", CLOSES, CLOSES + 2 * WEEK, "周敏示例"),
        (2, "recommendation", CLOSES + WEEK, CLOSES + 2 * WEEK, "周敏示例"),
        (3, "recommendation", CLOSES + 2 * WEEK, CLOSES + 3 * WEEK, "周敏示例"),
    ]
    assert [entry.detail["window"] for entry in entries] == ["application", "recommendation", "recommendation"]
    assert story.case_id is None


@pytest.mark.parametrize(
    ("later", "fields"),
    [
        (Later(), {"closes_at", "reasons"}),
        (Later(CLOSES, None, WHY), {"closes_at"}),
        (Later(CLOSES - SECOND, CLOSES - SECOND, WHY), {"closes_at", "recommend_by"}),
        (Later(CLOSES + 2 * WEEK, None, WHY), {"recommend_by"}),
        (Later(CLOSES + SECOND, None, "长" * 501), {"reasons"}),
    ],
    ids=["nothing", "the same moment", "both earlier", "past the other window", "too many words"],
)
def test_every_fault_of_an_extension_at_once(story, later, fields):
    recommendations_until(CLOSES + WEEK)
    with pytest.raises(Invalid) as refused:
        extended(later.closes_at, later.recommend_by, later.reasons)
    assert {fault.field for fault in refused.value.faults} == fields
    assert letters() == {}
    assert story.case_id is None


def test_a_call_without_a_last_moment_for_recommendations_has_none_to_extend(story):
    with pytest.raises(Invalid, match="更正") as refused:
        extended(recommend_by=CLOSES + WEEK)
    assert "未设推荐上报截止时间" in refused.value.faults[0].message
    assert story.case_id is None


def test_an_end_that_has_passed_already_helps_nobody(story, clock):
    clock.move_to(CLOSES + 2 * WEEK)
    with pytest.raises(Invalid) as refused:
        extended(closes_at=CLOSES + WEEK)
    assert refused.value.faults[0].message == "延长后的时间应晚于现在。"
    assert story.case_id is None


@pytest.mark.parametrize("outcome", [Outcome.APPROVED, Outcome.RETURNED], ids=str)
def test_recommendations_end_to_the_second_and_the_rule_is_named(story, clock, outcome):
    until = CLOSES + WEEK
    recommendations_until(until)
    story.submits()
    clock.move_to(until)
    with pytest.raises(CallClosed) as refused:
        story.recommends(outcome)
    for said in ("2026-11-07 09:00", "第五条第（三）项", "该申报仍予保留", "请联系继教办延长推荐上报时间"):
        assert said in refused.value.sentence()
    assert story.open_duty() == "recommend"
    clock.move_to(until - SECOND)
    assert story.recommends(outcome) != "Awaiting local review"


def test_a_refusal_sends_nothing_to_the_province_and_may_be_said_later(story, clock):
    recommendations_until(CLOSES + WEEK)
    story.submits()
    clock.move_to(CLOSES + WEEK + SECOND)
    assert story.recommends(Outcome.REFUSED) == "Refused"


def test_a_file_that_came_back_late_from_correction_is_not_lost(story, clock):
    recommendations_until(CLOSES + WEEK)
    story.submits()
    story.recommends(Outcome.RETURNED)
    clock.move_to(CLOSES + WEEK + SECOND)
    assert story.corrects(postcode="430071") == "Awaiting local review"
    with pytest.raises(CallClosed):
        story.recommends()
    extended(recommend_by=CLOSES + 2 * WEEK)
    assert story.recommends() == "Awaiting expert review"
