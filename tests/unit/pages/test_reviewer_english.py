"""The pages of those who act on a case, in English: nothing Chinese is left but what people wrote."""

import re

import pytest

from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.unit.pages.reviewing import at_the_door, duty_of, filed, form_on, quiet_bells, reference, through

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
WRITTEN = (
    "h1",
    'div class="timeline-detail"',
    'div class="letter-text"',
    "dd",
    'td data-label="Declared"',
    'td data-label="Found"',
)
"""The elements that hold what people wrote."""


@pytest.fixture
def story(database):
    del database
    with quiet_bells():
        yield filed()


def chinese_in(page):
    """What is Chinese on a page below its head, besides what people wrote."""
    below = page.text[page.text.index('<nav class="crumbs"') : page.text.index('<footer class="foot"')]
    for kind in WRITTEN:
        below = re.sub(rf"<{kind}[^>]*>.*?</{kind.split()[0]}>", "", below, flags=re.DOTALL)
    return CHINESE.findall(re.sub(r"<[^>]+>", " ", below))


@pytest.mark.parametrize("email", [cast.OFFICE, cast.OPERATOR, cast.APPLICANT])
def test_nothing_but_what_people_wrote_is_chinese(story, email):
    through(story, "certification")
    page = at_the_door(email, **{"Accept-Language": "en"}).get(f"/cases/{reference(story)}")
    written = {"江汉示例职业技术学院", "武汉市人力资源和社会保障局"}
    assert {one for one in chinese_in(page) if "示例" not in one} - written == set()


def test_the_words_of_the_house_are_english(story):
    story.recommends(Outcome.RETURNED)
    story.corrects(website="https://www.example.org")
    through(story, "reviews")
    english = {"Accept-Language": "en"}
    expert = at_the_door(cast.EXPERTS[0], **english)
    form_on(expert, duty_of(story, Duty.REVIEW, cast.EXPERTS[0]))
    for said in (
        "What the correction changed",
        "Corrections asked for before",
        "Experts review independently",
        "Submit",
    ):
        assert said in expert.page.text
    page = expert.submit(expert.form(duty_of(story, Duty.REVIEW, cast.EXPERTS[0])), {"score": "many"})
    assert "Choose a recommendation." in page.text
    office = at_the_door(cast.OFFICE, **english).get(f"/cases/{reference(story)}")
    for said in ("Runs of the flow", "Local review: Returned for correction", "Waits for: Expert review", "Round 2"):
        assert said in office.text
    assert "the most urgent first" in expert.get("/inbox").text
    assert "There is no such thing" in expert.get("/duties/none").text
