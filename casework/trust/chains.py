"""The chains of the journal: each line's hash is of the whole line and of the hash before it.

A trigger writes them (migration 0013). Here they are read again, line by line, with PostgreSQL's own functions and none
of ours: whoever can change a row can change our functions too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import chain as one_after_the_other
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from core.i18n import marked
from models.case import Case
from models.journal import NO_CASE

TEXT = """jsonb_build_array(
    previous, number, id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    case_id, "by", act, stage, round, detail
)::text"""
"""What a line's hash is of: one JSON array, every column but the hash itself."""

EVERY_LINE = f"""
SELECT coalesce(case_id, '{NO_CASE}') AS chain, number, previous, hash, {TEXT} AS text
FROM journal ORDER BY case_id NULLS FIRST, number, id
"""  # noqa: S608 - constants of ours
AT_ONCE = 2000
"""Lines that are fetched at a time."""


class Line(NamedTuple):
    """One line of the journal as it is verified."""

    chain: UUID
    number: int
    previous: str
    hash: str
    text: str

    @property
    def is_whole(self) -> bool:
        """Whether the hash is that of the line."""
        return sha256(self.text.encode()).hexdigest() == self.hash


class Wrong(StrEnum):
    """What may have been done to a chain."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    REWRITTEN = "rewritten"


WORDS = {
    Wrong.ALTERED: marked("第 {line} 行被改动：内容与校验值不符"),
    Wrong.REMOVED: marked("第 {line} 行被删除"),
    Wrong.INSERTED: marked("第 {line} 行是插入的：不在原有的次序之中"),
    Wrong.REWRITTEN: marked("第 {line} 行及之前被重新编写：与第 {seal} 号封存不符"),
}


@dataclass(frozen=True)
class Broken:
    """The first thing that is wrong with one chain."""

    chain: UUID
    line: int
    wrong: Wrong
    seal: int = 0


def at_one_moment(session: Session) -> None:
    """Let everything that the session reads from now on be as it is at this moment, whoever writes meanwhile."""
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def every_line(session: Session) -> Iterator[Line]:
    """Read the journal, chain after chain, without holding it in memory."""
    found = session.connection().execute(text(EVERY_LINE), execution_options={"yield_per": AT_ONCE})
    yield from (Line(*row) for row in found)


def broken_chains(lines: Iterable[Line]) -> Iterator[Broken]:
    """Find the first fault of every chain; the lines come chain after chain, in the order of their numbers."""
    for _, of_one in groupby(lines, attrgetter("chain")):
        if broken := first_fault(of_one):
            yield broken


def first_fault(lines: Iterable[Line]) -> Broken | None:
    """Find the first fault of one chain: what it says of itself, not yet whether its end is there."""
    before, last = "", None
    for line in lines:
        number = last.number if last else 0
        if line.number > number + 1:
            return Broken(line.chain, number + 1, Wrong.REMOVED)
        if line.number <= number:
            return Broken(line.chain, line.number, Wrong.INSERTED)
        if last and line.previous == before != last.hash:  # it still holds on to the line before the last
            return Broken(line.chain, number, Wrong.INSERTED)
        if last and not last.is_whole:
            return Broken(line.chain, number, Wrong.ALTERED)
        if line.previous != (last.hash if last else ""):
            return Broken(line.chain, line.number, Wrong.ALTERED)
        before, last = (last.hash if last else ""), line
    return Broken(last.chain, last.number, Wrong.ALTERED) if last and not last.is_whole else None


ENDS = f"""
WITH ends AS (
    SELECT DISTINCT ON (case_id) coalesce(case_id, '{NO_CASE}') AS chain, number AS lines, hash
    FROM journal ORDER BY case_id, number DESC
)
SELECT coalesce(kept.chain, ends.chain), coalesce(kept.lines, 0), coalesce(ends.lines, 0)
FROM journal_chains kept FULL JOIN ends USING (chain)
WHERE coalesce(kept.lines, 0) <> coalesce(ends.lines, 0) OR coalesce(kept.hash, '') <> coalesce(ends.hash, '')
ORDER BY 1
"""  # noqa: S608 - constants of ours


def broken_ends(session: Session) -> Iterator[Broken]:
    """Find the chains that do not end where their last writer left them."""
    for chain, kept, there in session.connection().execute(text(ENDS)):
        if there < kept:
            yield Broken(chain, there + 1, Wrong.REMOVED)
        elif there > kept:
            yield Broken(chain, kept + 1, Wrong.INSERTED)
        else:
            yield Broken(chain, there, Wrong.ALTERED)


def firsts(*found: Iterable[Broken]) -> list[Broken]:
    """Return the first fault of each chain, of whatever kind, in the order they were found."""
    first: dict[UUID, Broken] = {}
    for broken in one_after_the_other(*found):
        first.setdefault(broken.chain, broken)
    return list(first.values())


def names_of(session: Session, chains: Iterable[UUID]) -> dict[UUID, str]:
    """Return the references of the cases that these chains are about."""
    found = session.exec(select(Case.id, Case.reference).where(col(Case.id).in_(list(chains))))
    return dict(found.all())
