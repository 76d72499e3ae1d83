"""A mistaken decision is taken back while nothing irrevocable followed: it stays on record, its stage begins anew."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select
from time_machine import Traveller

from casework.undoing import undo
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAssigned
from flows.case import the_case
from models.case import StageRound
from models.journal import JournalEntry
from models.judgement import Decision
from models.message import Message
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tasks.rounds import open_round
from tests import cast
from tests.stories.crowd import at_once
from tests.stories.record import inbox
from tests.stories.record import the_case as the_case_on_record
from tests.stories.telling import Story

Opened = Callable[[str], Story]
REASON = "误选结论，应为退回补正。"


def newest(session: Session) -> Decision:
    return session.exec(select(Decision).order_by(col(Decision.decided_at).desc())).all()[0]


def undoes(story: Story, email: str, decision_id: UUID | None = None, reason: str = REASON) -> str:
    """Somebody takes the newest decision back, or a certain one; the flow takes its turn."""
    with transaction() as session:
        undo(session, decision_id or newest(session).id, reason, by=cast.person(email, session))
    return story.turn()


def rounds() -> list[tuple[str, int, str]]:
    with reading() as session:
        found = session.exec(select(StageRound).order_by(col(StageRound.opened_at))).all()
        return [(at.stage, at.round, str(at.outcome or "")) for at in found]


def journal() -> list[str]:
    with reading() as session:
        return [entry.act for entry in session.exec(select(JournalEntry).order_by(col(JournalEntry.id)))]


def told(kind: str) -> list[str]:
    with reading() as session:
        return sorted(m.recipient for m in session.exec(select(Message).where(Message.letter == kind)))


def test_an_approval_is_undone_before_the_next_has_acted(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    assert undoes(story, cast.RECOMMENDER) == "Awaiting local review"
    assert rounds()[1:] == [("local-review", 1, "undone"), ("expert-review", 1, "undone"), ("local-review", 2, "")]
    assert inbox(cast.RECOMMENDER) == ["recommend"]
    assert inbox(cast.OFFICE) == [], "the panel needs no naming any more"
    assert told("undone") == ["周敏示例"], "the office had been given a duty; the applicant had heard of nothing"
    assert journal().count("decided") == journal().count("decision-undone") == 1, "both are on record"
    with reading() as session:
        decision = newest(session)
        assert (decision.outcome, decision.undoing_reason) == (Outcome.APPROVED, REASON)
    assert story.recommends() == "Awaiting expert review"
    assert story.goes_on_to_publication() == "Certified"


def test_a_refusal_undone_opens_the_case_again(opened_at: Opened) -> None:
    story = opened_at("local review")
    assert story.recommends(Outcome.REFUSED) == "Refused"
    assert undoes(story, cast.RECOMMENDER) == "Awaiting local review"
    case = the_case_on_record()
    assert (case.closed_at, case.outcome, case.stage) == (None, None, "local-review")
    assert told("refused") == told("undone") == ["林晓示例"]
    assert story.goes_on_to_publication() == "Certified"


def test_a_return_undone_takes_the_correction_away(opened_at: Opened) -> None:
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    assert inbox(cast.APPLICANT) == ["correct"]
    assert undoes(story, cast.RECOMMENDER) == "Awaiting local review"
    assert inbox(cast.APPLICANT) == []
    assert told("undone") == ["林晓示例"]
    assert story.recommends(Outcome.RETURNED) == "Awaiting correction", "the one return is still to be had"
    assert rounds()[-2:] == [("local-review", 2, "returned"), ("submission", 3, "")]
    assert told("returned") == ["林晓示例"] * 2
    assert story.corrects() == "Awaiting local review"
    assert story.goes_on_to_publication() == "Certified"


def test_a_lapse_is_the_systems_and_the_office_may_undo_it(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("local review")
    story.recommends(Outcome.RETURNED)
    clock.shift(timedelta(days=10))
    assert story.time_passes() == "Lapsed"
    with pytest.raises(NotAssigned):
        undoes(story, cast.DECIDER)
    assert undoes(story, cast.OFFICE, reason="系统停机期间申报单位无法提交。") == "Awaiting correction"
    assert inbox(cast.APPLICANT) == ["correct"]
    assert told("returned") == ["林晓示例"] * 2, "the new days are told"
    assert story.corrects() == "Awaiting local review"


def test_only_whoever_decided_may_undo_and_a_reason_is_needed(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    with pytest.raises(NotAssigned):
        undoes(story, cast.OFFICE)
    with pytest.raises(Invalid):
        undoes(story, cast.RECOMMENDER, reason="  ")


def test_after_the_days_of_the_policy_it_is_too_late(opened_at: Opened, clock: Traveller) -> None:
    story = opened_at("panel to be named")
    clock.shift(timedelta(days=2))
    with pytest.raises(Conflict, match="期限"):
        undoes(story, cast.RECOMMENDER)
    story.under(undo_days=2)
    assert undoes(story, cast.RECOMMENDER) == "Awaiting local review"


def test_once_somebody_has_acted_it_is_too_late(opened_at: Opened) -> None:
    story = opened_at("expert review")
    with reading() as session:
        recommended = session.exec(select(Decision).where(Decision.stage == "local-review")).one().id
    with pytest.raises(Conflict, match="后续环节"):
        undoes(story, cast.RECOMMENDER, recommended)


@pytest.mark.parametrize(("page", "by"), [("certified", cast.DECIDER), ("local review", cast.APPLICANT)])
def test_what_is_certified_or_filed_is_not_undone(opened_at: Opened, page: str, by: str) -> None:
    story = opened_at(page)
    with reading() as session:
        decided = session.exec(select(Decision).where(Decision.decided_by == cast.person(by).id)).all()
        last = max(decided, key=lambda one: one.decided_at).id
    with pytest.raises(Conflict):
        undoes(story, by, last)


def test_a_published_list_stands(opened_at: Opened) -> None:
    story = opened_at("certification")
    story.under(publicity_days=5)
    story.certifies()
    story.publicises()
    with reading() as session:
        certified = session.exec(select(Decision).where(Decision.stage == "certification")).one().id
    with pytest.raises(Conflict, match="公示名单已发布"):
        undoes(story, cast.DECIDER, certified)


def test_a_certification_is_undone_before_the_list_is_published(opened_at: Opened) -> None:
    story = opened_at("certification")
    story.under(publicity_days=5)
    assert story.certifies() == "Awaiting the end of publicity"
    assert undoes(story, cast.DECIDER) == "Awaiting certification"
    assert story.certifies(Outcome.REFUSED) == "Refused"


def test_a_second_undo_of_the_same_decision_is_refused_and_of_the_next_one_is_not(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    with reading() as session:
        first = newest(session).id
    undoes(story, cast.RECOMMENDER)
    with pytest.raises(Conflict, match="王芳示例"):
        undoes(story, cast.RECOMMENDER, first)
    story.recommends()
    assert undoes(story, cast.RECOMMENDER) == "Awaiting local review"
    assert rounds()[-1] == ("local-review", 3, "")


def test_twice_at_once_is_once(opened_at: Opened) -> None:
    story = opened_at("panel to be named")
    with reading() as session:
        decision_id = newest(session).id

    def attempt() -> str:
        try:
            with transaction() as session:
                undo(session, decision_id, REASON, by=cast.person(cast.RECOMMENDER, session))
        except Conflict:
            return "refused"
        return "undone"

    assert sorted(at_once(4, attempt)) == ["refused"] * 3 + ["undone"]
    assert story.turn() == "Awaiting local review"


def test_undone_before_the_flow_has_taken_it_up(opened_at: Opened) -> None:
    story = opened_at("local review")
    with story.engine_away():
        story.recommends(Outcome.REFUSED)
        undoes(story, cast.RECOMMENDER)
    assert story.turn() == "Awaiting local review"
    assert told("refused") == told("undone") == [], "nobody had heard of it"


def test_a_run_that_read_the_record_before_does_nothing_more(opened_at: Opened) -> None:
    story = opened_at("local review")
    with story.engine_away():
        story.recommends()
    assert story.case_id
    with the_case(story.case_id) as case:
        with transaction() as session:
            undo(session, newest(session).id, REASON, by=cast.person(cast.RECOMMENDER, session))
        case.take(open_round, "expert-review", 1)
    assert case.state == "Overtaken"
    assert [at for at in rounds() if at[0] == "expert-review"] == []
    assert story.turn() == "Awaiting local review"
    assert story.duty(Duty.RECOMMEND)
