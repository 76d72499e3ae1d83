"""The pages of those who act on a case, in English: every text has its translation, and nothing Chinese is left."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.i18n import LOCALES, catalogue
from pages import case
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.unit.pages.reviewing import at_the_door, duty_of, filed, form_on, quiet_bells, reference, through

HERE = Path(case.__file__).parent
ROOMS = {"case": "pages-case.po", "reviewer": "pages-reviewer.po"}
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


def texts_of(room):
    calls = [
        node
        for path in HERE.glob(f"{room}*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"marked", "gettext"}
    ]
    said = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    for path in HERE.glob(f"templates/{room}/*.html"):
        said |= {found[2] for found in re.finditer(r"\b_\((['\"])(.*?)\1[,)]", path.read_text())}
    return said


def test_every_text_has_its_english_with_the_same_placeholders():
    english, said = catalogue("en"), {room: texts_of(room) for room in ROOMS}
    everything = set().union(*said.values())
    assert [text for text in everything if not english.get(text)] == []
    for name in ROOMS.values():
        with (LOCALES / "en" / name).open("rb") as file:
            ours = {message.id: message.string for message in read_po(file) if message.id}
        assert set(ours) <= everything, "nobody says it any more"
        for text, told in ours.items():
            assert set(re.findall(r"{(\w+)}", told)) == set(re.findall(r"{(\w+)}", text)), text
            assert not re.search(r"[，。；：、]", told), told


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
