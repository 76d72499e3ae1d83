"""Drawing: never a broken rule, the same seed the same panel, whatever the order of the candidates."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulation.drawing import (
    NO_CHAIR,
    NOT_TOGETHER,
    TOO_FEW,
    TOO_FEW_OF_EDUCATION,
    TOO_FEW_OF_FIELD,
    Candidate,
    CannotBeDrawn,
    Panel,
    Rules,
    can_complete,
    chair_of,
    draw,
    faults_of,
    in_order,
    rules_of,
    successor,
)
from regulation.policy import Policy

FIELDS = ("marine-equipment", "new-energy", "new-materials")
fields = st.frozensets(st.sampled_from(FIELDS))
pools = st.lists(st.tuples(st.booleans(), fields, st.booleans()), max_size=12).map(
    lambda drawn: [Candidate(f"c{n:02}", *one) for n, one in enumerate(drawn)]
)
sizes = st.sampled_from((3, 5, 7))
rules = st.builds(
    lambda size, education, experts, wanted: Rules(size, min(education, size), experts, tuple(wanted)),
    sizes,
    st.integers(0, 4),
    st.integers(0, 2),
    st.lists(fields.filter(bool), max_size=3, unique=True),
)
seeds = st.text(min_size=1, max_size=8)


def keeps(members: list[Candidate], rules: Rules) -> bool:
    """Judge a panel the plain way."""
    return (
        len(members) == rules.size
        and sum(one.education for one in members) >= rules.education
        and any(one.may_chair for one in members)
        and all(
            sum(not one.education and bool(one.fields & wanted) for one in members) >= rules.field_experts
            for wanted in rules.wanted
        )
    )


def members_of(ids: tuple[str, ...], pool: list[Candidate]) -> list[Candidate]:
    return [next(one for one in pool if one.id == wanted) for wanted in ids]


@given(seeds, pools, rules)
def test_a_draw_never_breaks_a_rule_and_fails_only_where_no_panel_exists(seed, pool, rules):
    panel = outcome(seed, pool, rules)
    if not isinstance(panel, Panel):
        assert panel, "a refusal names its rule"
        assert not any(keeps(list(some), rules) for some in combinations(pool, rules.size))
        return
    members = members_of(panel.members, pool)
    assert keeps(members, rules)
    assert not faults_of(members, rules)
    assert panel.chair == next(one.id for one in in_order(seed, members_and(pool, panel.members)) if one.may_chair)


def members_and(pool, ids):
    """Return the pool as it was, so that the order is the draw's own, with nobody but the members able to chair."""
    return [Candidate(one.id, one.education, one.fields, one.may_chair and one.id in ids) for one in pool]


@given(seeds, pools, rules, st.randoms())
def test_the_same_seed_gives_the_same_panel_in_whatever_order_the_candidates_come(seed, pool, rules, chance):
    mixed = chance.sample(pool, len(pool))
    assert outcome(seed, pool, rules) == outcome(seed, mixed, rules)


def outcome(seed, pool, rules):
    try:
        return draw(seed, pool, rules)
    except CannotBeDrawn as refused:
        return refused.shortages


@settings(max_examples=60)
@given(seeds, pools, rules, st.data())
def test_the_next_in_order_keeps_the_rules_too(seed, pool, rules, data):
    panel = outcome(seed, pool, rules)
    if not isinstance(panel, Panel):
        return
    gone = {data.draw(st.sampled_from(panel.members))}
    standing = set(panel.members) - gone
    following = successor(seed, pool, rules, standing, gone)
    kept = members_of(tuple(standing), pool)
    others = [one for one in pool if one.id not in panel.members]
    if following is None:
        assert not any(keeps([*kept, one], rules) for one in others)
    else:
        assert following in others
        assert keeps([*kept, following], rules)
        chair = chair_of(seed, pool, standing | {following.id}, panel.chair)
        assert next(one for one in pool if one.id == chair).may_chair
        assert chair == panel.chair or panel.chair in gone


def test_the_order_is_pinned_for_ever():
    pool = [Candidate(f"expert-{n}", education=True, may_chair=n == 3) for n in range(5)]
    assert [one.id[-1] for one in in_order("2026-1", pool)] == list(PINNED)


PINNED = "34012"


@pytest.mark.parametrize(
    ("pool", "wrong"),
    [
        ([], {TOO_FEW, TOO_FEW_OF_EDUCATION, TOO_FEW_OF_FIELD, NO_CHAIR}),
        ([(True, "", True)] * 5, {TOO_FEW_OF_FIELD}),
        ([(False, FIELDS[0], True)] * 5, {TOO_FEW_OF_EDUCATION}),
        ([(True, "", False)] * 3 + [(False, FIELDS[0], False)] * 2, {NO_CHAIR}),
        ([(True, "", True)] * 3 + [(False, FIELDS[1], True)] * 2, {TOO_FEW_OF_FIELD}),
    ],
    ids=["empty", "no field", "no education", "no chair", "another field"],
)
def test_a_refusal_names_the_rule(pool, wrong):
    candidates = [Candidate(str(n), one[0], frozenset({one[1]}), one[2]) for n, one in enumerate(pool)]
    with pytest.raises(CannotBeDrawn) as refused:
        draw("1", candidates, Rules(5, 3, 1, (frozenset({FIELDS[0]}),)))
    assert {one.sentence for one in refused.value.shortages} == wrong


def test_rules_that_hold_alone_but_not_together():
    wanted = tuple(frozenset({one}) for one in FIELDS)
    pool = [Candidate(f"e{n}", education=True, may_chair=True) for n in range(3)]
    pool += [Candidate(f"f{n}", education=False, fields=frozenset({FIELDS[n]})) for n in range(3)]
    with pytest.raises(CannotBeDrawn) as refused:
        draw("1", pool, Rules(5, 3, 1, wanted))
    assert [one.sentence for one in refused.value.shortages] == [NOT_TOGETHER]
    assert draw("1", pool, Rules(5, 2, 1, wanted)).chair in {"e0", "e1", "e2"}


@pytest.mark.parametrize(("size", "share", "least"), [(5, 50, 3), (7, 50, 4), (3, 100, 3), (5, 0, 0), (7, 33.3, 3)])
def test_the_share_of_continuing_education_is_rounded_up(size, share, least):
    rules = rules_of(Policy(panel_size=size, continuing_education_share=share), [["new-energy"], ["new-energy"], []])
    assert (rules.size, rules.education, rules.wanted) == (size, least, (frozenset({"new-energy"}),))


def test_a_large_pool_is_drawn_at_once():
    pool = [
        Candidate(f"x{n:03}", n % 2 == 0, frozenset({FIELDS[n % 3], FIELDS[(n // 3) % 3]}), n % 7 == 0)
        for n in range(300)
    ]
    rules = Rules(49, 25, 3, tuple(frozenset({one}) for one in FIELDS))
    assert keeps(members_of(draw("large", pool, rules).members, pool), rules)
    assert can_complete([], pool, rules)
