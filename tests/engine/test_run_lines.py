"""What the worker writes down of a run names the run and its case."""

import pytest

from core.settings import settings
from tests.engine.conftest import RealStory
from tests.machinery import Engine, until

pytestmark = pytest.mark.engine


def test_a_line_of_a_run_names_the_run_and_its_case(engine: Engine, story: RealStory) -> None:
    del engine
    story.submits()
    log, run = settings().home / "logs" / "worker.log", story.runs()[-1]
    mine = f"run={run.flow_run_id}"

    def lines() -> list[str]:
        return [line for line in log.read_text("utf-8").splitlines() if mine in line]

    until(lambda: any("state=" in line for line in lines()))
    assert all(f"case={story.case().reference}" in line for line in lines()), lines()
    assert "Awaiting local review" in lines()[-1]
