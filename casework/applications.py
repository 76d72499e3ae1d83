"""Applications: the draft an institution writes, and its attachments."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.access import own_application
from casework.calls import require_open
from casework.cases import of_application, open_round
from casework.decisions import refuse_if_ended
from casework.people import Person
from casework.turnstile import pass_through
from core.clock import now
from core.errors import CaseClosed, Conflict, Fault, Invalid, NotFound, NotPermitted, StageClosed, Stale
from core.files import accepted_pdf, keep
from core.i18n import marked
from models.application import Application, Call, Document
from models.case import Case
from models.organisation import RECOMMENDING, Organisation
from regulation.form.definition import ATTACHMENTS
from regulation.form.reading import changed, cleaned
from regulation.roles import Role

InFull = tuple[Application, Call, Organisation, Case | None]
"""An application, its call, the body that is to recommend it, and the case it became."""


def begin(session: Session, call: Call, recommender_id: UUID, *, by: Person) -> Application:
    """Begin an application in an open call; an institution has one in a call.

    Raises `CallClosed`, `Conflict` when there is one already, `Invalid` when the body may not recommend (Art. 5(3)).
    """
    if not by.has(Role.APPLICANT):
        raise NotPermitted(marked("只有申报单位的账号可以填写申报表。"))
    require_open(call)
    recommender = session.get(Organisation, recommender_id)
    if not recommender or recommender.kind not in RECOMMENDING:
        raise Invalid(faults=[Fault("recommender_id", marked("请选择推荐单位（市州人社部门或行业主管部门）。"))])
    pass_through(session, f"begin {call.id} {by.organisation_id}")
    if in_call(session, call, by):
        raise Conflict(marked("本单位在该批次已有申报，请在“我的申报”中继续填写。"))
    institution = session.get_one(Organisation, by.organisation_id)
    application = Application(
        call_id=call.id,
        organisation_id=institution.id,
        recommender_id=recommender.id,
        content={"unit_name": institution.name, "credit_code": institution.credit_code},
        created_by=by.id,
    )
    session.add(application)
    session.flush()
    return application


def in_call(session: Session, call: Call, person: Person) -> Application | None:
    """Return the institution's application in a call."""
    found = select(Application).where(
        Application.call_id == call.id, Application.organisation_id == person.organisation_id
    )
    return session.exec(found).first()


def own(session: Session, application_id: UUID, person: Person, *, hold: bool = False) -> Application:
    """Return one of the institution's applications, locked for the transaction if `hold`; `NotFound` for others'."""
    ours: dict[UUID, Application] = session.info.setdefault("held applications", {})
    if application_id in ours:
        return own_application(person, ours[application_id])
    found = select(Application).where(Application.id == application_id)
    found = found.with_for_update().execution_options(populate_existing=True) if hold else found
    application = own_application(person, session.exec(found).first())
    if hold:
        ours[application_id] = application
    return application


def applications_of(session: Session, person: Person) -> list[tuple[Application, Call]]:
    """Return the institution's applications with their calls, the newest first."""
    found = (
        select(Application, Call)
        .join(Call, col(Call.id) == Application.call_id)
        .where(Application.organisation_id == person.organisation_id)
        .order_by(col(Application.created_at).desc())
    )
    return list(session.exec(found)) if person.has(Role.APPLICANT) else []


def own_in_full(session: Session, application_id: UUID, person: Person) -> InFull:
    """Return one of the institution's applications for reading, with all it belongs to; `NotFound` for others'."""
    found = (
        select(Application, Call, Organisation, Case)
        .join(Call, col(Call.id) == Application.call_id)
        .join(Organisation, col(Organisation.id) == Application.recommender_id)
        .join(Case, col(Case.application_id) == Application.id, isouter=True)
        .where(Application.id == application_id)
    )
    row = session.exec(found).first()
    if not row:
        raise NotFound
    own_application(person, row[0])
    return row


def require_editable(session: Session, application: Application) -> Case | None:
    """Raise unless the draft may be changed: before submission while the call is open, later while correcting.

    Returns the case, once there is one.
    """
    case = of_application(session, application.id)
    refuse_unless_editable(session, application, case)
    return case


def refuse_unless_editable(session: Session, application: Application, case: Case | None) -> None:
    """Raise unless the draft, which became this case or none yet, may be changed."""
    if not case:
        require_open(session.get_one(Call, application.call_id))
        return
    if case.closed_at:
        raise CaseClosed
    at = open_round(session, case.id)
    if not at or at.stage != "submission":
        raise StageClosed(marked("申报表已提交，审核期间不能修改。"))
    refuse_if_ended(session, case, at, to_applicant=True)


def is_editable(session: Session, application: Application, case: Case | None) -> bool:
    """Whether the draft, which became this case or none yet, may be changed now."""
    try:
        refuse_unless_editable(session, application, case)
    except Conflict:
        return False
    return True


def save(
    session: Session, application_id: UUID, changes: Mapping[str, Any], version: int | None, *, by: Person
) -> Application:
    """Save fields of the draft; what was typed is kept even where it is wrong, `regulation.form` says what to mend.

    `version` is the one the person was looking at (None: whichever). Raises `Stale`, with the fields that this save
    would overwrite, when it is not the newest, and `Invalid` for fields that do not exist.
    """
    application = own(session, application_id, by, hold=True)
    require_editable(session, application)
    answers = cleaned(changes)
    if version is not None and version != application.version:
        stored = {key: application.content.get(key) for key in answers}
        if differing := changed(stored, answers):
            raise Stale(changed=differing)
    if any(application.content.get(key) != value for key, value in answers.items()):
        application.content = {**application.content, **answers}
        application.version += 1
        application.saved_at = now()
    return application


def documents_of(session: Session, application_id: UUID) -> list[Document]:
    """Return the attachments in force, by kind."""
    found = select(Document).where(Document.application_id == application_id, col(Document.removed_at).is_(None))
    return list(session.exec(found.order_by(Document.kind)))


def attach(session: Session, application_id: UUID, kind: str, upload: tuple[str, bytes], *, by: Person) -> Document:
    """Attach a PDF (file name, bytes) to the draft in place of the one before it; the old file is kept in the store."""
    application = own(session, application_id, by, hold=True)
    case = require_editable(session, application)
    if kind not in {field.key for field in ATTACHMENTS}:
        raise NotFound
    filename = accepted_pdf(upload[1], upload[0])
    detach_if_there(session, application.id, kind)
    document = Document(
        application_id=application.id,
        kind=kind,
        filename=filename,
        size=len(upload[1]),
        sha256=keep(upload[1]),
        uploaded_by=by.id,
    )
    session.add(document)
    application.version += 1
    session.flush()
    journal.note(session, "attached", case=case, by=by, kind=kind, name=filename)
    return document


def detach(session: Session, application_id: UUID, kind: str, *, by: Person) -> None:
    """Take an attachment out of the draft; frozen submissions keep theirs."""
    application = own(session, application_id, by, hold=True)
    require_editable(session, application)
    if not detach_if_there(session, application.id, kind):
        raise NotFound
    application.version += 1


def detach_if_there(session: Session, application_id: UUID, kind: str) -> bool:
    """Mark the attachment of a kind as removed; says whether there was one."""
    there = [d for d in documents_of(session, application_id) if d.kind == kind]
    for document in there:
        document.removed_at = now()
    session.flush()
    return bool(there)
