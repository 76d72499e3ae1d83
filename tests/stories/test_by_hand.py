"""Parts of a step done by hand 人工办理: told, confirmed by another, passed over by the step, and by nothing else."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import SQLModel, col, func, select

from casework import by_hand
from casework.by_hand import Part, parts_of
from casework.cases import held
from casework.delegations import NewDelegation, delegate
from casework.demonstration import HOME, PASSWORD
from casework.people import add_user
from core.clock import today
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotPermitted, Unavailable
from models.certificate import Certificate, RegisterEntry
from models.journal import JournalEntry
from models.message import Message
from models.operating import StepWaiver
from models.organisation import Organisation
from models.person import UserRole
from models.recommendation import AcceptanceNotice
from models.visit import VisitDay
from notifications.rendering import render
from regulation.outcomes import Outcome
from regulation.roles import Role
from tests import cast
from tests.stories.recommending import others_apply, places, replay
from tests.stories.record import the_case, the_runs
from tests.stories.standing_still import asks_again, no_letters, nowhere_to_write, plan_of, refused_rows, stalled
from tests.stories.telling import Story
from tests.stories.test_accepting import at_the_check
from tests.stories.test_recommending import waits
from tests.stories.test_visit_days import agreed

Opened = Callable[[str], Story]
SECOND = cast.DECIDER


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


@pytest.mark.usefixtures("another_operator")
def test_who_stands_in_for_the_proposer_is_no_second_person(stalled_refusal: Story) -> None:
    made = proposes(stalled_refusal, Part.LETTERS)
    with transaction() as session:
        for email in (cast.OPERATOR, "yunwei2@example.com"):  # operators alone have nothing to hand on
            session.add(UserRole(user_id=cast.person(email, session).id, role=Role.INSPECTOR))
        session.flush()
        away, deputy = cast.person(cast.OPERATOR, session), cast.person("yunwei2@example.com", session)
        delegate(session, NewDelegation(away.id, deputy.id, today(), today(), "外出学习"), by=away)
    with pytest.raises(NotPermitted):
        second_person(by_hand.confirm, made, "yunwei2@example.com")
    second_person(by_hand.confirm, made)
    asks_again(stalled_refusal)
    assert stalled_refusal.turn() == "Refused"


@pytest.mark.parametrize("reason", ["", " ", "长" * 501])
def test_a_reason_is_needed_and_an_operator(stalled_refusal: Story, reason: str) -> None:
    with pytest.raises(Invalid):
        proposes(stalled_refusal, Part.LETTERS, reason)
    with pytest.raises(NotPermitted):
        proposes(stalled_refusal, Part.LETTERS, by=cast.OFFICE)
    second_person(by_hand.confirm, proposes(stalled_refusal, Part.LETTERS))
    assert stalled_refusal.turn() == "Refused"


# Part by part


def by_two(story: Story, part: Part) -> str:
    """An operator enters a part, the department confirms it where that is needed; then the case is run again."""
    made = proposes(story, part)
    assert bool(made.confirmed_at) == (part not in by_hand.IRREVOCABLE)
    if not made.confirmed_at:
        second_person(by_hand.confirm, made)
    asks_again(story)
    return story.turn()


def number_of(rows: type[SQLModel]) -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(rows)).one()


def told(letter: str) -> list[str]:
    with reading() as session:
        return list(session.exec(select(Message.recipient).where(Message.letter == letter).order_by(Message.recipient)))


@pytest.mark.parametrize(
    ("outcome", "leads_to"), [(Outcome.APPROVED, "Awaiting expert review"), (Outcome.REFUSED, "Refused")]
)
def test_a_sealed_notice_is_made_elsewhere(opened_at: Opened, outcome: Outcome, leads_to: str) -> None:
    story = at_the_check(opened_at("complete form"))
    with refused_rows("acceptance_notices"):
        with pytest.raises(Exception, match="no_acceptance_notices"):
            story.accepts(outcome)
        assert by_two(story, Part.NOTICE) == leads_to
    assert (number_of(AcceptanceNotice), told("accepted")) == (0, [])
    assert told("refused") == (["林晓示例"] if outcome is Outcome.REFUSED else []), "the letters are another part"


def test_the_days_of_a_visit_are_settled_by_telephone(opened_at: Opened) -> None:
    story = opened_at("site inspection")
    agreed(story)
    with refused_rows("visit_days", act="UPDATE"):
        with pytest.raises(Exception, match="no_visit_days"):
            story.inspect(Outcome.REFUSED)
        assert by_two(story, Part.VISIT_DAYS) == "Refused"
    assert told("visit-cancelled") == []
    with reading() as session:
        days = session.exec(select(VisitDay)).all()
    assert len(days) == len(cast.INSPECTORS)
    assert not any(day.released_at for day in days), "what stands in the calendar is theirs to settle"


def test_word_of_a_freed_place_is_given_by_telephone(opened_at: Opened) -> None:
    story = opened_at("complete form")
    places(HOME, 1)
    story.submits()
    (second,) = others_apply()
    story.recommends()
    waits(second)
    with no_letters("place-free"):
        with pytest.raises(Exception, match="no_messages"):
            story.withdraws()
        assert by_two(story, Part.FREED_PLACE) == "Withdrawn"
    assert told("place-free") == []
    assert second.recommends() == "Awaiting expert review", "the place is free by the record"
    replay(second, story)


def test_what_is_to_be_corrected_is_told_on_paper(opened_at: Opened) -> None:
    story = opened_at("local review")
    with no_letters("returned"):
        with pytest.raises(Exception, match="no_messages"):
            story.recommends(Outcome.RETURNED)
        assert by_two(story, Part.LETTERS) == "Awaiting correction"
    assert told("returned") == []
    assert story.open_duty() == "correct"
    assert story.corrects() == "Awaiting local review"
    assert story.goes_on_to_publication() == "Certified"


def test_the_certificate_is_handed_over_with_word_of_it(opened_at: Opened) -> None:
    story = opened_at("certification")
    with no_letters("certified"):
        with pytest.raises(Exception, match="no_messages"):
            story.certifies()
        assert by_two(story, Part.LETTERS) == "Certified"
    assert told("certified") == []
    assert (number_of(Certificate), number_of(RegisterEntry)) == (1, 1)
