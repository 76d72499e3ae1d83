"""Looking at objections: the office's list, one objection with everything, and what the others may see of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from casework.access import Sight, require, sight_of
from casework.cases import BASE_NAME
from casework.objections.letters import REFUSED, RESULTS
from casework.objections.statements import told_to
from casework.people import Person
from core.errors import NotFound
from core.i18n import marked
from models.application import Application
from models.case import Case
from models.objection import Objection, ObjectionFile, ObjectionNote
from models.organisation import Organisation
from models.person import User
from models.publicity import Publicity, PublicityItem
from regulation.form.masking import masked_email, masked_phone
from regulation.roles import Role

HANDLERS = (Role.OFFICE, Role.DECIDER)
"""Who may know who objected."""
MOST = 500


@dataclass(frozen=True)
class Listed:
    """One objection in a list, without its author."""

    objection: Objection
    case: Case
    unit: str
    base_name: str
    publicity: Publicity

    @property
    def open(self) -> bool:
        """Whether it still holds its case up."""
        return is_open(self.objection)

    @property
    def standing(self) -> str:
        """Where it stands, in Chinese."""
        return standing_of(self.objection)


@dataclass(frozen=True)
class Dossier:
    """One objection with all that one of the office or the department may see of it; `sight` is that of its case."""

    listed: Listed
    sight: Sight
    files: list[ObjectionFile]
    notes: list[tuple[ObjectionNote, User]]

    @property
    def objection(self) -> Objection:
        """The objection itself."""
        return self.listed.objection

    @property
    def phone(self) -> str:
        """How to call who objects; hidden until somebody says why."""
        return self.objection.phone if self.sight.personal else masked_phone(self.objection.phone)

    @property
    def email(self) -> str:
        """How to write to who objects; hidden until somebody says why."""
        written = self.objection.email
        return written if self.sight.personal or not written else masked_email(written)


def is_open(objection: Objection) -> bool:
    """Whether an objection is not settled: neither refused nor concluded."""
    return objection.accepted is not False and objection.concluded_at is None


def standing_of(objection: Objection) -> str:
    """Return where an objection stands, in Chinese: received, accepted, refused, or what it has come to."""
    if objection.accepted is None:
        return marked("待决定是否受理")
    if objection.result:
        return RESULTS[objection.result]
    return marked("已受理，调查中") if objection.accepted else REFUSED


def objections(session: Session, *, by: Person, case_id: UUID | None = None) -> list[Listed]:
    """Return the objections, of one case or of all, those first that are open and due soonest."""
    require(by, *HANDLERS)
    found = _selected()
    if case_id:
        found = found.where(Objection.case_id == case_id)
    settled = col(Objection.accepted).is_(False) | col(Objection.concluded_at).is_not(None)
    rows = session.exec(found.order_by(settled, col(Objection.due_on), Objection.number).limit(MOST))
    return [Listed(*row) for row in rows]


def dossier(session: Session, objection_id: UUID, *, by: Person) -> Dossier:
    """Return one objection with its files and notes; raises `NotFound`, `NotPermitted`."""
    require(by, *HANDLERS)
    row = session.exec(_selected().where(Objection.id == objection_id)).first()
    if not row:
        raise NotFound
    notes = select(ObjectionNote, User).join(User, col(User.id) == ObjectionNote.written_by)
    notes = notes.where(ObjectionNote.objection_id == objection_id).order_by(col(ObjectionNote.written_at))
    listed = Listed(*row)
    sight = sight_of(session, by, listed.case)
    return Dossier(listed, sight, files_of(session, objection_id), list(session.exec(notes)))


def files_of(session: Session, objection_id: UUID) -> list[ObjectionFile]:
    """Return what came with an objection, the sealed original first."""
    files = select(ObjectionFile).where(ObjectionFile.objection_id == objection_id)
    return list(session.exec(files.order_by(col(ObjectionFile.sealed).desc(), ObjectionFile.filename)))


def file_of(session: Session, objection_id: UUID, file_id: UUID, *, by: Person) -> ObjectionFile:
    """Return one file of an objection, for the office and the department."""
    require(by, *HANDLERS)
    file = session.get(ObjectionFile, file_id)
    if not file or file.objection_id != objection_id:
        raise NotFound
    return file


def by_token(session: Session, token: str) -> Listed:
    """Return the objection that a secret link opens."""
    row = session.exec(_selected().where(Objection.token == token)).first()
    if not row:
        raise NotFound
    return Listed(*row)


def told_of(session: Session, case: Case, objection_id: UUID, *, by: Person) -> Objection:
    """Return an objection as the applying institution may see it, to it and to the handlers; `NotFound` to others."""
    objection = session.get(Objection, objection_id)
    if not objection or objection.case_id != case.id:
        raise NotFound
    if not by.has(*HANDLERS) and not told_to(session, case, objection, by):
        raise NotFound
    return objection


def told_objections(session: Session, case: Case, *, by: Person) -> list[Objection]:
    """Return the objections of a case that somebody was told of: the owner's accepted ones, all to the handlers."""
    found = select(Objection).where(Objection.case_id == case.id).order_by(Objection.number)
    if by.has(*HANDLERS):
        return list(session.exec(found))
    return (
        list(session.exec(found.where(col(Objection.accepted).is_(True)))) if sight_of(session, by, case).owner else []
    )


def _selected() -> Any:  # noqa: ANN401 - a statement
    return (
        select(Objection, Case, Organisation.name, BASE_NAME, Publicity)  # type: ignore[call-overload]  # four at most
        .join(Case, col(Case.id) == Objection.case_id)
        .join(Application, col(Application.id) == Case.application_id)
        .join(Organisation, col(Organisation.id) == Application.organisation_id)
        .join(PublicityItem, col(PublicityItem.id) == Objection.publicity_item_id)
        .join(Publicity, col(Publicity.id) == PublicityItem.publicity_id)
    )
