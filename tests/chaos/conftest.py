"""Mail servers of the tests' own, for a sender and for the whole house; and what a whole run has found is kept."""

from collections.abc import Iterator

import pytest

from tests.chaos.figures import Found
from tests.chaos.sink import Sink, sinking
from tests.conftest import environment
from tests.machinery import Engine


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Run a mail server that keeps every delivery; whoever wants to post there has to be told its port."""
    with sinking() as running:
        yield running


@pytest.fixture(scope="session")
def post_office(engine: Engine) -> Iterator[Sink]:
    """Let the engine's worker, and all that is started after it, post at a mail server that keeps every delivery."""
    with sinking() as running, environment(JIDI_MAIL_PORT=str(running.port), JIDI_MAIL_TIMEOUT_SECONDS="6"):
        engine.kill_worker()
        engine.start_worker()
        yield running


FOUND = Found()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Count what is to be run."""
    if session.config.option.markexpr == "chaos" and not session.config.option.keyword:
        for item in session.items:
            FOUND.ask(item.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what has passed."""
    FOUND.hear(report)


def pytest_sessionfinish() -> None:
    """Keep the figures of a run that left nothing out."""
    if FOUND.whole:
        FOUND.keep()
