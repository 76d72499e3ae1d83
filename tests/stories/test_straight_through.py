"""Certified straight through: everybody approves."""

from collections.abc import Callable

from sqlmodel import select

from casework.journal import timeline_of
from core.db import reading
from models.case import Case
from models.certificate import Certificate, RegisterEntry
from models.message import Message
from regulation.form.example import example
from regulation.outcomes import Outcome
from tests import cast
from tests.stories.record import inbox
from tests.stories.telling import Story


def test_from_submission_to_publication(story: Story) -> None:
    assert story.submits() == "Awaiting local review"
    assert inbox(cast.RECOMMENDER) == ["recommend"]
    assert story.recommends() == "Awaiting expert review"
    assert inbox(cast.OFFICE) == ["assemble-panel"]
    assert story.assembles_panel() == "Awaiting expert review"
    assert inbox(cast.CHAIR) == inbox(cast.EXPERTS[0]) == ["review"]
    assert story.review((90, 85, 88)) == "Awaiting expert review"
    assert inbox(cast.CHAIR) == ["conclude"]
    assert story.concludes() == "Awaiting site inspection"
    assert story.assembles_team() == "Awaiting site inspection"
    assert inbox(cast.INSPECTORS[0]) == inbox(cast.INSPECTORS[1]) == ["inspect"]
    assert story.inspect() == "Awaiting certification"
    assert inbox(cast.INSPECTORS[1]) == []
    assert inbox(cast.DECIDER) == ["certify"]
    assert story.certifies() == "Certified"
    with reading() as session:
        case = session.get_one(Case, story.case_id)
        certificate = session.exec(select(Certificate)).one()
        assert case.outcome is Outcome.APPROVED
        assert case.stage == "publication"
        assert certificate.number.endswith("0001号")
        entry = session.exec(select(RegisterEntry)).one()
        assert entry.certificate_id == certificate.id
        assert (entry.area_code, entry.fields.split()) == ("420100", example()["domains"])
        assert [e.act for e, _, _ in timeline_of(session, case.id)][-3:] == [
            "certificate-issued",
            "published",
            "case-closed",
        ]


def test_everyone_concerned_gets_one_letter(opened_at: Callable[[str], Story]) -> None:
    opened_at("certified")
    with reading() as session:
        letters = sorted((m.letter, m.recipient) for m in session.exec(select(Message)))
    assert letters == sorted(
        [
            ("receipt", "林晓示例"),
            ("assignment", "王芳示例"),
            ("assignment", "周敏示例"),
            ("assignment", "黄主任示例"),
            ("assignment", "赵教授示例"),
            ("assignment", "钱教授示例"),
            ("assignment", "黄主任示例"),
            ("assignment", "周敏示例"),
            ("assignment", "何考察示例"),
            ("assignment", "马考察示例"),
            ("assignment", "陈国示例"),
            ("certified", "林晓示例"),
        ]
    )
