"""Eight at the same moment: one effect."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlmodel import func, select

from casework.decisions import decide
from casework.reviews import Opinion, review
from casework.runs import begin
from casework.submissions import submit
from core.db import reading, transaction
from core.errors import AlreadyDecided
from models.application import Submission
from models.case import Assignment, Case
from models.engine import Bell, Run, RunState
from models.judgement import Decision, Review
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tasks.rounds import close_round, open_round
from tests import cast
from tests.stories.crowd import at_once
from tests.stories.telling import Story, conclusion

Opened = Callable[[str], Story]


def one_of(answers: list[object]) -> bool:
    """One has succeeded, and the others were told that somebody was first."""
    return sum(isinstance(answer, AlreadyDecided) for answer in answers) == len(answers) - 1


def test_the_same_decision(opened_at: Opened) -> None:
    story = opened_at("local review")
    duty = story.duty(Duty.RECOMMEND).id

    def decides() -> None:
        with transaction() as session:
            decide(session, duty, conclusion(Outcome.APPROVED), by=cast.person(cast.RECOMMENDER, session))

    assert one_of(at_once(8, decides))
    with reading() as session:
        assert session.exec(select(Decision).where(Decision.stage == "local-review")).one()
        assert session.exec(select(func.count()).where(Bell.reason == "local-review approved")).one() == 1
    assert story.turn() == "Awaiting expert review"


def test_the_same_submission(story: Story) -> None:
    def files() -> None:
        with transaction() as session:
            submit(session, story.application_id, by=cast.person(cast.APPLICANT, session))

    assert one_of(at_once(8, files))
    with reading() as session:
        case = session.exec(select(Case)).one()
        assert session.exec(select(Submission)).one().number == 1
    assert case.reference == "JD-2026-0001"
    story.case_id = case.id
    assert story.turn() == "Awaiting local review"


def test_the_same_review(opened_at: Opened) -> None:
    story = opened_at("expert review")
    expert = cast.person(cast.EXPERTS[0])
    duty = story.duty(Duty.REVIEW, expert.email).id

    def reviews() -> None:
        with transaction() as session:
            review(session, duty, Opinion(90, "pass", "条件具备。"), by=expert)

    assert one_of(at_once(8, reviews))
    with reading() as session:
        assert session.exec(select(Review)).one().score == 90


def test_the_whole_panel(opened_at: Opened) -> None:
    story = opened_at("expert review")
    panel = [cast.CHAIR, *cast.EXPERTS]
    at_once(3, story.reviews, panel, [90, 80, 70])
    with reading() as session:
        assert sorted(r.score for r in session.exec(select(Review))) == [70, 80, 90]
        assert session.exec(select(Assignment).where(Assignment.duty == Duty.CONCLUDE)).one().leads
    assert story.concludes() == "Awaiting site inspection"


def test_the_same_step(opened_at: Opened) -> None:
    story = opened_at("local review")
    with story.engine_away():
        story.recommends()
    with transaction() as session:
        case = session.get_one(Case, story.case_id)
        runs = [begin(session, case, uuid4()).id for _ in range(8)]
        close_round.act(session, case, "local-review", 1)
    did = at_once(8, open_round, [story.case_id] * 8, runs, [0] * 8, ["expert-review"] * 8, [1] * 8)
    assert sorted(did) == [""] * 7 + ["opened expert-review round 1"]


@pytest.mark.parametrize("page", ["conclusion", "certification"])
def test_two_whole_runs(opened_at: Opened, page: str) -> None:
    story = opened_at(page)
    with story.engine_away():
        story.says_yes()
    states = at_once(2, story.turn)
    assert states[0] == states[1] != "Awaiting " + page.replace("conclusion", "expert review")
    with reading() as session:
        latest = session.exec(select(Run).order_by(Run.started_at.desc()).limit(2)).all()
    assert {run.state for run in latest} == {RunState.CLOSED if page == "certification" else RunState.WAITING}
