"""Somebody who owns the database and knows its tables: triggers look away while rows are changed."""

from collections.abc import Sequence
from uuid import UUID

import psycopg

from core.settings import settings

HIDDEN = "SET session_replication_role = replica"
CHAINED_AGAIN = """
DO $$
DECLARE
    line journal;
    before text := '';
    n int := 0;
BEGIN
    FOR line IN SELECT * FROM journal WHERE case_id = '{case}' ORDER BY number LOOP
        n := n + 1;
        line.number := n;
        line.previous := before;
        before := encode(sha256(convert_to(text_of_entry(line), 'UTF8')), 'hex');
        UPDATE journal SET number = n, previous = line.previous, hash = before WHERE id = line.id;
    END LOOP;
    UPDATE journal_chains SET lines = n, hash = before WHERE chain = '{case}';
END $$
"""


def tamper(*statements: str) -> None:
    """Carry out statements with every trigger and reference looking away."""
    with psycopg.connect(settings().database.url) as connection:
        connection.execute(HIDDEN)
        for statement in statements:
            connection.execute(statement)


def chain_again(case_id: UUID) -> None:
    """Write a case's chain anew over rows that were changed, as a careful forger would."""
    tamper(CHAINED_AGAIN.format(case=case_id))


def asked(question: str) -> Sequence[tuple[object, ...]]:
    """Return what the database answers."""
    with psycopg.connect(settings().database.url) as connection:
        return connection.execute(question).fetchall()
