"""The signed and sealed recommendation: scanned, attached to the duty before it is done, kept under its hash."""

from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.assignments import acting, held_duty, is_for
from casework.decisions import refuse_if_ended
from casework.people import Person
from casework.recommending.sheets import scan_of
from core.clock import now
from core.errors import NotAssigned, NotFound, StageClosed
from core.files import accepted_pdf
from core.files import keep as keep_file
from models.case import Case, StageRound
from models.recommendation import SignedScan
from regulation.roles import Duty


def attach_scan(session: Session, assignment_id: UUID, upload: tuple[str, bytes], *, by: Person) -> SignedScan:
    """Attach the scan (file name, bytes of a PDF) to an open recommendation, in place of the one before it.

    Raises `NotAssigned`, `StageClosed`, `AlreadyDecided`, `CaseClosed`, or what `accepted_pdf` has against the file.
    """
    case, at, by = open_recommendation(session, assignment_id, by=by)
    filename = accepted_pdf(upload[1], upload[0])
    _take_away(session, at)
    scan = SignedScan(
        case_id=case.id,
        stage_round_id=at.id,
        filename=filename,
        size=len(upload[1]),
        sha256=keep_file(upload[1]),
        uploaded_by=by.id,
    )
    session.add(scan)
    session.flush()
    detail = {"name": filename, "sha256": scan.sha256}
    journal.note(session, "scan-attached", case=case, by=by, stage=at.stage, round=at.round, **detail)
    return scan


def detach_scan(session: Session, assignment_id: UUID, *, by: Person) -> None:
    """Take the scan away while the recommendation is open; the bytes stay in the store."""
    _, at, _ = open_recommendation(session, assignment_id, by=by)
    if not _take_away(session, at):
        raise NotFound


def open_recommendation(session: Session, assignment_id: UUID, *, by: Person) -> tuple[Case, StageRound, Person]:
    """Hold the case of a recommendation that is this person's and still to be made; return who acts as well."""
    assignment, case, at = held_duty(session, assignment_id)
    if not is_for(assignment, by):
        raise NotAssigned
    refuse_if_ended(session, case, at)
    if assignment.ended_at or assignment.duty is not Duty.RECOMMEND:
        raise StageClosed
    return case, at, acting(assignment, by)


def scan_in(session: Session, case_id: UUID, sha256: str) -> SignedScan:
    """Return a scan of a case by its hash; raises `NotFound`."""
    kept = select(SignedScan).where(SignedScan.case_id == case_id, SignedScan.sha256 == sha256)
    scan = session.exec(kept.where(col(SignedScan.removed_at).is_(None))).first()
    if not scan:
        raise NotFound
    return scan


def _take_away(session: Session, at: StageRound) -> bool:
    """Mark the scan of a round as removed; says whether there was one."""
    scan = scan_of(session, at.id)
    if scan:
        scan.removed_at = now()
        session.flush()
    return bool(scan)
