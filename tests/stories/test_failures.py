"""A step that fails: it is written down, an operator is told, and nothing is done twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select
from time_machine import Traveller

from casework import runs
from casework.cases import held
from core.clock import now
from core.db import reading, transaction
from core.errors import CaseClosed, Conflict, NotPermitted
from models.case import Case
from models.certificate import Certificate
from models.engine import Run, RunState
from models.message import Message
from regulation.outcomes import Outcome
from regulation.roles import Duty
from tasks import accreditation, rounds
from tests import cast
from tests.stories.record import the_case, the_runs, unanswered
from tests.stories.telling import Story

Opened = Callable[[str], Story]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], pytest.MonkeyPatch]:
    """Break a step until it is mended (`undo`)."""

    def fails(*_: Any) -> str:
        message = "the printer is on fire\0"
        raise OSError(message)

    def broken(step: Any) -> pytest.MonkeyPatch:
        monkeypatch.setattr(step, "act", fails)
        return monkeypatch

    return broken


def runs_again(email: str = cast.OPERATOR) -> None:
    with transaction() as session:
        case = held(session, session.exec(select(Case.id)).one())
        runs.run_again(session, case, by=cast.person(email, session))


def test_a_step_that_fails_stalls_the_case_and_an_operators_run_finishes_it(opened_at: Opened, broken: Any) -> None:
    story = opened_at("local review")
    break_down = broken(rounds.open_round)
    with pytest.raises(OSError, match="on fire"):
        story.recommends()
    failed = the_runs()[-1]
    assert (failed.state, failed.failed_step, failed.attempt) == (RunState.FAILED, "open_round", 1)
    assert failed.error == "OSError: the printer is on fire"
    assert "in fails" in failed.traceback
    assert the_case().stalled_at
    assert operators_letters() == ["open_round"]
    break_down.undo()
    runs_again()
    assert story.turn() == "Awaiting expert review"
    assert not the_case().stalled_at
    assert (the_runs()[-1].state, the_runs()[-1].attempt, the_runs()[-1].reason) == (RunState.WAITING, 2, "run again")
    assert unanswered() == []


def test_a_certificate_is_issued_once_though_its_publication_fails(opened_at: Opened, broken: Any) -> None:
    story = opened_at("certification")
    break_down = broken(accreditation.publish)
    with pytest.raises(OSError, match="on fire"):
        story.certifies()
    with pytest.raises(OSError, match="on fire"):
        story.turn()
    assert operators_letters() == ["publish", "publish"]
    break_down.undo()
    runs_again()
    assert story.turn() == "Certified"
    with reading() as session:
        assert session.exec(select(Certificate)).one().number.endswith("0001号")
    with pytest.raises(CaseClosed):
        runs_again()


def test_only_an_operator_runs_a_case_again_and_only_a_stalled_one(opened_at: Opened, broken: Any) -> None:
    story = opened_at("local review")
    with pytest.raises(Conflict, match="未处于停滞状态"):
        runs_again()
    break_down = broken(rounds.open_round)
    with pytest.raises(OSError, match="on fire"):
        story.recommends()
    with pytest.raises(NotPermitted):
        runs_again(cast.OFFICE)
    break_down.undo()
    runs_again()


def test_the_next_news_runs_a_stalled_case_as_well(opened_at: Opened, broken: Any) -> None:
    story = opened_at("expert review")
    break_down = broken(rounds.call_the_chair)
    with pytest.raises(OSError, match="on fire"):
        story.review()
    break_down.undo()
    assert story.withdraws() == "Withdrawn"
    assert the_case().outcome is Outcome.WITHDRAWN
    assert not the_case().stalled_at


def test_a_run_that_fails_after_the_case_has_ended_stalls_nothing(opened_at: Opened) -> None:
    story = opened_at("local review")
    with transaction() as session:
        slow = runs.begin(session, session.get_one(Case, story.case_id), uuid4())
    story.withdraws()
    with transaction() as session:
        failure = runs.Failure("open_round", "OSError: gone", "…")
        runs.fail(session, session.get_one(Run, slow.id), [], failure)
    assert the_case().outcome is Outcome.WITHDRAWN
    assert not the_case().stalled_at


def test_the_letter_of_return_names_the_duties_day_though_the_engine_stood_still_meanwhile(
    opened_at: Opened, broken: Any, clock: Traveller
) -> None:
    story = opened_at("local review")
    break_down = broken(rounds.open_round)
    with pytest.raises(OSError, match="on fire"):
        story.recommends(Outcome.RETURNED)
    break_down.undo()
    clock.move_to(now() + timedelta(days=3))
    runs_again()
    assert story.turn() == "Awaiting correction"
    with reading() as session:
        letter = session.exec(select(Message).where(Message.letter == "returned")).one()
    assert letter.facts["due_on"] == story.duty(Duty.CORRECT).due_on.isoformat() == "2026-09-23"


def operators_letters() -> list[str]:
    with reading() as session:
        letters = session.exec(select(Message).where(Message.letter == "stalled"))
        return [letter.facts["step"] for letter in letters if letter.recipient == "吴工示例"]
