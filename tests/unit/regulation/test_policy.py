import json
from dataclasses import replace
from datetime import date

import pytest

from regulation.chapters import CHAPTERS
from regulation.form.materials import KNOWN, USUAL, chosen, materials_of
from regulation.policy import NUMBERS, Policy, parameters, policy_of, problem, problems
from regulation.provenance import ASSUMED, Provenance, Source
from regulation.roles import DUTY_PERIODS, DUTY_ROLES, DUTY_TITLES, TITLES, Duty, Role
from regulation.sourced import DECLARED, SourcedPolicy


def test_a_snapshot_survives_json():
    policy = replace(Policy(), trained_per_year=800, pass_mark=82.5)
    assert policy_of(json.loads(json.dumps(policy.snapshot()))) == policy


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.name)
def test_a_call_opened_before_a_parameter_was_known_goes_on_as_it_was_opened(number):
    snapshot = Policy().snapshot()
    del snapshot[number.name]
    absent = number.metadata["absent"]
    expected = number.default if absent is None else absent
    assert policy_of(snapshot) == replace(Policy(), **{number.name: expected})


def test_a_snapshot_from_the_days_of_the_first_stages_skips_those_that_came_later():
    first = ("trained_per_year", "panel_size", "pass_mark", "review_days", "reminder_days")
    assert policy_of({name: getattr(Policy(), name) for name in first}).skipped == {"acceptance", "publicity"}


def test_a_younger_snapshot_is_read_too():
    assert policy_of(Policy().snapshot() | {"not_yet_invented": 1}) == Policy()


def test_the_defaults_can_be_used():
    assert problems(Policy()) == {}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("panel_size", 4, "单数"),
        ("panel_size", 1, "不得小于 3"),
        ("team_size", 2.5, "应为整数"),
        ("pass_mark", 101, "“评审通过的平均分”不得大于 100"),
        ("trained_per_year", 499, "不得小于 500"),
        ("local_review_days", -1, "不得小于 1"),
        ("returns_per_stage", -1, "不得小于 0"),
        ("silence_accepts", 2, "不得大于 1"),
    ],
)
def test_what_cannot_be_used_is_told(key, value, words):
    found = problems(replace(Policy(), **{key: value}))
    assert list(found) == [key]
    assert words in found[key]


def test_no_returns_and_no_reminders_are_a_policy_too():
    assert problems(replace(Policy(), returns_per_stage=0, reminder_days=0)) == {}


def test_a_number_with_a_fraction_is_one_where_the_parameter_allows_it():
    assert problem("pass_mark", 82.5) == ""


def test_people_see_every_parameter_with_unit_and_source():
    listed = parameters(Policy())
    assert [one.key for one in listed] == [number.name for number in NUMBERS]
    assert all(one.title and one.unit and one.source for one in listed)
    assert {one.key for one in listed if not one.assumed} == {"trained_per_year", "field_experts"}


def test_a_rule_borrowed_from_elsewhere_is_assumed_and_says_from_where():
    borrowed = {one.key: one for one in parameters(Policy())}["returns_per_stage"]
    assert borrowed.assumed
    assert borrowed.source == "行政许可法 Art. 32 (model)"
    assert Provenance.declared(ASSUMED) == Provenance(Source.ASSUMED)


def test_every_parameter_has_its_place_in_one_chapter():
    assert [name for chapter in CHAPTERS for name in chapter.parameters] == [number.name for number in NUMBERS]
    assert all(chapter.title and chapter.parameters for chapter in CHAPTERS)


def test_values_and_what_they_rest_on_survive_json():
    decided = Provenance(Source.DECISION, "鄂人社函〔2027〕12号（示例）", date(2027, 1, 1))
    kept = SourcedPolicy(replace(Policy(), panel_size=7), {**DECLARED, "panel_size": decided})
    assert SourcedPolicy.kept(json.loads(json.dumps(kept.snapshot()))) == kept


def test_a_snapshot_without_provenance_rests_on_what_is_declared():
    assert SourcedPolicy.kept(Policy().snapshot()).provenance == DECLARED


def test_what_such_a_snapshot_sets_otherwise_rests_on_no_article():
    kept = SourcedPolicy.kept(replace(Policy(), field_experts=0).snapshot())
    assert DECLARED["field_experts"].source is Source.ARTICLE
    assert kept.provenance == {**DECLARED, "field_experts": Provenance(Source.ASSUMED)}


def test_what_a_call_sets_for_itself_is_its_own_and_the_rest_keeps_its_source():
    own = SourcedPolicy().deviating(replace(Policy(), panel_size=7), "会议纪要第 3 号（示例）")
    assert own.provenance["panel_size"] == Provenance(Source.DECISION, "会议纪要第 3 号（示例）", own=True)
    assert {key: one for key, one in own.provenance.items() if key != "panel_size"}.items() <= DECLARED.items()


def test_papers_are_the_usual_ones_unless_a_call_says_otherwise():
    assert materials_of(Policy()) == USUAL
    assert chosen(USUAL) is None
    assert chosen(["signed_promise", "registration_certificate"]) == ("registration_certificate", "signed_promise")
    own = policy_of(json.loads(json.dumps(replace(Policy(), materials=("funds_audit",)).snapshot())))
    assert own.materials == materials_of(own) == ("funds_audit",)
    assert set(USUAL) < KNOWN


def test_every_duty_has_a_holder_a_title_and_a_period():
    assert set(DUTY_ROLES) == set(DUTY_TITLES) == set(DUTY_PERIODS) == set(Duty)
    assert set(TITLES) == set(Role)
    assert set(DUTY_PERIODS.values()) <= {number.name for number in NUMBERS}
    assert all(duty.title and duty.role.title for duty in Duty)
