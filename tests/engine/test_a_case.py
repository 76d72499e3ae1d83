"""A case on the real engine, from end to end and through its troubles."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from casework.cases import held
from casework.runs import run_again
from core.db import reading, transaction
from flows import gateway
from models.certificate import Certificate
from models.engine import RunState
from regulation.outcomes import Outcome
from tests import cast
from tests.engine.conftest import RealStory, waits_for_a_lock
from tests.machinery import Engine, until

pytestmark = pytest.mark.engine

LETTERS = {"receipt": 1, "assignment": 10, "certified": 1}


def up_to_certification(story: RealStory) -> None:
    story.submits()
    story.recommends()
    story.assembles_panel()
    story.review()
    story.concludes()
    story.assembles_team()
    assert story.inspect() == "Awaiting certification"


def certificates_of(story: RealStory) -> list[str]:
    with reading() as session:
        found = select(Certificate.number).where(Certificate.case_id == story.case_id)
        return list(session.exec(found))


def test_from_submission_to_publication(story: RealStory) -> None:
    up_to_certification(story)
    assert story.certifies() == "Certified"
    assert story.case().outcome is Outcome.APPROVED
    assert len(certificates_of(story)) == 1
    kinds = [letter for letter, _ in story.letters()]
    assert {kind: kinds.count(kind) for kind in kinds} == LETTERS
    last = story.runs()[-1]
    until(lambda: gateway.fate_of(last.flow_run_id) == gateway.Fate("COMPLETED", "Certified"))


def test_a_run_that_waits_says_for_what(story: RealStory) -> None:
    assert story.submits() == "Awaiting local review"
    last = story.runs()[-1]
    until(lambda: gateway.fate_of(last.flow_run_id) == gateway.Fate("COMPLETED", "Awaiting local review"))


def test_a_step_that_fails_twice_heals(story: RealStory, broken: Callable[[str, int], None]) -> None:
    up_to_certification(story)
    broken("certificates", 2)
    assert story.certifies() == "Certified"
    assert len(certificates_of(story)) == 1
    assert story.case().stalled_at is None
    assert story.runs()[-1].state is RunState.CLOSED


def test_a_step_that_fails_for_good_waits_for_an_operator(story: RealStory, broken: Callable[[str, int], None]) -> None:
    up_to_certification(story)
    broken("register_entries", 3)
    assert story.certifies() == "Failed"
    assert story.case().stalled_at
    failed = story.runs()[-1]
    assert (failed.state, failed.failed_step) == (RunState.FAILED, "publish")
    assert "the disk is on fire" in failed.error
    assert "Traceback" in failed.traceback
    until(lambda: (gateway.fate_of(failed.flow_run_id) or gateway.Fate("", "")).type == "FAILED")
    issued = certificates_of(story)
    assert len(issued) == 1, "the step before the failing one stands"
    letters_before = story.letters()
    assert [address for letter, address in letters_before if letter == "stalled"] == [cast.OPERATOR]

    with transaction() as session:
        run_again(session, held(session, failed.case_id), by=cast.person(cast.OPERATOR, session))
    assert story.turn() == "Certified"
    assert story.case().stalled_at is None
    assert certificates_of(story) == issued, "no second number"
    added = [letter for letter, _ in story.letters() if (letter, _) not in letters_before]
    assert added == ["certified"], "no letter again"


def test_the_worker_dies_in_the_middle(story: RealStory, engine: Engine) -> None:
    story.submits()
    with story.without_a_turn():
        story.recommends()
    case = story.case()
    with transaction() as session:
        held(session, case.id)  # the run has to wait for this
        assert gateway.ring(case.id)
        until(lambda: waits_for_a_lock(engine.database))
        engine.kill_worker()
    engine.start_worker()
    until(lambda: not story.unanswered(), seconds=90)
    assert story.runs()[-1].ended_in == "Awaiting expert review"
    assert len([letter for letter, address in story.letters() if address == cast.OFFICE]) == 1


def test_a_bell_rung_eight_times_at_once(story: RealStory) -> None:
    story.submits()
    runs_before = len(story.runs())
    with story.without_a_turn():
        story.recommends()
    assert story.case_id
    with ThreadPoolExecutor(8) as eight:
        heard = list(eight.map(gateway.ring, [story.case_id] * 8))
    assert heard.count(True) == 1
    until(lambda: not story.unanswered())
    assert len(story.runs()) == runs_before + 1


def test_eight_runs_of_a_case_at_once(story: RealStory) -> None:
    story.submits()
    with story.without_a_turn():
        story.recommends()
    case = story.case()
    body = {"parameters": {"case_id": str(case.id), "reference": case.reference}}
    address = f"/deployments/{gateway.deployment_id()}/create_flow_run"
    with ThreadPoolExecutor(8) as eight:
        created = {run.json()["id"] for run in eight.map(lambda _: gateway.ask("POST", address, body), range(8))}
    assert len(created) == 8
    until(lambda: len([run for run in story.runs() if str(run.flow_run_id) in created and run.ended_at]) == 8)
    assert {run.ended_in for run in story.runs()[-8:]} == {"Awaiting expert review"}
    assert len([letter for letter, address in story.letters() if address == cast.OFFICE]) == 1
