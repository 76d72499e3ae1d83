"""The record of a visit: the declared values line by line, photos, signatures; final once it is filed."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import select

from casework.decisions import Conclusion
from casework.inspections import Visit, content_of, inspect
from casework.visits.lines import SeenLine, lines_of
from casework.visits.photos import add_photo, photos_of_round, remove_photo
from casework.visits.signing import Signing, confirm, digest_of, keep_draft, signatures_of
from core.db import reading, transaction
from core.errors import AlreadyDecided, Conflict, Invalid, JidiError, NotAssigned, UnsupportedFile
from core.files import fetch
from models.judgement import Decision, Inspection
from models.visit import LineFinding, VisitPhoto
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.factories import a_pdf
from tests.photos import a_photo
from tests.stories.telling import Story
from tests.stories.visiting import LEADER, a_visit

Opened = Callable[[str], Story]
SECOND = cast.INSPECTORS[1]
YES = Conclusion(Outcome.APPROVED, "符合规定条件。")
SCAN = ("签名页.pdf", a_pdf())


@pytest.fixture
def story(opened_at: Opened) -> Story:
    return opened_at("site inspection")


@pytest.fixture
def signed_story(story: Story) -> Story:
    """A call that asks for two signatures."""
    story.under(visit_signatures=2)
    return story


def test_what_matches_was_found_as_declared_and_what_differs_is_reckoned(story: Story) -> None:
    files(story, a_visit(
        SeenLine("classrooms", "", matches=True),
        SeenLine("books", "33,000", matches=False),
        SeenLine("full_time_teachers", "２０", matches=False, note="6 人已离职。"),
        SeenLine("system_finance", "文件未见", matches=False),
    ))  # fmt: skip
    found = {one.line: one for one in recorded()}
    assert (found["classrooms"].declared, found["classrooms"].found, found["classrooms"].difference) == ("24", "24", 0)
    assert (found["books"].flagged, round(found["books"].difference or 0, 1)) == (False, 8.3)
    assert found["full_time_teachers"].flagged
    assert found["system_finance"].difference is None
    assert [one.number for one in recorded()] == [1, 2, 3, 4]
    assert story.turn() == "Awaiting certification"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (SeenLine("classrooms", "21", matches=False), "lines.classrooms.note"),
        (SeenLine("classrooms", "27", matches=True), "lines.classrooms.note"),
        (SeenLine("classrooms", "二十间", matches=False), "lines.classrooms"),
        (SeenLine("classrooms", "", matches=False, note="不一致"), "lines.classrooms"),
        (SeenLine("swimming_pools", "1", matches=True), "lines.swimming_pools"),
        (SeenLine("classrooms", "长" * 501, matches=False), "lines.classrooms"),
    ],
    ids=["too few unexplained", "too many unexplained", "no number", "nothing found", "not declared", "too long"],
)
def test_a_line_that_cannot_be_taken_takes_the_whole_record_with_it(story: Story, line: SeenLine, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        files(story, a_visit(SeenLine("books", "", matches=True), line))
    assert [fault.field for fault in refused.value.faults] == [field]
    with reading() as session:
        assert not session.exec(select(Inspection)).all()
        assert not session.exec(select(Decision).where(Decision.stage == "site-inspection")).all()


def test_how_much_may_differ_is_the_calls_rule(story: Story) -> None:
    story.under(difference_flag=20)
    files(story, a_visit(SeenLine("classrooms", "20", matches=False)))
    assert [one.flagged for one in recorded()] == [False]


def test_photos_are_kept_with_hash_time_and_place_and_frozen_in_the_record(story: Story) -> None:
    photo = photographs(story, "classrooms", a_photo(10))
    photographs(story, "", a_photo(20, kind="PNG"), by=SECOND)
    gone = photographs(story, "", a_photo(30))
    with transaction() as session:
        remove_photo(session, duty(story), gone.sha256, by=cast.person(LEADER, session))
    assert (photo.taken_at, photo.latitude, photo.longitude) == ("2026-09-14 10:12:00", 30.544722, 114.302222)
    assert fetch(photo.sha256) == a_photo(10)
    files(story, a_visit())
    with reading() as session:
        (inspection,) = session.exec(select(Inspection)).all()
    assert [(one["line"], one["kind"]) for one in inspection.photos] == [
        ("classrooms", "image/jpeg"),
        ("", "image/png"),
    ]
    with pytest.raises(AlreadyDecided):
        photographs(story, "", a_photo(40))


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>", b"%PDF-1.7", b"\xff\xd8\xff nothing",
     a_photo()[:300], a_photo()[:-40], a_photo(kind="PNG")[:-40], b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"],
    ids=["empty", "svg", "html", "pdf", "jpeg in name", "cut off", "its end missing", "png cut off", "gif"],
)  # fmt: skip
def test_only_photos_that_open_are_taken(story: Story, content: bytes) -> None:
    with pytest.raises(UnsupportedFile):
        photographs(story, "", content)


def test_the_same_photo_is_taken_once_and_only_by_the_team(story: Story) -> None:
    photographs(story, "", a_photo())
    with pytest.raises(Conflict):
        photographs(story, "books", a_photo(), by=SECOND)
    with pytest.raises(Invalid):
        photographs(story, "swimming_pools", a_photo(2))
    with pytest.raises(NotAssigned):
        photographs(story, "", a_photo(3), by=cast.OFFICE)


def test_two_sign_by_account_the_second_confirms_what_the_first_wrote(signed_story: Story) -> None:
    visit = a_visit(SeenLine("classrooms", "", matches=True))
    with pytest.raises(Invalid) as alone:
        files(signed_story, visit)
    assert [fault.field for fault in alone.value.faults] == ["on_paper"]
    sha256 = drafts(signed_story, visit)
    confirms(signed_story, sha256)
    confirms(signed_story, sha256)
    files(signed_story, visit)
    assert signatures(sha256) == [(SECOND, False), (LEADER, False)]
    assert signed_story.turn() == "Awaiting certification"


@pytest.mark.parametrize("change", ["a word", "a photo"])
def test_who_changes_the_record_afterwards_must_ask_again(signed_story: Story, change: str) -> None:
    visit = a_visit(SeenLine("classrooms", "", matches=True))
    sha256 = drafts(signed_story, visit)
    confirms(signed_story, sha256)
    if change == "a word":
        visit = a_visit(SeenLine("classrooms", "23", matches=False))
        drafts(signed_story, visit)
    else:
        photographs(signed_story, "", a_photo())
    with pytest.raises(Conflict):
        confirms(signed_story, sha256)
    with pytest.raises(Invalid):
        files(signed_story, visit)


def test_signed_on_paper_with_the_scan(signed_story: Story) -> None:
    team = [cast.person(email).id for email in cast.INSPECTORS]
    for signing in (
        Signing("示例代表", team),
        Signing("", team, SCAN),
        Signing("示例代表", [cast.person(cast.OFFICE).id], SCAN),
    ):
        with pytest.raises(Invalid):
            files(signed_story, a_visit(signing=signing))
    with pytest.raises(UnsupportedFile):
        files(signed_story, a_visit(signing=Signing("示例代表", team, ("签名页.pdf", b"no pdf"))))
    files(signed_story, a_visit(signing=Signing("示例代表", team, SCAN)))
    with reading() as session:
        (inspection,) = session.exec(select(Inspection)).all()
    assert (inspection.representative, inspection.scan_name) == ("示例代表", "签名页.pdf")
    assert fetch(inspection.scan_sha256) == SCAN[1]
    assert sorted(signatures(inspection.sha256)) == [(LEADER, False), (SECOND, True)]


def test_a_record_is_final(signed_story: Story) -> None:
    visit = a_visit()
    confirms(signed_story, drafts(signed_story, visit))
    files(signed_story, visit)
    for act in (
        lambda: files(signed_story, visit),
        lambda: drafts(signed_story, visit),
        lambda: confirms(signed_story, "0" * 64),
    ):
        with pytest.raises(AlreadyDecided):
            act()


def test_nobody_else_keeps_or_confirms_a_record(story: Story) -> None:
    for email in (cast.OFFICE, cast.APPLICANT, cast.DECIDER):
        with pytest.raises(JidiError) as refused, transaction() as session:
            keep_draft(session, duty(story), content_of(a_visit(), YES), by=cast.person(email, session))
        assert refused.value.status == 403


def files(story: Story, visit: Visit, by: str = LEADER) -> None:
    with transaction() as session:
        inspect(session, duty(story), visit, YES, by=cast.person(by, session))


def drafts(story: Story, visit: Visit, by: str = LEADER) -> str:
    with transaction() as session:
        draft = keep_draft(session, duty(story), content_of(visit, YES), by=cast.person(by, session))
        return digest_of(draft.content, photos_of_round(session, draft.stage_round_id))


def confirms(story: Story, sha256: str, by: str = SECOND) -> None:
    with transaction() as session:
        confirm(session, story.duty(Duty.INSPECT, by).id, sha256, by=cast.person(by, session))


def photographs(story: Story, line: str, content: bytes, by: str = LEADER) -> VisitPhoto:
    with transaction() as session:
        wanted = story.duty(Duty.INSPECT, by if by in cast.INSPECTORS else LEADER).id
        return add_photo(session, wanted, line, ("照片.jpg", content), by=cast.person(by, session))


def duty(story: Story) -> UUID:
    return story.duty(Duty.INSPECT, LEADER).id


def recorded() -> list[LineFinding]:
    with reading() as session:
        (inspection,) = session.exec(select(Inspection)).all()
        return lines_of(session, [inspection.id])[inspection.id]


def signatures(sha256: str) -> list[tuple[str, bool]]:
    with reading() as session:
        (inspection,) = session.exec(select(Inspection)).all()
        emails = {cast.person(email, session).id: email for email in cast.INSPECTORS}
        found = signatures_of(session, inspection.stage_round_id, sha256)
        return [(emails[one.user_id], one.on_paper) for one in found]
