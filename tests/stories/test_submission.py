"""Filing: in the call's window by the server's clock, complete, on the newest draft, once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select
from time_machine import Traveller

from casework.applications import documents_of, is_editable, save
from casework.applications import own as own_application
from casework.submissions import submit
from core.clock import HUBEI
from core.db import reading, transaction
from core.errors import AlreadyDecided, CallClosed, Invalid, NotFound, StageClosed, Stale
from models.application import Application, Call, Submission
from models.case import Case
from regulation.form.definition import ATTACHMENTS
from regulation.form.example import example
from regulation.outcomes import Outcome
from tests import cast
from tests.stories.book import CLOSES
from tests.stories.telling import Story

Opened = Callable[[str], Story]


def files(story: Story, version: int | None = None, by: str = cast.APPLICANT) -> Case:
    with transaction() as session:
        return submit(session, story.application_id, version, by=cast.person(by, session))


def saves(story: Story, version: int | None, **content: object) -> Application:
    with transaction() as session:
        return save(session, story.application_id, content, version, by=cast.person(cast.APPLICANT, session))


def nothing_is_filed() -> bool:
    with reading() as session:
        return not session.exec(select(Submission)).all() and not session.exec(select(Case)).all()


def test_the_last_second_of_the_call_counts(story: Story, clock: Traveller) -> None:
    clock.move_to(CLOSES - timedelta(seconds=1), tick=False)
    assert story.submits() == "Awaiting local review"


def test_a_call_that_has_closed_takes_no_submission_and_the_draft_is_kept(story: Story, clock: Traveller) -> None:
    clock.move_to(CLOSES, tick=False)
    with pytest.raises(CallClosed, match="2026-09-01 09:00至2026-10-31 09:00（北京时间）"):
        story.submits()
    with pytest.raises(CallClosed):
        saves(story, None, website="https://www.example.org")
    assert nothing_is_filed()
    with reading() as session:
        draft = session.get_one(Application, story.application_id)
    assert draft.content["website"] == "https://www.example.com"


def test_a_call_that_has_not_opened_yet(story: Story, clock: Traveller) -> None:
    with reading() as session:
        opens = session.exec(select(Call.opens_at)).one()
    clock.move_to(opens - timedelta(microseconds=1), tick=False)
    with pytest.raises(CallClosed):
        story.submits()


def test_a_correction_may_come_after_the_call_has_closed(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("local review")
    clock.move_to(CLOSES + timedelta(days=1))
    story.recommends(Outcome.RETURNED)
    assert story.corrects() == "Awaiting local review"


def test_everything_that_is_missing_or_wrong_is_told_at_once(story: Story) -> None:
    with transaction() as session:
        draft = session.get_one(Application, story.application_id)
        draft.content = {"credit_code": "12420100T000000280", "training_since": "不是年份"}
    with pytest.raises(Invalid) as refused:
        files(story)
    fields = {fault.field for fault in refused.value.faults}
    assert {"unit_name", "base_name", "credit_code", "training_since", "training_years", "promise"} <= fields
    assert nothing_is_filed()


def test_papers_that_are_missing_are_among_it(story: Story) -> None:
    with transaction() as session:
        for document in documents_of(session, story.application_id):
            document.removed_at = datetime(2026, 9, 14, tzinfo=UTC)
    with pytest.raises(Invalid) as refused:
        files(story)
    assert {fault.field for fault in refused.value.faults} == {f.key for f in ATTACHMENTS if f.required}


def test_what_was_not_seen_is_not_filed(story: Story) -> None:
    with reading() as session:
        seen = session.get_one(Application, story.application_id).version
    saves(story, seen, website="https://www.example.org")
    with pytest.raises(Stale):
        files(story, seen)
    assert nothing_is_filed()
    files(story, seen + 1)


def test_two_windows_that_change_the_same_field(story: Story) -> None:
    with reading() as session:
        seen = session.get_one(Application, story.application_id).version
    saves(story, seen, website="https://www.example.org")
    saves(story, seen, website="https://www.example.org", postcode="430000")
    with pytest.raises(Stale) as refused:
        saves(story, seen, website="https://www.example.net", postcode="430000")
    assert refused.value.changed == ["单位网址"]


def test_the_same_button_twice_while_the_engine_is_away(story: Story) -> None:
    files(story)
    with pytest.raises(AlreadyDecided, match="林晓示例于2026-09-14 09:05作出“已提交”"):
        files(story)
    with pytest.raises(AlreadyDecided):
        saves(story, None, website="https://www.example.org")
    with reading() as session:
        assert session.exec(select(Submission)).one().number == 1
        case = session.exec(select(Case)).one()
        assert not is_editable(session, session.get_one(Application, story.application_id), case)
        story.case_id = case.id


def test_a_correction_sent_twice_while_the_engine_is_away(opened_at: Opened) -> None:
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    with story.engine_away():
        story.corrects()
        with pytest.raises(AlreadyDecided):
            story.submits()
    assert story.turn() == "Awaiting local review"


def test_a_correction_that_nobody_asked_for(opened_at: Opened) -> None:
    story = opened_at("local review")
    with pytest.raises(StageClosed, match="正在审核中"):
        story.submits()
    with pytest.raises(StageClosed, match="审核期间不能修改"):
        saves(story, None, website="https://www.example.org")


def test_the_draft_of_another_institution(story: Story) -> None:
    for stranger in (cast.OTHER_APPLICANT, cast.OFFICE):
        with pytest.raises(NotFound):
            files(story, by=stranger)
        with pytest.raises(NotFound), reading() as session:
            own_application(session, story.application_id, cast.person(stranger, session))


@pytest.mark.parametrize(
    ("at", "reference"),
    [("2026-12-31 23:30", "JD-2026-0001"), ("2027-01-01 00:30", "JD-2027-0001")],
)
def test_the_reference_has_the_year_of_hubei(story: Story, clock: Traveller, at: str, reference: str) -> None:
    with transaction() as session:
        session.exec(select(Call)).one().closes_at = datetime(2027, 3, 1, tzinfo=UTC)
    clock.move_to(datetime.fromisoformat(at).replace(tzinfo=HUBEI))
    if reference.startswith("JD-2027"):
        saves(story, None, **{key: example()[key] for key in ("training_years", "training_classes")})
    assert files(story).reference == reference
