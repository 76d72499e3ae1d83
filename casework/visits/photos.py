"""Photos of a visit: added by the team until the record is filed, kept under the hash of their content."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.assignments import acting, held_duty, is_for
from casework.cases import latest_submission
from casework.decisions import refuse_if_ended
from casework.experts.conflicts import refuse_conflicted
from casework.people import Person
from core.clock import now
from core.errors import Conflict, Fault, Invalid, NotAssigned, NotFound, StageClosed
from core.files import keep
from core.i18n import marked
from core.photo_examination import examined_photo
from models.case import Case, StageRound
from models.visit import VisitPhoto
from regulation.checklist import SOURCES, checklist
from regulation.roles import Duty

MOST = 60
NO_LINE = marked("申报材料中没有这一核对项。")
TOO_MANY = marked("每次考察最多上传 60 张照片，请先删除不需要的照片。")
THERE = marked("这张照片已经上传过。")


def add_photo(session: Session, assignment_id: UUID, line: str, upload: tuple[str, bytes], *, by: Person) -> VisitPhoto:
    """Add a photo (file name, bytes) to a line or an item of the checklist, or to the visit as a whole.

    Raises `NotAssigned`, `AlreadyDecided`, `UnsupportedFile`, `TooLarge`, `Conflict`, or `Invalid` for an unknown line.
    """
    case, at, by = visiting(session, assignment_id, by)
    if line and line not in {*SOURCES, *(one.key for one in checklist(latest_submission(session, case).content))}:
        raise Invalid(faults=[Fault("line", NO_LINE)])
    photo = examined_photo(upload[1], upload[0])
    there = photos_of_round(session, at.id)
    sha256 = keep(upload[1])
    if any(one.sha256 == sha256 for one in there):
        raise Conflict(THERE)
    if len(there) >= MOST:
        raise Conflict(TOO_MANY)
    added = VisitPhoto(
        stage_round_id=at.id,
        line=line,
        filename=photo.filename,
        kind=photo.kind,
        size=len(upload[1]),
        sha256=sha256,
        taken_at=photo.taken_at,
        latitude=photo.latitude,
        longitude=photo.longitude,
        uploaded_by=by.id,
    )
    session.add(added)
    session.flush()
    journal.note(session, "photo-added", case=case, by=by, stage=at.stage, round=at.round, line=line, sha256=sha256)
    return added


def remove_photo(session: Session, assignment_id: UUID, sha256: str, *, by: Person) -> None:
    """Take a photo out of the record in preparation; its bytes stay in the store."""
    case, at, by = visiting(session, assignment_id, by)
    photo = next((one for one in photos_of_round(session, at.id) if one.sha256 == sha256), None)
    if not photo:
        raise NotFound
    photo.removed_at = now()
    journal.note(session, "photo-removed", case=case, by=by, stage=at.stage, round=at.round, sha256=sha256)


def visiting(session: Session, assignment_id: UUID, by: Person) -> tuple[Case, StageRound, Person]:
    """Hold the case of a visit that this person takes part in; the record is not filed yet.

    The person is returned as who acts, in another's place where it is another's seat.

    Raises `StageClosed` with the rule when the person may not judge the case, whoever was named.
    """
    duty, case, at = held_duty(session, assignment_id)
    if duty.duty is not Duty.INSPECT or not is_for(duty, by):
        raise NotAssigned
    refuse_if_ended(session, case, at)
    if duty.ended_at:
        raise StageClosed
    refuse_conflicted(session, case, by.id)
    return case, at, acting(duty, by)


def photos_of_round(session: Session, stage_round_id: UUID) -> list[VisitPhoto]:
    """Return the photos of a visit in the order they were added."""
    found = select(VisitPhoto).where(VisitPhoto.stage_round_id == stage_round_id, col(VisitPhoto.removed_at).is_(None))
    return list(session.exec(found.order_by(col(VisitPhoto.uploaded_at), col(VisitPhoto.sha256))))


def photo_of_case(session: Session, case: Case, sha256: str) -> VisitPhoto:
    """Return a photo of one of a case's visits; raises `NotFound`."""
    found = (
        select(VisitPhoto)
        .join(StageRound, col(StageRound.id) == VisitPhoto.stage_round_id)
        .where(StageRound.case_id == case.id, VisitPhoto.sha256 == sha256, col(VisitPhoto.removed_at).is_(None))
    )
    photo = session.exec(found).first()
    if not photo:
        raise NotFound
    return photo


def frozen(photos: list[VisitPhoto]) -> list[dict[str, Any]]:
    """Return what the record says of its photos: hash, place in the checklist, the camera's time and place."""
    kept = {"line", "filename", "kind", "size", "sha256", "taken_at", "latitude", "longitude"}
    return [photo.model_dump(include=kept) for photo in photos]
