import pytest

from regulation.definition import BY_KEY, STAGES, stage, stages_under
from regulation.outcomes import ENDINGS, Outcome
from regulation.policy import Policy


def test_the_stages_in_the_order_of_the_regulation():
    assert [one.key for one in STAGES] == [
        "submission",
        "local-review",
        "acceptance",
        "expert-review",
        "site-inspection",
        "certification",
        "publicity",
        "publication",
    ]
    assert len(BY_KEY) == len({one.title for one in STAGES}) == len({one.awaiting for one in STAGES}) == len(STAGES)


def test_a_call_may_do_without_acceptance_and_publicity_and_visit_first():
    short = stages_under(Policy(acceptance_days=0, publicity_days=0, visit_first=1))
    assert [one.key for one in short] == [
        "submission",
        "local-review",
        "site-inspection",
        "expert-review",
        "certification",
        "publication",
    ]
    assert stages_under(Policy()) == list(STAGES)


@pytest.mark.parametrize("one", STAGES, ids=lambda one: one.key)
def test_a_stage_says_where_it_comes_from_and_what_may_be_concluded(one):
    assert one.source.startswith("Art. ") or one.source.endswith("(model)")
    assert one.awaiting.startswith("Awaiting ")
    assert Outcome.APPROVED in one.outcomes
    assert not {Outcome.WITHDRAWN, Outcome.LAPSED} & set(one.outcomes)


def test_where_the_file_can_go_back_from():
    returnable = [one.key for one in STAGES if one.returnable]
    assert returnable == ["local-review", "acceptance", "expert-review", "site-inspection"]


def test_words_of_the_paper_come_before_the_general_word():
    assert stage("local-review").words_for(Outcome.APPROVED) == "同意推荐"
    assert stage("local-review").words_for(Outcome.WITHDRAWN) == Outcome.WITHDRAWN.title


def test_every_outcome_has_its_word_and_the_endings_end():
    assert all(outcome.title for outcome in Outcome)
    assert {Outcome.APPROVED, Outcome.RETURNED, Outcome.UNDONE}.isdisjoint(ENDINGS)
    assert len(ENDINGS) == 3


def test_an_unknown_stage_is_none():
    with pytest.raises(KeyError):
        stage("nowhere")
