"""What must hold after every fault: recomputed from the tables alone."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, func, select

from casework.trust.chains import broken_chains, broken_ends, every_line
from core.db import reading
from models.case import Assignment, Case, StageRound
from models.certificate import Certificate, RegisterEntry
from models.engine import Bell
from models.judgement import Decision
from models.message import Message, MessageState
from tests.chaos.sink import Mood, Sink


def unanswered(case_ids: Collection[UUID]) -> int:
    """Count the bells of these cases that no run has answered."""
    with reading() as session:
        hanging = select(func.count()).where(col(Bell.case_id).in_(case_ids), col(Bell.answered_at).is_(None))
        return session.exec(hanging).one()


def still_due(case_ids: Collection[UUID]) -> int:
    """Count the letters of these cases that have still to leave."""
    with reading() as session:
        due = select(func.count()).where(col(Message.case_id).in_(case_ids), Message.state == MessageState.DUE)
        return session.exec(due).one()


def all_gone(case_ids: Collection[UUID]) -> bool:
    """Say whether no letter of these cases is due or in a sender's hand: nothing more will happen to them by itself."""
    under_way = {MessageState.DUE, MessageState.SENDING}
    with reading() as session:
        found = select(Message.id).where(col(Message.case_id).in_(case_ids), col(Message.state).in_(under_way))
        return session.exec(found).first() is None


def in_hand() -> set[UUID]:
    """Return the letters that a sender has in hand; where none lives, nobody knows what became of them."""
    with reading() as session:
        return set(session.exec(select(Message.id).where(Message.state == MessageState.SENDING)))


def faults(case_ids: Collection[UUID], sink: Sink | None = None, unknown: Collection[UUID] | None = None) -> list[str]:
    """Return what does not hold of these cases, which all were certified and published; nothing when all is well.

    `sink`: where their letters went, if they are to be counted there. `unknown`: the only letters that may be.
    """
    with reading() as session:
        return [
            *_not_ended(session, case_ids),
            *doubled(session, case_ids),
            *asked_twice(session, case_ids),
            *letters(session, case_ids, sink),
            *_doubtful(session, case_ids, unknown),
            *(f"the journal: {one}" for one in (*broken_chains(every_line(session)), *broken_ends(session))),
        ]


def _not_ended(session: Session, case_ids: Collection[UUID]) -> list[str]:
    open_still = select(Case.reference, Case.stage).where(col(Case.id).in_(case_ids), col(Case.closed_at).is_(None))
    return [f"{reference} has not ended, it is at {stage}" for reference, stage in session.exec(open_still)]


def doubled(session: Session, case_ids: Collection[UUID]) -> list[str]:
    """Each effect is there once: certificates and their numbers, the register, decisions."""
    certificates = session.exec(select(Certificate).where(col(Certificate.case_id).in_(case_ids))).all()
    entries = session.exec(select(RegisterEntry.certificate_id)).all()
    decided = session.exec(
        select(Decision.case_id, Decision.stage, Decision.round).where(col(Decision.case_id).in_(case_ids))
    ).all()
    numbers = Counter(certificate.number for certificate in certificates)
    found = [f"certificate number {number} {times} times" for number, times in numbers.items() if times > 1]
    if sorted(c.case_id for c in certificates) != sorted(case_ids):
        found.append(f"{len(certificates)} certificates of {len(case_ids)} cases")
    if sum(entries.count(certificate.id) for certificate in certificates) != len(certificates):
        found.append("the register is not what was certified")
    return found + [f"decided {times} times: {key}" for key, times in Counter(decided).items() if times > 1]


def asked_twice(session: Session, case_ids: Collection[UUID]) -> list[str]:
    """No file was returned, so each stage has one round, and each duty was given once to whoever has it."""
    rounds = select(StageRound.case_id, StageRound.stage).where(col(StageRound.case_id).in_(case_ids))
    duties = select(Assignment.case_id, Assignment.duty, Assignment.user_id)
    duties = duties.where(col(Assignment.case_id).in_(case_ids))
    found = [*session.exec(rounds), *session.exec(duties)]
    return [f"{times} times: {key}" for key, times in Counter(found).items() if times > 1]


ARRIVED = {MessageState.SENT: {1}, MessageState.UNKNOWN: {0, 1}, MessageState.FAILED: {0}, MessageState.DUE: {0}}
"""How often a letter may have arrived, by what we say of it."""


def letters(session: Session, case_ids: Collection[UUID], sink: Sink | None = None) -> list[str]:
    """A letter leaves once; one whose fate nobody knows is said to be unknown and is not sent again.

    Where the deliveries were counted, they say so; else a second attempt is one too many.
    """
    posted = session.exec(select(Message).where(col(Message.case_id).in_(case_ids)).order_by(Message.key)).all()
    if sink is None:
        fine = {MessageState.SENT, MessageState.UNKNOWN}
        return [_told(one, f"{one.attempts} attempts") for one in posted if one.state not in fine or one.attempts > 1]
    counted = sink.counted()
    found = [f"a letter to {one.recipient} had no Message-ID" for one in sink.deliveries if not one.message_id]
    found += [f"{letter} arrived {times} times at {to}" for (letter, to), times in counted.items() if times > 1]
    for one in posted:
        times = counted[one.message_id, one.address]
        refused = one.state is MessageState.FAILED
        if times not in ARRIVED.get(one.state, ()) or refused != (sink.mood(one.address) is Mood.REFUSING):
            found.append(_told(one, f"{times} deliveries"))
    return found


def _told(one: Message, after: str) -> str:
    return f"letter {one.letter} to {one.address} is {one.state} after {after}: {one.error}"


def _doubtful(session: Session, case_ids: Collection[UUID], expected: Collection[UUID] | None) -> list[str]:
    """Those letters are unknown that a process had in hand when it died, and no others."""
    if expected is None:
        return []
    posted = session.exec(select(Message).where(col(Message.case_id).in_(case_ids)).order_by(Message.key)).all()
    wrong = [one for one in posted if (one.state is MessageState.UNKNOWN) != (one.id in expected)]
    return [_told(one, "a process died, or none did") for one in wrong]
