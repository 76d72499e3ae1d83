"""What scores and votes come to: exact, in any order, by the rules of the call."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.policy import Policy
from regulation.result import Ballot, Result, result, shown

RULES = Policy(panel_size=5)
BALLOTS = st.lists(st.builds(Ballot, st.integers(0, 100), st.booleans()), max_size=15)


def judged(*given: tuple[int, bool], seats: int = 0, rules: Policy = RULES) -> Result:
    return result([Ballot(*one) for one in given], seats or len(given), rules)


def met(found: Result) -> dict[str, bool]:
    return {check.key: check.met for check in found.checks}


@given(BALLOTS, st.integers(0, 9), st.randoms(use_true_random=False))
def test_the_order_in_which_reviews_come_changes_nothing(ballots, missing, random):
    mixed = ballots.copy()
    random.shuffle(mixed)
    seats = len(ballots) + missing
    assert result(mixed, seats, RULES) == result(ballots, seats, RULES)


@given(BALLOTS.filter(lambda ballots: len(ballots) > 1), st.integers(0, 9))
def test_robust_means_that_nobody_alone_tips_it(ballots, missing):
    seats = len(ballots) + missing
    whole = result(ballots, seats, RULES)
    tipping = sum(
        result(ballots[:at] + ballots[at + 1 :], seats - 1, RULES).passed is not whole.passed
        for at in range(len(ballots))
    )
    assert (whole.pivotal, whole.robust) == (tipping, not tipping)


@given(BALLOTS.filter(bool), st.integers(0, 100))
def test_a_higher_score_never_lowers_the_mean(ballots, more):
    first = replace(ballots[0], score=max(ballots[0].score, more))
    assert result([first, *ballots[1:]], 15, RULES).mean >= result(ballots, 15, RULES).mean


def test_everybody_says_yes():
    found = judged((90, True), (85, True), (88, True), (80, True), (82, True))
    assert found.passed
    assert found.robust
    assert (found.mean, found.highest, found.lowest, found.dropped) == (85, 90, 80, None)
    assert found.deviation == Decimal("3.69")


def test_of_seven_the_highest_and_the_lowest_are_dropped():
    scores = (100, 80, 80, 80, 80, 80, 20)
    assert judged(*((one, True) for one in scores)).mean == 80
    assert judged(*((one, True) for one in scores)).dropped == (100, 20)
    assert judged(*((one, True) for one in scores[:6])).dropped is None


@pytest.mark.parametrize(("from_", "count"), [(1, 2), (2, 2), (1, 1)])
def test_something_is_always_left_to_be_counted(from_, count):
    found = judged(*[(80, True)] * count, rules=replace(RULES, drop_extremes_from=from_))
    assert (found.mean, found.dropped) == (80, None)


@pytest.mark.parametrize(
    ("yes", "of", "passes"),
    [(2, 3, True), (1, 3, False), (3, 5, False), (4, 5, True), (4, 6, True), (4, 7, False), (5, 7, True), (6, 9, True)],
)
def test_two_thirds_are_two_of_three(yes, of, passes):
    found = judged(*((90, at < yes) for at in range(of)))
    assert met(found)["votes"] is passes
    assert found.passed is passes


def test_a_tie_fails_even_where_half_would_do():
    found = judged((90, True), (90, True), (90, False), (90, False), rules=replace(RULES, vote_share=50))
    assert met(found) == {"mean": True, "votes": True, "tie": False, "quorum": True}
    assert not found.passed


def test_a_quorum_is_of_the_whole_committee():
    assert met(judged((90, True), (90, True), (90, True), seats=5))["quorum"] is False
    assert met(judged(*[(90, True)] * 4, seats=6))["quorum"] is True


def test_nobody_has_reviewed():
    found = judged(seats=5)
    assert (found.passed, found.mean, found.deviation) == (False, None, None)


def test_a_mean_just_below_the_mark_neither_passes_nor_looks_as_if():
    found = judged((80, True), (80, True), (79, True), rules=replace(RULES, pass_mark=79.7))
    assert (found.passed, shown(found.mean)) == (False, "79.66")
    assert shown(Fraction(80)) == "80"
    assert shown(Fraction(100)) == "100"


def test_a_call_without_the_newer_rules_looks_at_the_mean_alone():
    rules = replace(RULES, drop_extremes_from=0, vote_share=0, quorum_share=0)
    found = judged((90, False), (85, False), (70, False), rules=rules)
    assert met(found) == {"mean": True}


def test_one_reviewer_more_or_less():
    found = judged((90, True), (90, True), (60, True))
    assert (found.passed, found.pivotal) == (True, 2)
    assert judged((90, True)).robust
