"""Announcements: composing one, and reading them without an account."""

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.deps import SignedIn
from api.files import PDF, download
from api.idempotency import Made, OnlyOnce
from api.paging import Paging
from api.schemas.announcements import AnnouncementGiven, AnnouncementTold, AnnouncementWithBases, UnannouncedTold
from api.schemas.common import Page, refusals
from casework.calls import by_code
from casework.people import Person
from casework.publication.announcements import NewAnnouncement, announce, announcement_of, announcements
from casework.publication.waiting import unannounced
from core.addresses import KnownId, Words
from core.db import reading, transaction
from core.files import fetch

router = APIRouter(tags=["Certificates"])


@router.get("/announcements", responses=refusals(422))
def list_announcements(paging: Paging) -> Page[AnnouncementTold]:
    """List the announcements, the oldest first; no sign-in needed."""
    with reading() as session:
        found = announcements(session)
    place = paging.cut(found, "announcements", lambda one: (one.announcement.published_at, str(one.announcement.id)))
    return paging.told(place, AnnouncementTold.of)


@router.get("/announcements/{announcement_id}", responses=refusals(404))
def read_announcement(announcement_id: KnownId) -> AnnouncementWithBases:
    """Tell one announcement with what it lists; no sign-in needed."""
    with reading() as session:
        return AnnouncementWithBases.whole(*announcement_of(session, announcement_id))


@router.get("/announcements/{announcement_id}/pdf", response_class=Response, responses=PDF | refusals(404))
def read_announcement_file(announcement_id: KnownId) -> Response:
    """Give the document as it was made; no sign-in needed."""
    with reading() as session:
        told, _ = announcement_of(session, announcement_id)
    return download(fetch(told.announcement.sha256), f"{told.announcement.number}.pdf")


@router.get("/calls/{code}/unannounced", responses=refusals(401, 403, 404, 422))
def list_unannounced(code: Words, paging: Paging, person: SignedIn) -> Page[UnannouncedTold]:
    """List the bases of a call that wait to be announced, each with its last day (the office)."""
    with reading() as session:
        found = unannounced(session, by_code(session, code), by=person)
    place = paging.cut(found, "unannounced", lambda one: (one.entry.area_code, one.certificate.number))
    return paging.told(place, UnannouncedTold.of)


@router.post(
    "/calls/{code}/announcements",
    status_code=201,
    response_model=AnnouncementWithBases,
    responses=refusals(400, 401, 403, 404, 409, 415, 422),
)
def make_announcement(code: Words, given: AnnouncementGiven, person: SignedIn, once: OnlyOnce) -> Response:
    """Announce bases of a call under a document number (the office)."""
    with transaction() as session:
        return once.answer(session, lambda: _made(session, code, given, person))


def _made(session: Session, code: str, given: AnnouncementGiven, person: Person) -> Made:
    new = NewAnnouncement(given.number, given.title, given.dated_on, given.certificates)
    made = announce(session, by_code(session, code), new, by=person)
    session.flush()
    told = AnnouncementWithBases.whole(*announcement_of(session, made.id))
    return Made(told, location=f"/api/v1/announcements/{made.id}")
