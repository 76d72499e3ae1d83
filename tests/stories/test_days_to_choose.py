"""While days are offered for the visit and none is agreed, the sentence of whose turn it is says so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import Traveller

from casework.turn_words import turn_sentence
from casework.turns import turns_of
from core.db import reading
from core.errors import Invalid
from models.case import Case
from tests import cast
from tests.stories.telling import Story
from tests.stories.visiting import accepts, declines, in_days, offers

Opened = Callable[[str], Story]


@pytest.fixture
def story(opened_at: Opened) -> Story:
    return opened_at("site inspection")


def said(story: Story, *, softened: bool) -> str:
    with reading() as session:
        case = session.get_one(Case, story.case_id)
        viewer = cast.person(cast.APPLICANT if softened else cast.OFFICE, session)
        return turn_sentence(case, turns_of(session, case, viewer), softened=softened)


def test_from_the_offer_to_the_agreement(story: Story) -> None:
    assert story.case_id
    assert said(story, softened=True).startswith("考察组正在进行实地考察，预计")
    offers(story.case_id, in_days(3, 5))
    assert said(story, softened=True) == "请选择考察日期，9月18日 前答复。"
    assert said(story, softened=False).startswith("现在由何考察示例、马考察示例办理“实地考察”，自 9月14日 起，")
    assert said(story, softened=False).endswith("；已提供考察日期，待申报单位于 9月18日 前选择。")
    accepts(story.case_id, in_days(3)[0])
    assert said(story, softened=True).startswith("考察组正在进行实地考察，预计")
    assert "选择" not in said(story, softened=False)


def test_a_refused_offer_is_the_teams_turn_again(story: Story) -> None:
    assert story.case_id
    offers(story.case_id, in_days(3, 5))
    declines(story.case_id, "当周全省统考。")
    assert "选择" not in said(story, softened=True)


def test_days_that_have_passed_cannot_be_chosen_any_more(story: Story, clock: Traveller) -> None:
    assert story.case_id
    offers(story.case_id, (days := in_days(3, 5)))
    clock.shift(timedelta(days=4))
    assert said(story, softened=True) == "请选择考察日期，9月18日 前答复。"
    with pytest.raises(Invalid):
        accepts(story.case_id, days[0])
    clock.shift(timedelta(days=1))
    assert "选择" not in said(story, softened=True)
