"""The scan of the signed page, brought before the record of a visit is filed: the newest one counts."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from casework import journal
from casework.people import Person
from casework.visits.photos import visiting
from casework.visits.signing import Signing
from core.clock import now
from core.errors import NotFound
from core.files import accepted_pdf, fetch, keep
from models.visit import SignedPage


def attach_page(session: Session, assignment_id: UUID, upload: tuple[str, bytes], *, by: Person) -> SignedPage:
    """Bring the scan (file name, bytes of a PDF) to an open visit, in place of the one before it.

    Raises `NotAssigned`, `AlreadyDecided`, `StageClosed`, or what `accepted_pdf` has against the file.
    """
    case, at, by = visiting(session, assignment_id, by)
    filename = accepted_pdf(upload[1], upload[0])
    sha256 = keep(upload[1])
    kept: dict[str, Any] = {"filename": filename, "size": len(upload[1]), "sha256": sha256, "uploaded_by": by.id}
    page = page_of(session, at.id) or SignedPage(stage_round_id=at.id, **kept)
    page.sqlmodel_update(kept | {"uploaded_at": now()})
    session.add(page)
    session.flush()
    facts = {"name": filename, "sha256": sha256}
    journal.note(session, "signed-page-attached", case=case, by=by, stage=at.stage, round=at.round, **facts)
    return page


def detach_page(session: Session, assignment_id: UUID, *, by: Person) -> None:
    """Take the scan away while the visit is open; the bytes stay in the store. Raises `NotFound` without one."""
    _, at, _ = visiting(session, assignment_id, by)
    page = page_of(session, at.id)
    if not page:
        raise NotFound
    session.delete(page)


def page_of(session: Session, stage_round_id: UUID) -> SignedPage | None:
    """Return the scan that was brought to a round's visit, if one was."""
    return session.exec(select(SignedPage).where(SignedPage.stage_round_id == stage_round_id)).first()


def with_page(session: Session, stage_round_id: UUID, signing: Signing) -> Signing:
    """Return a signing with the scan that was brought before, where it comes without one of its own."""
    page = None if signing.scan or not signing.on_paper else page_of(session, stage_round_id)
    return replace(signing, scan=(page.filename, fetch(page.sha256))) if page else signing
