"""Mail servers of the tests' own, for a sender and for the whole house."""

from collections.abc import Iterator

import pytest

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
