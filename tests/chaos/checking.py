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


def faults(case_ids: Collection[UUID]) -> list[str]:
    """Return what does not hold of these cases, which all were certified and published; nothing when all is well."""
    with reading() as session:
        return [
            *_not_ended(session, case_ids),
            *_doubled(session, case_ids),
            *_asked_twice(session, case_ids),
            *_letters(session, case_ids),
            *(f"the journal: {one}" for one in (*broken_chains(every_line(session)), *broken_ends(session))),
        ]


def _not_ended(session: Session, case_ids: Collection[UUID]) -> list[str]:
    open_still = select(Case.reference, Case.stage).where(col(Case.id).in_(case_ids), col(Case.closed_at).is_(None))
    return [f"{reference} has not ended, it is at {stage}" for reference, stage in session.exec(open_still)]


def _doubled(session: Session, case_ids: Collection[UUID]) -> list[str]:
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


def _asked_twice(session: Session, case_ids: Collection[UUID]) -> list[str]:
    """No file was returned, so each stage has one round, and each duty was given once to whoever has it."""
    rounds = select(StageRound.case_id, StageRound.stage).where(col(StageRound.case_id).in_(case_ids))
    duties = select(Assignment.case_id, Assignment.duty, Assignment.user_id)
    duties = duties.where(col(Assignment.case_id).in_(case_ids))
    found = [*session.exec(rounds), *session.exec(duties)]
    return [f"{times} times: {key}" for key, times in Counter(found).items() if times > 1]


def _letters(session: Session, case_ids: Collection[UUID]) -> list[str]:
    """A letter leaves once; one whose fate nobody knows is said to be unknown and is not sent again."""
    posted = session.exec(select(Message).where(col(Message.case_id).in_(case_ids))).all()
    fine = {MessageState.SENT, MessageState.UNKNOWN}
    return [
        f"letter {one.letter} to {one.address} is {one.state} after {one.attempts} attempts"
        for one in posted
        if one.state not in fine or one.attempts > 1
    ]
