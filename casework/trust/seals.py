"""The seals of the journal: once a day, the ends of all chains that have grown, under one hash that is published.

A chain has one writer at a time, so its end is never in doubt; a seal takes the ends that are committed at its moment,
and what is being written then is in the next one. The text of a seal can be checked with `sha256sum`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from itertools import groupby
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from casework.trust.chains import Broken, Wrong
from casework.turnstile import pass_through
from core.clock import local, now, today
from core.i18n import marked
from models.journal import NO_CASE, JournalSeal, SealedHead

GROWN = text("""
SELECT kept.chain, kept.lines, kept.hash FROM journal_chains kept
WHERE kept.lines > coalesce((SELECT max(lines) FROM sealed_heads WHERE sealed_heads.chain = kept.chain), 0)
ORDER BY kept.chain
""")


Sealed = tuple[JournalSeal, list[SealedHead]]
"""A seal with the heads it is over."""


@dataclass(frozen=True)
class BadSeal:
    """Something is wrong with a seal itself, or with what was published of it."""

    number: int
    sentence: str
    hash: str = ""


ALTERED = marked("第 {number} 号封存被改动：内容与校验值不符")
MISSING = marked("第 {number} 号封存被删除")
DETACHED = marked("第 {number} 号封存不与前一号相接")
NOT_OURS = marked("公布过的校验值在台账中找不到：{hash}")


def seal(session: Session) -> JournalSeal | None:
    """Seal what has been written since the last seal; None when there is nothing new."""
    pass_through(session, "seal the journal")
    grown = session.connection().execute(GROWN).all()
    if not grown:
        return None
    last = latest(session) or JournalSeal(number=0, sealed_at=now(), lines=0, hash="")
    number = last.number + 1
    heads = [SealedHead(seal=number, chain=chain, lines=lines, hash=end) for chain, lines, end in grown]
    lines = last.lines + _new_lines(session, heads)
    sealed = JournalSeal(number=number, sealed_at=now(), lines=lines, previous=last.hash, hash="")
    sealed.hash = sha256(text_of(sealed, heads).encode()).hexdigest()
    session.add(sealed)
    session.flush()
    session.add_all(heads)
    session.flush()
    return sealed


def seal_of_the_day(session: Session) -> JournalSeal | None:
    """Seal once a day: nothing when today has its seal."""
    last = latest(session)
    return None if last and local(last.sealed_at).date() >= today() else seal(session)


def latest(session: Session) -> JournalSeal | None:
    """Return the last seal."""
    return session.exec(select(JournalSeal).order_by(col(JournalSeal.number).desc()).limit(1)).first()


def newest(session: Session, *, before: int = 0, limit: int = 50) -> Sequence[JournalSeal]:
    """Return the seals, the newest first; `before` a number, unless that is 0."""
    found = select(JournalSeal).order_by(col(JournalSeal.number).desc()).limit(limit)
    return session.exec(found.where(col(JournalSeal.number) < before) if before else found).all()


def text_of(sealed: JournalSeal, heads: Iterable[SealedHead]) -> str:
    """Return what the hash of a seal is of; whoever has this text needs nothing else to check it."""
    at = sealed.sealed_at.astimezone(UTC)
    return "".join(
        f"{line}\n"
        for line in (
            "jidi journal seal 1",
            f"number {sealed.number}",
            f"sealed {at:%Y-%m-%dT%H:%M:%S.%f}Z",
            f"lines {sealed.lines}",
            f"previous {sealed.previous or '-'}",
            *(f"{head.chain} {head.lines} {head.hash}" for head in sorted(heads, key=lambda head: head.chain.int)),
        )
    )


def seals_over(session: Session, chain: UUID) -> Iterator[Sealed]:
    """Return the seals that cover lines of a chain, each with all its heads, in order."""
    numbers = select(SealedHead.seal).where(SealedHead.chain == chain)
    yield from _read(session, numbers)


def every_seal(session: Session) -> Iterator[Sealed]:
    """Return every seal with its heads, in order."""
    yield from _read(session, select(JournalSeal.number))


def bad_seals(seals: Iterable[Sealed], published: Sequence[str] = ()) -> Iterator[BadSeal]:
    """Find what is wrong with the seals themselves, and which published hashes are of none of them."""
    number, previous, known = 0, "", set()
    for sealed, heads in seals:
        if sealed.number != number + 1:
            yield BadSeal(number + 1, MISSING)
        elif sealed.previous != previous:
            yield BadSeal(sealed.number, DETACHED)
        if sha256(text_of(sealed, heads).encode()).hexdigest() != sealed.hash:
            yield BadSeal(sealed.number, ALTERED)
        number, previous = sealed.number, sealed.hash
        known.add(sealed.hash)
    yield from (BadSeal(0, NOT_OURS, hash=one) for one in published if one.strip().lower() not in known)


UNLIKE = text(f"""
SELECT head.chain, head.lines, head.seal, line.hash IS NULL
FROM sealed_heads head
LEFT JOIN journal line ON line.number = head.lines
    AND line.case_id IS NOT DISTINCT FROM nullif(head.chain, '{NO_CASE}')
WHERE line.hash IS DISTINCT FROM head.hash ORDER BY head.chain, head.seal
""")  # noqa: S608 - a constant of ours


def unlike_their_seal(session: Session) -> Iterator[Broken]:
    """Find the chains that are not what a seal found them to be, each with the first such seal."""
    told: set[UUID] = set()
    for chain, line, number, gone in session.connection().execute(UNLIKE):
        if chain not in told:
            told.add(chain)
            yield Broken(chain, line, Wrong.REMOVED if gone else Wrong.REWRITTEN, number)


def _new_lines(session: Session, heads: Sequence[SealedHead]) -> int:
    """Count the lines that are sealed by these heads for the first time."""
    sealed_before = (
        select(SealedHead.chain, func.max(SealedHead.lines))
        .where(col(SealedHead.chain).in_([head.chain for head in heads]))
        .group_by(col(SealedHead.chain))
    )
    before = dict(session.exec(sealed_before).all())
    return sum(head.lines - before.get(head.chain, 0) for head in heads)


def _read(session: Session, numbers: object) -> Iterator[Sealed]:
    """Read seals with their heads, some hundreds of heads at a time."""
    found = (
        select(JournalSeal, SealedHead)
        .join(SealedHead, col(SealedHead.seal) == JournalSeal.number, isouter=True)
        .where(col(JournalSeal.number).in_(numbers))  # type: ignore[arg-type]  # a subquery
        .order_by(col(JournalSeal.number), col(SealedHead.chain))
    )
    for _, rows in groupby(session.exec(found), lambda row: row[0].number):
        together = list(rows)
        yield together[0][0], [head for _, head in together if head]
