"""What the worker writes down of a run names the run and its case, and nobody."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlmodel import select

from core.db import reading
from core.settings import settings
from flows import gateway
from models.application import Application
from models.case import Case
from models.engine import Run
from models.organisation import Organisation
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


@pytest.fixture
def quoting(engine: Engine) -> Iterator[None]:
    """Let the database refuse certificates, and quote the row, which says whose they are."""
    with psycopg.connect(engine.database, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION quoting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'refused for wang.fang@mail.example.com' USING DETAIL = NEW::text; END $$"
        )
        connection.execute(
            "CREATE TRIGGER quoting BEFORE INSERT ON certificates FOR EACH ROW EXECUTE FUNCTION quoting()"
        )
        yield
        connection.execute("DROP FUNCTION quoting CASCADE")


@pytest.mark.usefixtures("quoting")
def test_neither_the_log_nor_the_engine_is_told_whom_a_failure_is_about(story: RealStory) -> None:
    story.submits()
    while story.open_duty() != "certify":
        story.says_yes()
    assert story.certifies() == "Failed"
    run = str(story.runs()[-1].flow_run_id)

    def kept() -> list[str]:
        about = {"logs": {"flow_run_id": {"any_": [run]}}, "limit": 200}
        return [line["message"] for line in gateway.ask("POST", "/logs/filter", about).json()]

    told = ("refused for", "Traceback", "Finished")  # the engine is sent the lines by the handful
    until(lambda: all(word in "".join(kept()) for word in told))
    until(lambda: len(final_words(run)) == 2)  # it notes the end of a step by the way
    log = (settings().home / "logs" / "worker.log").read_text("utf-8")
    assert all("Traceback" in text for text in (log, "\n".join(kept())))
    with reading() as session:
        ours = session.exec(select(Run).where(Run.flow_run_id == story.runs()[-1].flow_run_id)).one()
    for text in (log, "\n".join(kept()), *final_words(run), ours.error, ours.traceback):
        assert "refused for" in text
        assert "wang.fang" not in text
        assert institution_of(story) not in text


def final_words(flow_run_id: str) -> list[str]:
    """What the engine says of a run, and of each of its steps, that failed."""
    about = {"flow_runs": {"id": {"any_": [flow_run_id]}}}
    found = [
        one["state"]
        for what in ("flow_runs", "task_runs")
        for one in gateway.ask("POST", f"/{what}/filter", about).json()
    ]
    return [state["message"] for state in found if state["type"] == "FAILED"]


def institution_of(story: RealStory) -> str:
    """The name of the institution, which the refused row has."""
    with reading() as session:
        case = session.get_one(Case, story.case_id)
        return session.get_one(Organisation, session.get_one(Application, case.application_id).organisation_id).name
