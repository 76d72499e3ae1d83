import json
from dataclasses import fields, replace

import pytest

from regulation.policy import ASSUMED, Policy, parameters, policy_of, problems
from regulation.roles import DUTY_PERIODS, DUTY_ROLES, DUTY_TITLES, TITLES, Duty, Role


def test_a_snapshot_survives_json():
    policy = replace(Policy(), trained_per_year=800, pass_mark=82.5)
    assert policy_of(json.loads(json.dumps(policy.snapshot()))) == policy


def test_an_older_snapshot_gets_the_defaults_and_a_younger_one_is_read():
    snapshot = Policy().snapshot() | {"not_yet_invented": 1}
    del snapshot["reminder_days"]
    assert policy_of(snapshot) == Policy()


def test_the_defaults_can_be_used():
    assert problems(Policy()) == {}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("panel_size", 4, "单数"),
        ("panel_size", 1, "过小"),
        ("pass_mark", 101, "100"),
        ("trained_per_year", 0, "过小"),
        ("local_review_days", -1, "过小"),
        ("returns_per_stage", -1, "过小"),
    ],
)
def test_what_cannot_be_used_is_told(key, value, words):
    found = problems(replace(Policy(), **{key: value}))
    assert list(found) == [key]
    assert words in found[key]


def test_no_returns_and_no_reminders_are_a_policy_too():
    assert problems(replace(Policy(), returns_per_stage=0, reminder_days=0)) == {}


def test_people_see_every_parameter_with_unit_and_source():
    listed = parameters(Policy())
    assert [one.key for one in listed] == [field.name for field in fields(Policy)]
    assert all(one.title and one.unit and one.source for one in listed)
    assert {one.key for one in listed if not one.assumed} == {"trained_per_year", "returns_per_stage"}
    assert all(one.assumed == (one.source == ASSUMED) for one in listed)


def test_every_duty_has_a_holder_a_title_and_a_period():
    assert set(DUTY_ROLES) == set(DUTY_TITLES) == set(DUTY_PERIODS) == set(Duty)
    assert set(TITLES) == set(Role)
    assert set(DUTY_PERIODS.values()) <= {field.name for field in fields(Policy)}
    assert all(duty.title and duty.role.title for duty in Duty)
