"""受理: the office accepts, asks once for everything, or refuses; its silence accepts; the notice says what came in."""

import subprocess
from pathlib import Path

import pytest
from sqlmodel import select
from time_machine import Traveller

from casework.recommending.notices import notice_of, pdf
from casework.recommending.sheets import examinations_of
from core.db import reading
from core.errors import Invalid
from models.application import Submission
from models.judgement import Decision
from models.message import Message
from models.recommendation import AcceptanceNotice
from regulation.checks import ACCEPTING
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tests import cast
from tests.stories.recommending import FULL, noon, reference
from tests.stories.record import inbox, the_case
from tests.stories.telling import Story, answered
from tests.unit.core.test_typesetting import squeezed, tool


def at_the_check(story: Story, **rules: float) -> Story:
    """Take the story to the office's check of the form."""
    story.under(**FULL | rules)
    story.submits()
    assert story.recommends() == "Awaiting acceptance"
    return story


def text_of(notice: AcceptanceNotice, folder: Path) -> str:
    path = folder / "notice.pdf"
    path.write_bytes(pdf(notice))
    done = subprocess.run([tool("pdftotext"), "-raw", path, "-"], capture_output=True, check=True)
    return squeezed(done.stdout.decode())


def the_notice(story: Story) -> AcceptanceNotice:
    with reading() as session:
        notice = notice_of(session, story.case_id)
    assert notice
    return notice


def letters(kind: str) -> list[Message]:
    with reading() as session:
        return list(session.exec(select(Message).where(Message.letter == kind)))


def test_accepted_with_a_dated_notice_of_everything_received(story: Story, tmp_path: Path) -> None:
    at_the_check(story)
    assert inbox(cast.OFFICE) == ["check-form"]
    assert story.accepts() == "Awaiting expert review"
    notice = the_notice(story)
    assert notice.number == "鄂继教受〔2026〕0001号"
    with reading() as session:
        filed = session.get_one(Submission, notice.submission_id)
        [_, (at, kept, _, _)] = examinations_of(session, story.case_id)
    said = text_of(notice, tmp_path)
    expected = [
        notice.number,
        "受理通知书",
        reference(story),
        filed.sha256,
        "2026年9月14日",
        "周敏示例",
        "此件需加盖公章",
    ]
    assert [words for words in expected if squeezed(words) not in said] == []
    assert [paper["sha256"] for paper in filed.documents if paper["sha256"] not in said] == []
    assert at.stage == "acceptance"
    assert [one["item"] for one in kept.items] == [item.key for item in ACCEPTING]
    [letter] = letters("accepted")
    assert letter.facts["number"] == notice.number


def test_the_office_answers_every_point_before_it_accepts(story: Story) -> None:
    at_the_check(story)
    with pytest.raises(Invalid) as refused:
        story.decides(cast.OFFICE, Duty.CHECK_FORM, Outcome.APPROVED)
    assert {fault.field for fault in refused.value.faults} == {f"checks.{item.key}" for item in ACCEPTING}
    with pytest.raises(Invalid) as unmet:
        story.decides(cast.OFFICE, Duty.CHECK_FORM, Outcome.APPROVED, answered(ACCEPTING, Outcome.REFUSED))
    assert [fault.field for fault in unmet.value.faults] == ["outcome"]


def test_asked_once_and_no_second_time(story: Story) -> None:
    at_the_check(story)
    assert story.accepts(Outcome.RETURNED) == "Awaiting correction"
    [asked] = letters("returned")
    assert asked.facts["corrections"] == ["补充近三年培训名册。", "更正专职师资人数。"]
    with reading() as session:
        assert notice_of(session, story.case_id) is None
    assert story.corrects(website="https://example.com/xin") == "Awaiting acceptance"
    with pytest.raises(Invalid) as refused:
        story.accepts(Outcome.RETURNED)
    assert [fault.field for fault in refused.value.faults] == ["outcome"]
    assert story.accepts() == "Awaiting expert review"
    with reading() as session:
        filed = session.get_one(Submission, the_notice(story).submission_id)
    assert filed.number == 2


def test_not_accepted_with_the_reasons_and_the_remedy(story: Story, tmp_path: Path) -> None:
    at_the_check(story)
    assert story.accepts(Outcome.REFUSED) == "Refused"
    notice = the_notice(story)
    assert notice.number == "鄂继教不受〔2026〕0001号"
    said = text_of(notice, tmp_path)
    expected = ["不予受理通知书", "材料与规定条件不符。", "六十日内", "行政复议"]
    assert [words for words in expected if words not in said] == []
    assert letters("accepted") == []
    assert the_case().outcome is Outcome.REFUSED


def test_silence_accepts_on_the_day_after_the_last_and_not_before(
    story: Story, clock: Traveller, tmp_path: Path
) -> None:
    at_the_check(story)
    last = story.duty(Duty.CHECK_FORM).due_on
    assert (last.month, last.day) == (9, 20), "five working days after the 14th, a make-up Sunday among them"
    clock.move_to(noon(9, 20))
    assert story.time_passes() == "Awaiting acceptance"
    clock.move_to(noon(9, 21))
    assert story.time_passes() == "Awaiting expert review"
    with reading() as session:
        decision = session.exec(select(Decision).where(Decision.stage == "acceptance")).one()
    assert (decision.outcome, decision.by_system, decision.reasons) == (
        Outcome.APPROVED, True, "逾期未告知，视为受理。",
    )  # fmt: skip
    assert "视为受理" in text_of(the_notice(story), tmp_path)
    assert letters("overdue") == []
    assert len(letters("accepted")) == 1


def test_silence_says_nothing_where_the_call_has_it_so(story: Story, clock: Traveller) -> None:
    at_the_check(story, silence_accepts=0)
    clock.move_to(noon(9, 21))
    assert story.time_passes() == "Awaiting acceptance"
    clock.move_to(noon(9, 30))
    assert story.time_passes() == "Awaiting acceptance"
    assert story.duty(Duty.CHECK_FORM).escalated_at


def test_a_day_that_may_yet_move_accepts_nothing(story: Story, clock: Traveller) -> None:
    story.under(**FULL)
    story.submits()
    clock.move_to(noon(12, 29))
    assert story.recommends() == "Awaiting acceptance"
    assert story.duty(Duty.CHECK_FORM).provisional
    clock.move_to(noon(12, 29).replace(year=2027, month=1, day=20))
    assert story.time_passes() == "Awaiting acceptance"
    assert story.duty(Duty.CHECK_FORM).escalated_at


def test_what_no_font_can_show_is_named_and_stalls_nothing(story: Story, tmp_path: Path) -> None:
    at_the_check(story)
    story.accepts(Outcome.RETURNED)
    story.corrects(base_name="江汉\U0001f600继续教育基地")
    assert story.accepts() == "Awaiting expert review"
    assert "U+1F600" in text_of(the_notice(story), tmp_path)


def test_the_notices_of_a_year_are_numbered_without_a_gap(story: Story) -> None:
    at_the_check(story)
    story.accepts(Outcome.REFUSED)
    with reading() as session:
        kept = session.exec(select(AcceptanceNotice)).all()
    story.turn()
    with reading() as session:
        assert session.exec(select(AcceptanceNotice)).all() == kept
    assert [one.number for one in kept] == ["鄂继教不受〔2026〕0001号"]
