"""One application as its institution works on it: the draft, its papers, its case, and how far it has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlmodel import Session

from casework.applications import documents_of, is_editable, own, own_in_full
from casework.cases import of_application, open_round
from casework.decisions import refuse_if_ended
from casework.people import Person
from core.addresses import identity
from core.errors import Conflict, Fault, NotFound
from core.i18n import gettext, marked
from models.application import Application, Call, Document
from models.case import Case
from models.organisation import Organisation
from pages.session import Holding
from regulation.form.definition import FORM
from regulation.form.field import Section
from regulation.form.reading import SectionState, completeness
from regulation.policy import Policy, policy_of
from regulation.roles import Role

PROMISE = "promise"
"""The section that is ticked where the application is submitted, and nowhere else."""

HEADED = marked("{number}、{title}")
"""In English `{place}` is used instead of the Chinese number."""

Applicant = Annotated[Person, Depends(Holding(Role.APPLICANT))]


async def known_id(application_id: str) -> UUID:
    """Return the id in the address."""
    return identity(application_id)


ApplicationId = Annotated[UUID, Depends(known_id)]


@dataclass(frozen=True)
class Work:
    """An application with what belongs to it."""

    application: Application
    call: Call
    policy: Policy
    recommender: Organisation
    documents: dict[str, Document]
    case: Case | None
    editable: bool

    @property
    def address(self) -> str:
        """Where the application is."""
        return f"/applications/{self.application.id}"

    @property
    def title(self) -> str:
        """What it is called: the base, or the institution until the base has a name."""
        content = self.application.content
        return str(content.get("base_name") or content.get("unit_name") or self.call.title)

    @cached_property
    def states(self) -> list[SectionState]:
        """How far the sections have come, in the order of the form."""
        return completeness(self.application.content, set(self.documents), self.policy)


@dataclass(frozen=True)
class Step:
    """One section in a list of them, with how far it has come."""

    title: str
    href: str
    state: SectionState
    current: bool = False


@dataclass(frozen=True)
class Pointer:
    """Something to mend and where."""

    message: str
    href: str


@dataclass(frozen=True)
class Listed:
    """What is to be mended in one section."""

    title: str
    pointers: list[Pointer]


def opened(session: Session, application_id: UUID, person: Person) -> Work:
    """Return one of the institution's applications; raises `NotFound` for anybody else's."""
    application, call, recommender, case = own_in_full(session, application_id, person)
    return Work(
        application=application,
        call=call,
        policy=policy_of(call.policy),
        recommender=recommender,
        documents={document.kind: document for document in documents_of(session, application.id)},
        case=case,
        editable=is_editable(session, application, case) and not (case and is_filed(session, case)),
    )


def is_filed(session: Session, case: Case) -> bool:
    """Whether the papers of the open round are in already: until the flow has run, the round is decided and open."""
    try:
        refuse_if_filed(session, case)
    except Conflict:
        return True
    return False


def refuse_if_filed(session: Session, case: Case | None) -> None:
    """Raise `AlreadyDecided`, saying who filed the papers and when, or `CaseClosed`."""
    at = open_round(session, case.id) if case else None
    if case and at:
        refuse_if_ended(session, case, at)


def held_draft(session: Session, application_id: UUID, person: Person) -> Application:
    """Lock one of the institution's applications for a change; raises what `refuse_if_filed` does."""
    application = own(session, application_id, person, hold=True)
    refuse_if_filed(session, of_application(session, application.id))
    return application


def known_section(key: str) -> Section:
    """Return the section of the form; raises `NotFound` for a word that is none."""
    found = next((section for section in FORM if section.key == key), None)
    if not found or key == PROMISE:
        raise NotFound
    return found


def headed(section: Section) -> str:
    """Return a section's number and title: 一、基本情况, or 1. Basic information."""
    return gettext(HEADED, number=section.number, place=FORM.index(section) + 1, title=gettext(section.title))


def steps(work: Work, current: Section | None = None) -> list[Step]:
    """Return the sections that are filled in one by one, with how far each has come."""
    return [
        Step(headed(s.section), f"{work.address}/sections/{s.section.key}", s, s.section is current)
        for s in work.states
        if s.section.key != PROMISE
    ]


def listed(address: str, faults: Iterable[Fault]) -> list[Listed]:
    """Group faults by section, each pointing to its field."""
    given = list(faults)
    sections = []
    for section in FORM:
        keys = {field.key for field in section.fields}
        here = [fault for fault in given if fault.field.partition(".")[0] in keys]
        if here:
            pointers = [Pointer(fault.message, _href(address, section, fault)) for fault in here]
            sections.append(Listed(headed(section), pointers))
    return sections


def _href(address: str, section: Section, fault: Fault) -> str:
    anchor = "#f-" + fault.field.replace(".", "-")
    files = {field.key for field in section.fields if field.kind == "file"}
    if section.key == PROMISE or fault.field in files:
        return anchor
    return f"{address}/sections/{section.key}?check=1{anchor}"
