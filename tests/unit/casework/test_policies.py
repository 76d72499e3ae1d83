"""The policy in time: what holds on a day, what it rests on, and that only the office adds to it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from casework.calls import NewCall, by_code, open_call
from casework.demonstration import CALL
from casework.policies import NewValue, change_policy, changes_of, policy_on
from core.clock import HUBEI, now
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotFound, NotPermitted
from models.call import PolicyChange
from models.journal import JournalEntry
from regulation.policy import Policy
from regulation.provenance import Provenance, Source
from regulation.sourced import DECLARED, SourcedPolicy
from tests import cast

pytestmark = pytest.mark.usefixtures("database")

LETTER = "鄂人社函〔2027〕12号（示例）"
MARCH = date(2027, 3, 1)
SEVEN = NewValue("panel_size", 7, MARCH, Source.DECISION, LETTER)


def changed(new=SEVEN, by=cast.OFFICE):
    with transaction() as session:
        change_policy(session, new, by=cast.person(by, session))


def on(day):
    with reading() as session:
        return policy_on(session, day)


def opened(code="2027-1", opens=MARCH, **more):
    at = now().astimezone(HUBEI).replace(year=opens.year, month=opens.month, day=opens.day, hour=0, minute=0, second=0)
    with transaction() as session:
        new = NewCall(code, "2027年度第一批", "", at, at + timedelta(days=45), **more)
        return open_call(session, new, by=cast.person(cast.OFFICE, session))


def test_what_nobody_has_changed_is_as_the_regulation_has_it():
    assert on(MARCH) == SourcedPolicy(Policy(), DECLARED)


def test_a_value_holds_from_its_effective_day_and_not_a_day_before():
    changed()
    assert on(MARCH - timedelta(days=1)).policy == Policy()
    held = on(MARCH)
    assert held.policy == replace(Policy(), panel_size=7)
    assert isinstance(held.policy.panel_size, int)
    assert held.provenance["panel_size"] == Provenance(Source.DECISION, LETTER, MARCH)
    assert held.provenance["review_days"] == DECLARED["review_days"]


def test_the_latest_effective_day_holds_whatever_was_recorded_last():
    changed(replace(SEVEN, value=9, effective_on=date(2028, 1, 1)))
    changed()
    assert [on(day).policy.panel_size for day in (MARCH, date(2027, 12, 31), date(2028, 1, 1))] == [7, 7, 9]


def test_of_two_values_for_one_day_the_later_recorded_holds_and_both_stay_on_record():
    changed()
    changed(replace(SEVEN, value=9, citation="更正（示例）"))
    assert on(MARCH).policy.panel_size == 9
    with reading() as session:
        listed = changes_of(session, "panel_size", by=cast.person(cast.AUDITOR, session))
    assert [(change.value, user.name) for change, user in listed] == [(9, "周敏示例"), (7, "周敏示例")]


def test_an_open_call_keeps_values_and_provenance_whatever_comes_after():
    changed()
    opened()
    changed(replace(SEVEN, value=9, citation="后来的决定（示例）"))
    with reading() as session:
        kept = SourcedPolicy.kept(by_code(session, "2027-1").policy)
        older = SourcedPolicy.kept(by_code(session, CALL).policy)
    assert kept.policy.panel_size == 7
    assert kept.provenance["panel_size"] == Provenance(Source.DECISION, LETTER, MARCH)
    assert older.policy.panel_size == 3
    assert opened("2027-2").policy["panel_size"] == 9


def test_a_call_may_deviate_with_a_decision_that_is_named():
    own = replace(Policy(), panel_size=9, pass_mark=75.5)
    with pytest.raises(Invalid) as refused:
        opened(policy=own)
    (fault,) = refused.value.faults
    assert fault.field == "decision"
    assert "专家评审委员会人数（单数）（现行 5，本批次 9）" in fault.message
    assert "评审通过的平均分（现行 80，本批次 75.5）" in fault.message
    kept = SourcedPolicy.kept(opened(policy=own, decision="会议纪要第 3 号（示例）").policy)
    assert kept.provenance["pass_mark"] == Provenance(Source.DECISION, "会议纪要第 3 号（示例）", own=True)
    assert kept.provenance["review_days"] == DECLARED["review_days"]


def test_a_call_that_opens_later_answers_to_the_policy_of_that_day():
    changed()
    with pytest.raises(Invalid) as refused:
        opened(policy=Policy())
    assert "2027-03-01" in refused.value.faults[0].message
    assert opened("2027-3", MARCH - timedelta(days=1), policy=Policy()).policy["panel_size"] == 5


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"value": 4}, {"value"}),
        ({"value": float("nan")}, {"value"}),
        ({"value": 7.5}, {"value"}),
        ({"value": 51, "citation": " "}, {"value", "citation"}),
        ({"citation": "长" * 201, "effective_on": date(2014, 12, 31)}, {"citation", "effective_on"}),
    ],
    ids=["even", "no number", "a fraction", "two faults", "too long and too early"],
)
def test_every_fault_of_a_value_at_once_and_nothing_is_taken(change, fields):
    with pytest.raises(Invalid) as refused:
        changed(replace(SEVEN, **change))
    assert {fault.field for fault in refused.value.faults} == fields
    assert on(date(2099, 1, 1)) == SourcedPolicy()


def test_the_same_value_twice_is_told_who_and_when():
    changed()
    with pytest.raises(Conflict, match="已由周敏示例于"):
        changed()


@pytest.mark.parametrize("email", [cast.AUDITOR, cast.DECIDER, cast.OPERATOR, cast.APPLICANT, cast.RECOMMENDER])
def test_only_the_office_changes_the_policy(email):
    with pytest.raises(NotPermitted):
        changed(by=email)


def test_the_history_is_for_those_who_look_into_everything():
    with reading() as session:
        assert changes_of(session, by=cast.person(cast.DECIDER, session)) == []
        with pytest.raises(NotPermitted):
            changes_of(session, by=cast.person(cast.APPLICANT, session))
        with pytest.raises(NotFound):
            changes_of(session, "unknown", by=cast.person(cast.OFFICE, session))
        with pytest.raises(NotFound):
            changes_of(session, "", by=cast.person(cast.OFFICE, session))


def test_a_parameter_that_is_none_is_not_found():
    with pytest.raises(NotFound):
        changed(replace(SEVEN, parameter="no_such_thing"))


@pytest.mark.parametrize("statement", ["UPDATE policy_changes SET value = 1", "DELETE FROM policy_changes"])
def test_the_table_only_grows(statement):
    changed()
    with pytest.raises(DBAPIError, match="only grows"), transaction() as session:
        session.connection().exec_driver_sql(statement)


def test_every_change_is_in_the_journal():
    changed()
    with reading() as session:
        (entry,) = session.exec(select(JournalEntry).where(JournalEntry.act == "policy-changed"))
        (change,) = session.exec(select(PolicyChange))
    assert entry.detail == {
        "parameter": "panel_size", "value": 7.0, "effective_on": "2027-03-01", "citation": LETTER
    }  # fmt: skip
    assert entry.by == change.recorded_by
