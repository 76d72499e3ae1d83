"""The papers of a call's notice: PDFs that everybody may download, kept under their hash."""

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require
from casework.calls.windows import by_code
from casework.people import Person
from core.clock import now
from core.errors import Conflict, NotFound
from core.files import accepted_pdf, digest, keep
from core.i18n import marked
from models.application import Call
from models.call import NoticeAttachment
from regulation.roles import Role

MOST = 20
TOO_MANY = marked("每个批次的通知附件不超过 {most} 个。")
SAME = marked("该文件已在通知附件中。")
ANNOUNCED = marked("批次已开始申报，已公布的通知附件不能删除；如有变化，请另行补充文件说明。")


def attach_to_notice(session: Session, code: str, upload: tuple[str, bytes], *, by: Person) -> NoticeAttachment:
    """Attach a PDF (file name, bytes) to a call's notice.

    Raises `NotPermitted`, `NotFound`, `TooLarge`, `UnsupportedFile`, `Conflict` when it is there or there are too many.
    """
    require(by, Role.OFFICE)
    call = by_code(session, code, hold=True)
    filename = accepted_pdf(upload[1], upload[0])
    there = attachments_of(session, call)
    if any(one.sha256 == digest(upload[1]) for one in there):
        raise Conflict(SAME)
    if len(there) >= MOST:
        raise Conflict(TOO_MANY, most=MOST)
    attachment = NoticeAttachment(
        call_id=call.id, filename=filename, size=len(upload[1]), sha256=keep(upload[1]), attached_by=by.id
    )
    session.add(attachment)
    session.flush()
    journal.note(session, "notice-attached", case=None, by=by, call=code, name=filename, sha256=attachment.sha256)
    return attachment


def take_from_notice(session: Session, code: str, sha256: str, *, by: Person) -> None:
    """Take a paper out of the notice of a call that has not opened; raises `Conflict` once it has."""
    require(by, Role.OFFICE)
    call = by_code(session, code, hold=True)
    attachment = attachment_of(session, call, sha256)
    if not may_take_from_notice(call):
        raise Conflict(ANNOUNCED)
    attachment.removed_at = now()
    journal.note(session, "notice-detached", case=None, by=by, call=code, name=attachment.filename, sha256=sha256)


def may_take_from_notice(call: Call) -> bool:
    """Whether a paper may still be taken out of the notice: nobody has applied on the strength of it."""
    return now() < call.opens_at


def attachments_of(session: Session, call: Call) -> list[NoticeAttachment]:
    """Return the papers of a call's notice in the order they were attached."""
    found = select(NoticeAttachment).where(NoticeAttachment.call_id == call.id)
    in_force = found.where(col(NoticeAttachment.removed_at).is_(None))
    return list(session.exec(in_force.order_by(col(NoticeAttachment.attached_at), NoticeAttachment.filename)))


def attachment_of(session: Session, call: Call, sha256: str) -> NoticeAttachment:
    """Return one paper of a call's notice; raises `NotFound`."""
    found = next((one for one in attachments_of(session, call) if one.sha256 == sha256), None)
    if not found:
        raise NotFound
    return found
