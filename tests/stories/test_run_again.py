"""A step that fails for a real cause: foretold, run again, honestly told; and parts of it done by hand."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from casework.causes import failures
from casework.reruns import Result, Told, kept_by, rerun_of
from core.db import reading
from core.errors import Unavailable
from models.certificate import Certificate
from models.operating import Rerun
from tests import cast
from tests.stories.record import the_case
from tests.stories.standing_still import asks_again, nowhere_to_write, plan_of
from tests.stories.telling import Story

Opened = Callable[[str], Story]
SECOND = cast.DECIDER


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
