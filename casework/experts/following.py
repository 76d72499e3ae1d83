"""Who follows: the next in a draw's order with whom the rules are kept, and everything that was drawn from."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from casework.assignments import of_round
from casework.experts.conflicts import holding
from casework.experts.draws import Exclusion, reasons_against
from casework.experts.kept import candidates_in, rules_in
from casework.experts.pool import entries_of
from casework.experts.seats import taken_in
from core.i18n import speaking
from models.case import Assignment, Case
from models.expert import Draw, Invitation, InvitationState
from regulation.drawing import Candidate, successor
from regulation.roles import Duty


@dataclass(frozen=True)
class Following:
    """The next in order, or nobody; who stands, who is gone, and who of the order was passed over for a new reason."""

    candidate: Candidate | None
    standing: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    passed: list[Exclusion] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """Return what is written down of it."""
        return {"standing": self.standing, "gone": self.gone, "passed": [asdict(one) for one in self.passed]}


def following(session: Session, draw: Draw, cases: Collection[Case], seat: Assignment | None) -> Following:
    """Find the next in order for a draw that lacks a member, or for one seat of one case that was vacated."""
    standing, gone = seated(session, draw, seat) if seat else answered(session, draw)
    waiting = [one for one in candidates_in(draw) if one.id not in standing and one.id not in gone]
    passed = newly_excluded(session, waiting, cases)
    unable = {one.id for one in waiting if seat and seat.leads and not one.may_chair}
    out = sorted(gone | unable | {one.id for one in passed})
    return Following(next_of(draw, standing, out), sorted(standing), out, passed)


def next_of(draw: Draw, standing: Collection[str], gone: Collection[str]) -> Candidate | None:
    """Return the next in order; a member who was named by hand, and so is not in the order, only takes a seat."""
    candidates, rules = candidates_in(draw), rules_in(draw)
    strangers = set(standing) - {one.id for one in candidates}
    return successor(draw.seed, candidates, replace(rules, size=rules.size - len(strangers)), standing, gone)


def answered(session: Session, draw: Draw) -> tuple[set[str], set[str]]:
    """Return who of a draw stands and who is gone while the panel is being invited."""
    found = session.exec(select(Invitation).where(Invitation.draw_id == draw.id)).all()
    stands = {str(one.user_id) for one in found if one.state in {InvitationState.OPEN, InvitationState.ACCEPTED}}
    return stands, {str(one.user_id) for one in found} - stands


def seated(session: Session, draw: Draw, seat: Assignment) -> tuple[set[str], set[str]]:
    """Return who sits on the panel of a case, and who did, or would not."""
    stands = {str(one.user_id) for one in taken_in(session, seat.stage_round_id)}
    sat = {str(one.user_id) for one in of_round(session, seat.stage_round_id) if one.duty in {Duty.REVIEW, Duty.ANSWER}}
    return stands, (sat | answered(session, draw)[1]) - stands


def newly_excluded(session: Session, waiting: Collection[Candidate], cases: Collection[Case]) -> list[Exclusion]:
    """Return who could be drawn when the panel was, and cannot be any more."""
    ids = [UUID(one.id) for one in waiting]
    against, references = holding(session, cases, ids), {case.id: case.reference for case in cases}
    with speaking("zh"):  # what is kept is a document of the procedure
        found = [(one, reasons_against(one, against, references, set())) for one in entries_of(session, ids)]
    return [Exclusion(str(one.user.id), one.user.name, "；".join(reasons)) for one, reasons in found if reasons]


def repeated(draw: Draw, invitation: Invitation) -> bool:
    """Whether what was kept of an invitation gives the same next in order again."""
    again = next_of(draw, invitation.standing, invitation.gone)
    return again is not None and again.id == str(invitation.user_id)
