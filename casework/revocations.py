"""Revoking a certificate takes two persons: one of the office proposes it, the department confirms or declines.

Register and verification page say so from the same transaction on.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.cases import held
from casework.certificates import held_with
from casework.letters import applicants_of, post
from casework.people import Person, holders_of
from core.clock import local, now
from core.errors import Conflict, Fault, Invalid, NotFound, NotPermitted, StageClosed
from core.i18n import marked
from models.case import Case
from models.certificate import Certificate
from models.person import User
from models.publication import Revocation
from regulation.roles import Role

LONGEST_BASIS, LONGEST_REASONS = 200, 2000
HANDLERS = (Role.OFFICE, Role.DECIDER)
MOST = 500

REVOKED = marked("该证书已撤销。")
UNPUBLISHED = marked("该证书尚未公布，请待公布后再办理撤销。")
PENDING = marked("该证书已有待确认的撤销提议，不能重复提出。")
NO_BASIS = marked("请填写撤销依据（条文，不超过 200 字）。")
NO_REASONS = marked("请填写撤销理由（不超过 2000 字）。")
DECIDED = marked("该撤销提议已由{by}于{at}办结。")
SAME_PERSON = marked("撤销证书须由两人办理：提出人不能自行确认。")
NO_ANSWER = marked("请填写不同意撤销的理由（不超过 2000 字）。")


@dataclass(frozen=True)
class Proposed:
    """A proposal to revoke with its certificate and the people who made and decided it."""

    revocation: Revocation
    certificate: Certificate
    proposer: User
    decider: User | None

    @property
    def open(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.revocation.decided_at is None


def propose(session: Session, number: str, basis: str, reasons: str, *, by: Person) -> Revocation:
    """Propose to revoke a certificate, naming the rule and the reasons; the department is asked.

    Raises `NotPermitted`, `NotFound`, `Conflict` for one that is revoked or proposed already, `StageClosed` before it
    was published, `Invalid`.
    """
    require(by, Role.OFFICE)
    certificate = session.exec(select(Certificate).where(Certificate.number == number)).first()
    if not certificate:
        raise NotFound
    case = held(session, certificate.case_id)
    session.refresh(certificate)
    refuse_if_settled(session, case, certificate)
    faults = [] if 0 < len(basis.strip()) <= LONGEST_BASIS else [Fault("basis", NO_BASIS)]
    if not 0 < len(reasons.strip()) <= LONGEST_REASONS:
        faults.append(Fault("reason", NO_REASONS))
    if faults:
        raise Invalid(faults=faults)
    proposal = Revocation(
        certificate_id=certificate.id, basis=basis.strip(), reasons=reasons.strip(), proposed_by=by.id
    )
    session.add(proposal)
    session.flush()
    journal.note(session, "revocation-proposed", case=case, by=by, number=number)
    for decider in holders_of(session, Role.DECIDER):
        facts = {"number": number, "basis": proposal.basis, "reasons": proposal.reasons}
        path = f"/office/revocations/{proposal.id}"
        post(session, "revocation-proposed", decider, about=str(proposal.id), case=case, path=path, **facts)
    return proposal


def refuse_if_settled(session: Session, case: Case, certificate: Certificate) -> None:
    """Raise a `Conflict` where there is nothing to revoke, or it was proposed already."""
    if certificate.revoked_at:
        raise Conflict(REVOKED)
    if not case.closed_at:
        raise StageClosed(UNPUBLISHED)
    pending = select(Revocation.id).where(
        Revocation.certificate_id == certificate.id, col(Revocation.decided_at).is_(None)
    )
    if session.exec(pending).first():
        raise Conflict(PENDING)


def confirm(session: Session, proposal_id: UUID, *, by: Person) -> Certificate:
    """Revoke the certificate as proposed; the department does it, never whoever proposed it."""
    proposal, certificate, case = _held(session, proposal_id, by)
    proposal.confirmed, proposal.decided_at, proposal.decided_by = True, now(), by.id
    certificate.revoked_at, certificate.revocation_reason = now(), proposal.reasons
    number, reason = certificate.number, proposal.reasons
    journal.note(session, "certificate-revoked", case=case, by=by, number=number, basis=proposal.basis, reason=reason)
    for applicant in applicants_of(session, case):
        post(
            session,
            "revoked",
            applicant,
            about=str(certificate.id),
            case=case,
            number=certificate.number,
            basis=proposal.basis,
            reasons=proposal.reasons,
            verification_path=f"/verify/{certificate.token}",
        )
    return certificate


def decline(session: Session, proposal_id: UUID, answer: str, *, by: Person) -> Revocation:
    """Leave the certificate as it is, and say why."""
    proposal, certificate, case = _held(session, proposal_id, by)
    if not 0 < len(answer.strip()) <= LONGEST_REASONS:
        raise Invalid(faults=[Fault("answer", NO_ANSWER)])
    proposal.confirmed, proposal.answer = False, answer.strip()
    proposal.decided_at, proposal.decided_by = now(), by.id
    journal.note(session, "revocation-declined", case=case, by=by, number=certificate.number)
    return proposal


def proposals(session: Session, *, by: Person) -> list[Proposed]:
    """Return the proposals, those first that wait for the department."""
    require(by, *HANDLERS)
    decider = aliased(User)
    rows = session.exec(
        select(Revocation, Certificate, User, decider)
        .join(Certificate, col(Certificate.id) == Revocation.certificate_id)
        .join(User, col(User.id) == Revocation.proposed_by)
        .join(decider, col(decider.id) == Revocation.decided_by, isouter=True)
        .order_by(col(Revocation.decided_at).is_not(None), col(Revocation.proposed_at).desc())
        .limit(MOST)
    )
    return [Proposed(*row) for row in rows]


def proposal_of(session: Session, proposal_id: UUID, *, by: Person) -> Proposed:
    """Return one proposal; raises `NotFound`."""
    require(by, *HANDLERS)
    proposal = session.get(Revocation, proposal_id)
    if not proposal:
        raise NotFound
    decider = session.get(User, proposal.decided_by) if proposal.decided_by else None
    certificate = session.get_one(Certificate, proposal.certificate_id)
    return Proposed(proposal, certificate, session.get_one(User, proposal.proposed_by), decider)


def _held(session: Session, proposal_id: UUID, by: Person) -> tuple[Revocation, Certificate, Case]:
    """Hold the case behind an open proposal that this person may decide."""
    require(by, Role.DECIDER)
    proposal = session.get(Revocation, proposal_id)
    if not proposal:
        raise NotFound
    certificate, case = held_with(session, proposal)
    if proposal.decided_at:
        user = session.get_one(User, proposal.decided_by)
        raise Conflict(DECIDED, by=user.name, at=f"{local(proposal.decided_at):%Y-%m-%d %H:%M}")
    if proposal.proposed_by == by.id:
        raise NotPermitted(SAME_PERSON)
    return proposal, certificate, case
