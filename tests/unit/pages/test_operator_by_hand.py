"""Parts of steps done by hand, on pages: an operator proposes, a decider finds and confirms it, nobody else gets in."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from core.db import reading
from models.case import Case
from tests import cast
from tests.stories.standing_still import a_stalled_refusal
from tests.stories.telling import Story
from tests.unit.pages.visitor import Visitor

ROOM = "/operator/by-hand"
REASON = "9 月 14 日电话告知王主任"


@pytest.fixture
def refused(database: str) -> Iterator[Story]:
    """Let a refusal stand still because the letter about it cannot be posted."""
    del database
    with a_stalled_refusal() as story:
        yield story


def room_of(story: Story) -> str:
    with reading() as session:
        return f"{ROOM}/cases/{session.get_one(Case, story.case_id).reference}"


def test_proposed_confirmed_and_used(refused: Story) -> None:
    operator, decider = Visitor().sign_in(cast.OPERATOR), Visitor().sign_in(cast.DECIDER)
    page = operator.get(room_of(refused))
    assert "告知函件" in page.text
    assert "须另一人确认" in page.text
    page = operator.submit(operator.form(room_of(refused)), {"part": "letters"})
    assert page.status_code == 422
    assert "请写明由何人" in page.text
    page = operator.submit(operator.form(room_of(refused)), {"part": "letters", "reason": REASON})
    assert "待另一人确认" in page.text
    assert ">确认<" not in page.text
    assert '人工办理 <span class="tally">1</span>' in decider.get("/").text
    page = decider.get(ROOM)
    assert REASON in page.text
    page = decider.submit(decider.form(with_value=("act", "confirm")))
    assert "已确认" in page.text
    assert refused.turn() == "Refused"
    assert "已采用" in operator.get(ROOM).text
    with reading() as session:
        reference = session.exec(select(Case.reference)).one()
    timeline = operator.get(f"/cases/{reference}").text
    for said in ("登记人工办理：告知函件", "确认人工办理：告知函件", "按人工办理登记继续：告知函件", REASON):
        assert said in timeline


def test_only_operators_and_deciders_come_in(refused: Story) -> None:
    for email in (cast.OFFICE, cast.AUDITOR, cast.APPLICANT):
        visitor = Visitor().sign_in(email)
        assert visitor.get(ROOM).status_code == 403
        assert visitor.get(room_of(refused)).status_code == 403
    assert Visitor().sign_in(cast.DECIDER).get(room_of(refused)).status_code == 403
    assert Visitor().sign_in(cast.OPERATOR).get(f"{ROOM}/cases/JD-1999-0001").status_code == 404
