"""Stories whose runs are Prefect's, and a database that can be made to fail."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlmodel import col, select

from core.db import reading, transaction
from flows import gateway
from models.case import Case
from models.engine import Bell, Run
from models.message import Message, MessageState
from tests.factories import another_institution
from tests.machinery import Engine, until
from tests.stories.telling import Story, an_application


class RealStory(Story):
    """A story whose runs are Prefect's."""

    attended = True

    @contextmanager
    def without_a_turn(self) -> Iterator[None]:
        """Let people act without the flow being told; their bells hang."""
        self.attended = False
        yield
        self.attended = True

    def turn(self) -> str:
        """Ring, wait until the bells are answered, and return the state the last run ended in."""
        assert self.case_id
        if not self.attended:
            return ""
        gateway.ring(self.case_id)
        until(lambda: not self.unanswered())
        self.state = self.runs()[-1].ended_in
        return self.state

    def case(self) -> Case:
        with reading() as session:
            return session.get_one(Case, self.case_id)

    def unanswered(self) -> list[Bell]:
        with reading() as session:
            bells = select(Bell).where(Bell.case_id == self.case_id, col(Bell.answered_at).is_(None))
            return list(session.exec(bells))

    def runs(self) -> list[Run]:
        with reading() as session:
            runs = select(Run).where(Run.case_id == self.case_id).order_by(col(Run.started_at))
            return list(session.exec(runs))

    def letters(self) -> list[tuple[str, str]]:
        """Return what the case's letters are and to whom, once all have left."""
        until(lambda: all(m.state is MessageState.SENT for m in self._messages()))
        return sorted((m.letter, m.address) for m in self._messages())

    def _messages(self) -> list[Message]:
        with reading() as session:
            return list(session.exec(select(Message).where(Message.case_id == self.case_id)))


@pytest.fixture
def story(engine: Engine) -> RealStory:
    """Begin a story with an application of an institution of its own."""
    del engine
    with transaction() as session:
        applicant = another_institution(session)
        return RealStory(an_application(session, applicant), applicant=applicant)


def waits_for_a_lock(database: str) -> bool:
    """Whether somebody's statement waits for a row that another transaction holds."""
    with psycopg.connect(database) as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        row = connection.execute(waiting).fetchone()
        return bool(row and row[0])
