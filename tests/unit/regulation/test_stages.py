import pytest

from regulation.definition import BY_KEY, STAGES, stage
from regulation.outcomes import ENDINGS, Outcome


def test_the_six_stages_in_the_order_of_the_regulation():
    assert [one.key for one in STAGES] == [
        "submission",
        "local-review",
        "expert-review",
        "site-inspection",
        "certification",
        "publication",
    ]
    assert len(BY_KEY) == len({one.title for one in STAGES}) == len({one.awaiting for one in STAGES}) == 6


@pytest.mark.parametrize("one", STAGES, ids=lambda one: one.key)
def test_a_stage_says_where_it_comes_from_and_what_may_be_concluded(one):
    assert one.source.startswith("Art. ")
    assert one.awaiting.startswith("Awaiting ")
    assert Outcome.APPROVED in one.outcomes
    assert not {Outcome.WITHDRAWN, Outcome.LAPSED} & set(one.outcomes)


def test_the_file_goes_back_from_three_stages():
    assert [one.key for one in STAGES if one.returnable] == ["local-review", "expert-review", "site-inspection"]


def test_words_of_the_paper_come_before_the_general_word():
    assert stage("local-review").words_for(Outcome.APPROVED) == "同意推荐"
    assert stage("local-review").words_for(Outcome.WITHDRAWN) == Outcome.WITHDRAWN.title


def test_every_outcome_has_its_word_and_the_endings_end():
    assert all(outcome.title for outcome in Outcome)
    assert {Outcome.APPROVED, Outcome.RETURNED}.isdisjoint(ENDINGS)
    assert len(ENDINGS) == 3


def test_an_unknown_stage_is_none():
    with pytest.raises(KeyError):
        stage("nowhere")
