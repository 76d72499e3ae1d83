"""What the record says after a story: whose turn it is, and whether running it again would change anything."""

from sqlalchemy import text
from sqlmodel import col, select

from casework.inboxes import inbox_of, queue_of
from core.db import reading
from models.case import Case
from models.engine import Bell, Run, RunState
from models.tables import METADATA
from tests import cast
from tests.stories.telling import Story

ENGINE_TABLES = {"runs", "run_steps", "bells"}


def snapshot() -> list[tuple[str, str]]:
    """Return every row of every table but those of the engine's comings and goings."""
    facts = [table.name for table in METADATA.sorted_tables if table.name not in ENGINE_TABLES]
    rows = text(" UNION ALL ".join(f"SELECT '{name}', {name}::text FROM {name}" for name in facts))  # noqa: S608 - ours
    with reading() as session:
        return sorted((table, row) for table, row in session.execute(rows))


def inbox(email: str) -> list[str]:
    """Return what a person has to do, by name of the duty, in the inbox and then in the queue."""
    with reading() as session:
        person = cast.person(email, session)
        return [item.assignment.duty.value for item in [*inbox_of(session, person), *queue_of(session, person)]]


def unanswered() -> list[str]:
    """Return the news that no run has answered."""
    with reading() as session:
        return list(session.exec(select(Bell.reason).where(col(Bell.answered_at).is_(None))))


def the_case() -> Case:
    with reading() as session:
        return session.exec(select(Case)).one()


def the_runs() -> list[Run]:
    with reading() as session:
        return list(session.exec(select(Run).order_by(col(Run.started_at))))


def replayed(story: Story) -> bool:
    """Run the story's case again over its own record and say whether nothing changed."""
    before = snapshot()
    state = [run.ended_in for run in the_runs() if run.state in {RunState.WAITING, RunState.CLOSED}][-1]
    return story.turn() == state and snapshot() == before
