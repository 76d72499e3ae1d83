"""The printed application says what was filled in, all of it, literally, and the same thing every time."""

import io
import subprocess

import pikepdf
import pytest

from casework.applications import attach, detach
from casework.cases import of_application, submissions_of
from casework.printing import DRAFT, printed, printed_submission
from core.db import reading, transaction
from core.i18n import speaking
from models.application import Application, Submission
from regulation.form.definition import FORM
from regulation.form.example import example
from regulation.form.field import Kind
from regulation.form.place import answers, is_empty
from regulation.form.reading import cleaned
from regulation.form.showing import words
from tests import cast
from tests.factories import a_pdf
from tests.stories.telling import Story, an_application
from tests.unit.core.test_typesetting import HOSTILE, squeezed, tool

LONG = "第一段，说明培养培训专业技术人员的经验。\n\n第二段，“引号”与《书名》。"


@pytest.fixture
def story(database):
    del database
    with transaction() as session:
        return Story(an_application(session))


@pytest.fixture
def text_of(tmp_path):
    def read(pdf, page=0):
        path = tmp_path / "form.pdf"
        path.write_bytes(pdf)
        pages = ["-f", str(page), "-l", str(page)] if page else []
        done = subprocess.run([tool("pdftotext"), "-raw", *pages, path, "-"], capture_output=True, check=True)
        return squeezed(done.stdout.decode())

    return read


def draft_of(story, **changes):
    """Return the draft on paper after some answers were changed."""
    with transaction() as session:
        draft = session.get_one(Application, story.application_id)
        draft.content = draft.content | cleaned(changes)
    with reading() as session:
        return printed(session, session.get_one(Application, story.application_id))


def filed_of(story):
    with reading() as session:
        case = of_application(session, story.application_id)
        filed = submissions_of(session, case)[0]
        return printed_submission(session, case, filed), case, filed


def said(content):
    """Return every answer in words, as it must stand on the paper."""
    for place, answer in answers(content):
        if not is_empty(answer) and place.field.kind is not Kind.FLAG:
            yield place.path, squeezed(words(place.field, answer))


def test_every_answer_is_on_the_paper(story, text_of):
    text = text_of(draft_of(story, introduction=LONG))
    content = example("江汉示例职业技术学院", credit_code="12420000000000019Q") | {"introduction": LONG}
    found = list(said(content))
    assert len(found) > 300
    for path, answer in found:
        assert answer in text, path
    for part in FORM:
        assert squeezed(f"{part.number}、{part.title}") in text
    assert "80.00万元/年" in text
    assert "十四、推荐单位意见" in text


def test_every_cell_of_many_rows_is_on_the_paper(story, text_of):
    teachers = [example()["teachers"][0] | {"name": f"示例教师{n:03}", "hours": 1000 + n} for n in range(200)]
    text = text_of(draft_of(story, teachers=teachers))
    assert all(f"示例教师{n:03}" in text and f"1,{n:03}" in text for n in range(200))


def test_what_people_wrote_is_never_markup(story, text_of):
    rows = [example()["teachers"][0] | {"achievements": words_of} for words_of in HOSTILE]
    text = text_of(draft_of(story, introduction="\n".join(HOSTILE), teachers=rows, base_name=HOSTILE[3]))
    for words_of in HOSTILE:
        assert text.count(squeezed(words_of)) >= 2, words_of


def test_a_character_that_no_font_has_is_named_in_its_place(story, text_of):
    text = text_of(draft_of(story, introduction="𠮷祥示例"))
    assert "〔U+20BB7〕祥示例" in text


def test_a_draft_says_on_every_page_that_it_is_one(story, text_of):
    paper = draft_of(story)
    assert paper == draft_of(story)
    pages = len(pikepdf.open(io.BytesIO(paper)).pages)
    assert pages >= 10
    assert all(DRAFT in text_of(paper, page) for page in range(1, pages + 1))
    assert "次提交" not in text_of(paper)


def test_what_was_filed_carries_its_number_and_its_checksum_on_every_page(story, text_of):
    story.submits()
    paper, case, filed = filed_of(story)
    text = text_of(paper)
    assert DRAFT not in text
    assert text.count(filed.sha256) == text.count("第1次提交") >= 10
    assert case.reference in text
    assert "申报单位已在系统中作出上述承诺" in text
    assert all(one["sha256"] in text and one["filename"] in text for one in filed.documents)
    assert f"共{text.count('第1次提交')}页" in text


def test_the_same_submission_gives_the_same_bytes_whatever_the_reader_speaks(story):
    story.submits()
    paper, _, _ = filed_of(story)
    with speaking("en"):
        assert filed_of(story)[0] == paper
    with reading() as session:
        assert printed(session, session.get_one(Application, story.application_id)) == paper


def test_what_was_filed_before_the_form_grew_is_printed(story, text_of):
    story.submits()
    _, case, filed = filed_of(story)
    old = {"unit_name": "江汉示例职业技术学院", "managers": example()["managers"], "promise": True}
    with reading() as session:
        before = Submission(number=1, content=old, documents=[], sha256=filed.sha256, submitted_at=filed.submitted_at)
        text = text_of(printed_submission(session, case, before))
    assert "五、管理制度建设管理制度—" in text
    assert "（未上传附件）" in text
    assert "孙示例" in text


def test_a_draft_lists_the_papers_that_are_there_now(story, text_of):
    with transaction() as session:
        by = cast.person(cast.APPLICANT, session)
        detach(session, story.application_id, "other_papers", by=by)
        attach(session, story.application_id, "funds_audit", ("审计 #1.pdf", a_pdf()), by=by)
    text = text_of(draft_of(story))
    assert "other_papers.pdf" not in text
    assert "审计#1.pdf" in text
