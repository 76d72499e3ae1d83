"""A step that fails for a real cause: foretold, run again, honestly told; and parts of it done by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import col, select

from casework import by_hand
from casework.by_hand import Part, parts_of
from casework.cases import held
from casework.causes import failures
from casework.demonstration import PASSWORD
from casework.foresight import Plan
from casework.people import add_user
from casework.reruns import Result, Told, ask, kept_by, rerun_of
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotPermitted, Unavailable
from core.settings import settings
from flows.rehearsal import plans_of
from models.certificate import Certificate, RegisterEntry
from models.journal import JournalEntry
from models.message import Message
from models.operating import Rerun, StepWaiver
from models.organisation import Organisation
from notifications.rendering import render
from regulation.outcomes import Outcome
from regulation.roles import Role
from tests import cast
from tests.stories.record import the_case, the_runs
from tests.stories.standing_still import stalled
from tests.stories.telling import Story

Opened = Callable[[str], Story]
SECOND = cast.DECIDER


@contextmanager
def nowhere_to_write() -> Iterator[None]:
    """Let documents have no place: where their folder should be stands a file, as after a mount that went wrong."""
    files = settings().home / "files"
    aside = files.with_name("files-aside")
    there = files.exists()
    if there:
        files.rename(aside)
    files.parent.mkdir(parents=True, exist_ok=True)
    files.write_text("not a folder")
    try:
        yield
    finally:
        files.unlink()
        if there:
            aside.rename(files)


def plan_of(story: Story) -> Plan:
    assert story.case_id
    return plans_of([story.case_id])[story.case_id]


def asks_again(story: Story) -> Rerun:
    assert story.case_id
    with transaction() as session:
        return ask(session, plans_of([story.case_id]), by=cast.person(cast.OPERATOR, session))


def came_of(rerun: Rerun) -> Told:
    with reading() as session:
        return rerun_of(session, rerun.id)


def test_a_certificate_that_cannot_be_kept_is_issued_once_when_it_can(opened_at: Opened) -> None:
    story = opened_at("certification")
    with nowhere_to_write():
        with pytest.raises(Unavailable):
            story.certifies()
        assert [one.did for one in plan_of(story).steps] == ["issued", "published"]
        first = asks_again(story)
        with pytest.raises(Unavailable):
            story.turn()
        [again] = came_of(first).cases
        assert (again.result, again.did) == (Result.FAILED, [])
        assert "存储空间不足" in again.error
        with reading() as session:
            [failed] = failures(session)
        assert (failed.cause.step, failed.cause.kind, failed.attempt) == ("issue_certificate", "Unavailable", 2)
        assert failed.first_at < failed.last_at
    second = asks_again(story)
    assert came_of(second).cases[0].result is Result.RUNNING
    assert story.turn() == "Certified"
    [came] = came_of(second).cases
    assert came.result is Result.FINISHED
    assert came.as_foretold, "what was foretold is what ran"
    assert [did.partition(" ")[0] for did in came.did] == ["issued", "published"]
    with reading() as session:
        assert session.exec(select(Certificate)).one().number.endswith("0001号")
    assert came_of(first).cases[0].result is Result.FAILED, "what came of the first stays as it was"


def test_a_preview_tells_the_certificate_that_is_kept(opened_at: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    story = opened_at("certification")
    with monkeypatch.context() as broken:
        broken.setattr("tasks.accreditation.publish.act", no_register)
        with pytest.raises(OSError, match="register"):
            story.certifies()
    assert [one.did for one in plan_of(story).steps] == ["published"]
    with reading() as session:
        kept = kept_by(session, [the_case().id])[the_case().id]
    assert kept.certificate.endswith("0001号")
    assert kept.decisions >= 5
    asks_again(story)
    assert story.turn() == "Certified"


def no_register(*_: object) -> str:
    message = "the register does not answer"
    raise OSError(message)


# Done by hand


def asked(made: StepWaiver) -> list[Message]:
    """The letters that ask for the second person's confirmation."""
    with reading() as session:
        found = select(Message).where(Message.letter == "by-hand-proposed", col(Message.key).contains(str(made.id)))
        return list(session.exec(found.order_by(Message.recipient)))


def waiting_for(email: str) -> int:
    with reading() as session:
        return by_hand.to_confirm(session, cast.person(email, session))


@pytest.fixture
def another_operator(at_certification: Story) -> None:
    """Let there be a second operator before anything goes wrong."""
    del at_certification
    with transaction() as session:
        of = session.get_one(Organisation, cast.person(cast.OPERATOR, session).organisation_id)
        add_user(session, "yunwei2@example.com", "郑工示例", PASSWORD, of=of, roles=[Role.OPERATOR])


@pytest.mark.usefixtures("another_operator")
def test_whoever_may_confirm_is_asked_once_and_no_more_when_it_is_withdrawn(stalled_refusal: Story) -> None:
    made = proposes(stalled_refusal, Part.LETTERS)
    letters = asked(made)
    assert [one.recipient for one in letters] == ["郑工示例", "陈国示例"], "everybody but the proposer"
    for letter in letters:
        rendered = render(letter.letter, "zh", letter.facts)
        for said in (the_case().reference, "告知函件", made.reason, "吴工示例", "/operator/by-hand"):
            assert said in rendered.text
    assert (waiting_for(SECOND), waiting_for(cast.OPERATOR)) == (1, 0)
    with pytest.raises(Exception, match="no_messages"):
        stalled_refusal.turn()
    assert asked(made) == letters, "once, whatever runs"
    second_person(by_hand.withdraw, made, cast.OPERATOR)
    assert waiting_for(SECOND) == 0
    again = proposes(stalled_refusal, Part.LETTERS)
    assert len(asked(again)) == 2
    second_person(by_hand.confirm, again)
    assert waiting_for(SECOND) == 0
    assert stalled_refusal.turn() == "Refused"


@pytest.fixture
def at_certification(opened_at: Opened) -> Story:
    return opened_at("certification")


@pytest.fixture
def stalled_refusal(at_certification: Story) -> Iterator[Story]:
    """Let a refusal stand still because the letter about it cannot be posted: the database refuses the row."""
    with stalled(at_certification) as story:
        assert the_case().stalled_at
        yield story


def proposes(story: Story, part: str, reason: str = "9 月 14 日电话告知王主任", by: str = cast.OPERATOR) -> StepWaiver:
    assert story.case_id
    first = plan_of(story).first
    with transaction() as session:
        case = held(session, story.case_id)
        return by_hand.propose(session, case, first, (part, reason), by=cast.person(by, session))


def second_person(act: Callable[..., StepWaiver], made: StepWaiver, by: str = SECOND) -> None:
    with transaction() as session:
        act(session, made.id, by=cast.person(by, session))


def test_a_part_done_by_hand_counts_when_a_second_person_has_confirmed_it(stalled_refusal: Story) -> None:
    story = stalled_refusal
    made = proposes(story, Part.LETTERS)
    with pytest.raises(Exception, match="no_messages"):
        story.turn()
    with pytest.raises(NotPermitted):
        second_person(by_hand.confirm, made, cast.OPERATOR)
    with pytest.raises(NotPermitted):
        second_person(by_hand.confirm, made, cast.OFFICE)
    second_person(by_hand.confirm, made)
    asks_again(story)
    assert story.turn() == "Refused"
    assert the_case().outcome is Outcome.REFUSED
    with reading() as session:
        assert not session.exec(select(Message).where(Message.letter == "refused")).all()
        used = session.exec(select(StepWaiver)).one()
        acts = session.exec(select(JournalEntry.act).where(JournalEntry.act.startswith("by-hand"))).all()  # type: ignore[attr-defined]
    assert used.used_at
    assert sorted(acts) == ["by-hand-confirmed", "by-hand-proposed", "by-hand-used"]
    with pytest.raises(Conflict, match="已被步骤采用"):
        second_person(by_hand.withdraw, made, cast.OPERATOR)


def test_it_can_be_taken_back_until_it_was_used(stalled_refusal: Story) -> None:
    story = stalled_refusal
    made = proposes(story, Part.LETTERS)
    with pytest.raises(Conflict, match="不必重复登记"):
        proposes(story, Part.LETTERS)
    second_person(by_hand.confirm, made)
    second_person(by_hand.withdraw, made, cast.OPERATOR)
    with pytest.raises(Conflict, match="已经撤回"):
        second_person(by_hand.confirm, made)
    with pytest.raises(Exception, match="no_messages"):
        story.turn()
    again = proposes(story, Part.LETTERS)
    second_person(by_hand.confirm, again)
    assert story.turn() == "Refused"


def test_what_the_flow_concludes_from_cannot_be_done_by_hand(opened_at: Opened) -> None:
    story = opened_at("certification")
    with nowhere_to_write(), pytest.raises(Unavailable):
        story.certifies()
    assert parts_of(plan_of(story).first) == ()
    for part in (*Part, "certificate", ""):
        with pytest.raises(Invalid):
            proposes(story, part)
    with transaction() as session:
        assert not session.exec(select(Certificate)).all()
    asks_again(story)
    assert story.turn() == "Certified"
    with pytest.raises(Exception, match="已办结"):
        proposes(story, Part.LETTERS)
    with reading() as session:
        assert len(session.exec(select(RegisterEntry)).all()) == 1
    assert the_runs()[-1].attempt == 2


@pytest.mark.parametrize("reason", ["", " ", "长" * 501])
def test_a_reason_is_needed_and_an_operator(stalled_refusal: Story, reason: str) -> None:
    with pytest.raises(Invalid):
        proposes(stalled_refusal, Part.LETTERS, reason)
    with pytest.raises(NotPermitted):
        proposes(stalled_refusal, Part.LETTERS, by=cast.OFFICE)
    second_person(by_hand.confirm, proposes(stalled_refusal, Part.LETTERS))
    assert stalled_refusal.turn() == "Refused"
