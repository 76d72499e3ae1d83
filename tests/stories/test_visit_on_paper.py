"""The record of a visit on paper: what it says, and that the same record gives the same bytes."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from casework.inspections import inspect
from casework.visits.lines import SeenLine
from casework.visits.on_paper import visit_record
from casework.visits.photos import add_photo
from casework.visits.signing import Signing
from core.db import reading, transaction
from core.errors import NotFound
from models.case import Case
from models.judgement import Inspection
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.photos import a_photo
from tests.stories.telling import Story, conclusion
from tests.stories.visiting import LEADER, a_visit

Opened = Callable[[str], Story]


@pytest.fixture
def story(opened_at: Opened) -> Story:
    """A visit with a difference, a photo and a signature on paper."""
    story = opened_at("site inspection")
    with transaction() as session:
        leader, second = (cast.person(email, session) for email in cast.INSPECTORS)
        duty = story.duty(Duty.INSPECT, LEADER).id
        add_photo(session, duty, "classrooms", ("一号教室.jpg", a_photo(10)), by=leader)
        visit = a_visit(
            SeenLine("classrooms", "", matches=True),
            SeenLine("books", "20,000", matches=False, note="旧书已剔除。"),
            signing=Signing("示例代表", [second.id], ("签名页.pdf", a_pdf())),
        )
        inspect(session, duty, visit, conclusion(Outcome.APPROVED), by=leader)
    story.turn()
    return story


def paper(story: Story, number: int = 1) -> bytes:
    with reading() as session:
        return visit_record(session, session.get_one(Case, story.case_id), number)


def text_of(pdf: bytes, folder: Path) -> str:
    """Return the words of a PDF without white space."""
    reader = shutil.which("pdftotext") or pytest.skip("pdftotext is not installed")
    (folder / "record.pdf").write_bytes(pdf)
    done = subprocess.run([reader, "-raw", folder / "record.pdf", "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_it_says_everything_that_was_recorded(story: Story, tmp_path: Path) -> None:
    said = text_of(paper(story), tmp_path)
    with reading() as session:
        visit = session.exec(select(Inspection)).one()
    for words in (
        "实地考察记录", "江汉示例职业技术学院", "示例代表", "固定教室数", "24间", "20,000册", "相差44.4%",
        "超出规定幅度", "旧书已剔除。", "一号教室.jpg", visit.photos[0]["sha256"], "2026-09-1410:12:00", "何考察示例",
        "组长", "系统账号确认", "马考察示例", "纸质签名", visit.sha256, visit.scan_sha256, "符合规定条件。",
        "2026年9月14日",
    ):  # fmt: skip
        assert words in said, words


def test_the_same_record_gives_the_same_bytes(story: Story) -> None:
    assert paper(story) == paper(story)


def test_there_is_none_before_the_record_is_filed(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    with pytest.raises(NotFound):
        paper(story)
    story.inspect()
    with pytest.raises(NotFound):
        paper(story, 2)
