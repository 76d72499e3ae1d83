"""The policy in time: what holds on a day, what it rests on, and that a change takes two persons."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, select

from casework.calls import NewCall, by_code, open_call
from casework.delegations import NewDelegation, delegate, end_delegation
from casework.demonstration import CALL, PASSWORD
from casework.people import add_user
from casework.policies import NewValue, policy_on, propose_value
from casework.policy_rulings import change_of, changes_of, confirm, decline, withdraw
from core.clock import HUBEI, now, today
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotFound, NotPermitted
from models.call import PolicyRuling
from models.journal import JournalEntry
from models.message import Message
from models.organisation import Organisation
from regulation.policy import Policy
from regulation.provenance import Provenance, Source
from regulation.roles import Role
from regulation.sourced import DECLARED, SourcedPolicy
from tests import cast

pytestmark = pytest.mark.usefixtures("database")

COLLEAGUE = "jijiaoban2@example.com"
LETTER = "鄂人社函〔2027〕12号（示例）"
MARCH = date(2027, 3, 1)
SEVEN = NewValue("panel_size", 7, MARCH, Source.DECISION, LETTER)


@pytest.fixture
def another(database):
    """A colleague of the office."""
    del database
    with transaction() as session:
        of = session.get_one(Organisation, cast.person(cast.OFFICE, session).organisation_id)
        add_user(session, COLLEAGUE, "赵明示例", PASSWORD, of=of, roles=[Role.OFFICE])
    return COLLEAGUE


def changed(new=SEVEN, by=cast.OFFICE):
    """Somebody proposes a value, and the department confirms it."""
    confirms(proposed(new, by))


def proposed(new=SEVEN, by=cast.OFFICE):
    with transaction() as session:
        return propose_value(session, new, by=cast.person(by, session)).id


def confirms(change_id, by=cast.DECIDER, parameter="panel_size"):
    with transaction() as session:
        return confirm(session, parameter, change_id, by=cast.person(by, session))


def declines(change_id, answer="依据不足，请先提交会议研究。", by=cast.DECIDER):
    with transaction() as session:
        return decline(session, "panel_size", change_id, answer, by=cast.person(by, session))


def withdraws(change_id, by=cast.OFFICE):
    with transaction() as session:
        return withdraw(session, "panel_size", change_id, by=cast.person(by, session))


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
    assert [(one.change.value, one.proposer.name) for one in listed] == [(9, "周敏示例"), (7, "周敏示例")]


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
    with pytest.raises(Conflict, match=r"已由周敏示例于.*并经确认"):
        proposed()


# Two persons


def test_a_proposal_holds_for_nobody_until_another_person_has_confirmed_it():
    change = proposed()
    assert on(MARCH) == SourcedPolicy()
    assert opened().policy["panel_size"] == 5, "a call that is opened meanwhile knows nothing of it"
    assert [one.waiting for one in listed()] == [True]
    declines(change)
    assert on(MARCH) == SourcedPolicy()


def test_the_proposer_neither_confirms_nor_declines(another):
    change = proposed()
    for act in (confirms, declines):
        with pytest.raises(NotPermitted, match="须由两人办理"):
            act(change, by=cast.OFFICE)
    confirms(change, by=another)
    assert on(MARCH).policy.panel_size == 7, "a colleague of the office may be the second person"
    assert [(one.confirmed, one.decider.name) for one in listed()] == [(True, "赵明示例")]


def test_who_stands_in_for_the_proposer_is_no_second_person(another):
    change = proposed()
    with transaction() as session:
        office, deputy = cast.person(cast.OFFICE, session), cast.person(another, session)
        delegation = delegate(session, NewDelegation(office.id, deputy.id, today(), today(), "外出学习"), by=office).id
    with pytest.raises(NotPermitted, match="代提出人办理"):
        confirms(change, by=another)
    assert not [one for one in letters(proposed(replace(SEVEN, parameter="review_days"))) if one == "赵明示例"]
    with transaction() as session:
        end_delegation(session, delegation, by=cast.person(cast.OFFICE, session))
    assert confirms(change, by=another).confirmed


def test_the_database_itself_wants_two_persons():
    change = proposed()
    office = cast.person(cast.OFFICE).id
    with pytest.raises(IntegrityError, match="by_two_persons"), transaction() as session:
        session.add(PolicyRuling(change_id=change, proposed_by=office, confirmed=True, decided_by=office))
    somebody = cast.person(cast.AUDITOR).id
    with pytest.raises(IntegrityError, match="of_the_change_as_proposed"), transaction() as session:
        session.add(PolicyRuling(change_id=change, proposed_by=somebody, confirmed=True, decided_by=office))


@pytest.mark.parametrize("email", [cast.AUDITOR, cast.OPERATOR, cast.APPLICANT])
def test_only_office_and_department_are_asked(email):
    change = proposed()
    for act in (confirms, declines):
        with pytest.raises(NotPermitted):
            act(change, by=email)
    assert letters(change) == ["陈国示例"]


def test_whoever_may_confirm_has_a_letter_the_proposer_has_none(another):
    del another
    change = proposed()
    assert letters(change) == ["赵明示例", "陈国示例"]


def test_the_second_click_is_told_who_decided_and_when(another):
    change = proposed()
    confirms(change)
    for act in (confirms, declines):
        with pytest.raises(Conflict, match=r"已由陈国示例于\d{4}-\d\d-\d\d \d\d:\d\d确认"):
            act(change, by=another)
    assert len(entries("policy-changed")) == 1


def test_a_declined_proposal_says_why_and_may_be_made_anew():
    change = proposed()
    with pytest.raises(Invalid) as refused:
        declines(change, "  ")
    assert [fault.field for fault in refused.value.faults] == ["answer"]
    assert declines(change).ruling.answer == "依据不足，请先提交会议研究。"
    with pytest.raises(Conflict, match="退回"):
        confirms(change)
    changed()
    assert on(MARCH).policy.panel_size == 7
    (entry,) = entries("policy-declined")
    assert entry.detail["reason"] == "依据不足，请先提交会议研究。"


def test_while_one_waits_for_a_day_no_other_is_proposed_for_it():
    change = proposed()
    with pytest.raises(Conflict, match=r"已由周敏示例于.*尚待确认"):
        proposed(replace(SEVEN, value=9))
    proposed(replace(SEVEN, value=9, effective_on=date(2028, 1, 1)))
    declines(change)
    changed(replace(SEVEN, value=9))
    assert on(MARCH).policy.panel_size == 9


def test_a_proposal_belongs_to_its_parameter():
    change = proposed()
    with pytest.raises(NotFound):
        confirms(change, parameter="review_days")


# Withdrawn by whoever proposed it


def test_a_withdrawn_proposal_never_counts_and_another_may_follow():
    change = proposed()
    assert withdraws(change).withdrawn
    for act in (confirms, declines):
        with pytest.raises(Conflict, match=r"已由周敏示例于\d{4}-\d\d-\d\d \d\d:\d\d撤回"):
            act(change)
    with pytest.raises(Conflict, match="撤回"):
        withdraws(change)
    assert on(MARCH) == SourcedPolicy()
    changed(replace(SEVEN, value=9))
    assert on(MARCH).policy.panel_size == 9
    (entry,) = entries("policy-withdrawn")
    assert (entry.by, entry.detail["value"]) == (cast.person(cast.OFFICE).id, 7.0)
    assert sorted((one.withdrawn, one.confirmed) for one in listed()) == [(False, True), (True, False)]


def test_nobody_withdraws_what_another_has_proposed_or_what_was_decided(another):
    change = proposed()
    with pytest.raises(NotPermitted, match="由提出人撤回"):
        withdraws(change, by=another)
    with pytest.raises(NotPermitted):
        withdraws(change, by=cast.DECIDER)
    confirms(change)
    with pytest.raises(Conflict, match="确认"):
        withdraws(change)
    assert on(MARCH).policy.panel_size == 7


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"withdrawn": True, "confirmed": True}, "withdrawn_is_not_confirmed"),
        ({"withdrawn": True, "confirmed": False, "by": "another"}, "by_two_persons"),
        ({"withdrawn": False, "confirmed": False, "answer": "不妥。"}, "by_two_persons"),
        ({"withdrawn": True, "confirmed": False, "by": "nobody"}, "declined_by_somebody"),
    ],
    ids=["and confirmed", "by another", "declined by the proposer", "by nobody"],
)
def test_the_database_knows_who_withdraws(row, rule):
    row = dict(row)
    office, decider = cast.person(cast.OFFICE).id, cast.person(cast.DECIDER).id
    by = {"the proposer": office, "another": decider, "nobody": None}[row.pop("by", "the proposer")]
    ruling = PolicyRuling(change_id=proposed(), proposed_by=office, decided_by=by, **row)
    with pytest.raises(IntegrityError, match=rule), transaction() as session:
        session.add(ruling)


# A proposal that was not confirmed in time


def test_a_proposal_whose_day_comes_without_an_answer_is_shown_as_late_and_may_still_be_confirmed(clock):
    change = proposed()
    assert not told(change).late
    clock.move_to(datetime(2027, 3, 1, 9, tzinfo=HUBEI))
    assert told(change).late
    assert opened("2027-0", MARCH - timedelta(days=1)).policy["panel_size"] == 5, "a call for a day before"
    confirms(change)
    assert opened("2027-2").policy["panel_size"] == 7


def test_a_call_opened_meanwhile_for_its_day_stands_in_the_way(clock):
    change = proposed()
    call = opened(opens=MARCH + timedelta(days=9))
    with pytest.raises(Conflict, match="“2027年度第一批”已按原数值开通"):
        confirms(change)
    clock.move_to(datetime(2027, 3, 20, 9, tzinfo=HUBEI))
    with pytest.raises(Conflict):
        confirms(change)
    assert [one.code for one in told(change).overtaken_by] == ["2027-1"]
    declines(change, "已有批次开通，另定施行日期。")
    changed(replace(SEVEN, effective_on=date(2027, 4, 1)))
    assert (on(MARCH).policy.panel_size, on(date(2027, 4, 1)).policy.panel_size) == (5, 7)
    with reading() as session:
        assert SourcedPolicy.kept(by_code(session, call.code).policy).policy.panel_size == 5


def test_a_call_that_has_the_value_or_a_decision_of_its_own_does_not(clock):
    del clock
    change = proposed()
    opened(policy=replace(Policy(), panel_size=9), decision="会议纪要第 3 号（示例）")
    opened("2027-2", policy=replace(Policy(), panel_size=7), decision="会议纪要第 4 号（示例）")
    assert confirms(change).confirmed


def test_a_call_that_follows_a_later_change_does_not():
    changed(replace(SEVEN, value=9, effective_on=date(2027, 6, 1)))
    change = proposed()
    assert opened(opens=date(2027, 7, 1)).policy["panel_size"] == 9
    assert confirms(change).confirmed


def listed(parameter="panel_size"):
    with reading() as session:
        return changes_of(session, parameter, by=cast.person(cast.OFFICE, session))


def told(change_id):
    with reading() as session:
        return change_of(session, change_id, by=cast.person(cast.OFFICE, session))


def letters(change_id):
    with reading() as session:
        sent = select(Message.recipient).where(Message.letter == "policy-proposed")
        return sorted(session.exec(sent.where(col(Message.key).contains(str(change_id)))))


def entries(act):
    with reading() as session:
        return session.exec(select(JournalEntry).where(JournalEntry.act == act).order_by(col(JournalEntry.id))).all()


@pytest.mark.parametrize("email", [cast.AUDITOR, cast.DECIDER, cast.OPERATOR, cast.APPLICANT, cast.RECOMMENDER])
def test_only_the_office_proposes(email):
    with pytest.raises(NotPermitted):
        proposed(by=email)


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


@pytest.mark.parametrize("table", ["policy_changes", "policy_rulings"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET citation = ''", "DELETE FROM {table}"])
def test_the_tables_only_grow(table, statement):
    changed()
    column = "citation" if table == "policy_changes" else "answer"
    with pytest.raises(DBAPIError, match="only grows"), transaction() as session:
        session.connection().exec_driver_sql(statement.format(table=table).replace("citation", column))


def test_every_step_is_in_the_journal():
    changed()
    (proposal,), (confirmation,) = entries("policy-proposed"), entries("policy-changed")
    assert proposal.detail == confirmation.detail == {
        "parameter": "panel_size", "value": 7.0, "effective_on": "2027-03-01", "citation": LETTER
    }  # fmt: skip
    assert (proposal.by, confirmation.by) == (cast.person(cast.OFFICE).id, cast.person(cast.DECIDER).id)
