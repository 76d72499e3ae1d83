"""Letters about objections: to the objector, who has no account; to the applicant, unnamed; to the office."""

from typing import Any
from uuid import uuid4

from sqlmodel import Session, select

from casework.letters import applicants_of, case_facts, post
from casework.people import holders_of
from core.clock import local, today
from core.i18n import marked
from core.settings import settings
from models.case import Case
from models.message import Message
from models.objection import Objection, ObjectionResult
from regulation.calendar import official
from regulation.roles import Role

OBJECTOR = marked("异议人")
"""How the objector is called in letters: the name itself is for the office and the department only."""

ACCEPTED, REFUSED = marked("受理"), marked("不予受理")
RESULTS = {
    ObjectionResult.UPHELD: marked("异议成立"),
    ObjectionResult.PARTLY: marked("异议部分成立"),
    ObjectionResult.DISMISSED: marked("异议不成立"),
}


def follow_path(objection: Objection) -> str:
    """Return the page on which the objector follows the objection; whoever has the link may open it."""
    return f"/objections/{objection.token}"


def acknowledge(session: Session, case: Case, objection: Objection) -> None:
    """Post the receipt to the objector, if an address was given."""
    facts = {"filed_at": f"{local(objection.filed_at):%Y-%m-%d %H:%M}", "due_on": objection.due_on.isoformat()}
    to_objector(session, "objection-received", case, objection, **facts)


def answer(session: Session, case: Case, objection: Objection, outcome: str, reasons: str) -> None:
    """Post the office's answer to the objector."""
    about = "examined" if outcome in {ACCEPTED, REFUSED} else "concluded"
    facts = {"outcome": outcome, "reasons": reasons, "due_on": objection.due_on.isoformat()}
    to_objector(session, "objection-answered", case, objection, about=about, final=outcome != ACCEPTED, **facts)


def tell_applicant(session: Session, case: Case, objection: Objection, outcome: str, reasons: str) -> None:
    """Post word of an objection, or of its end, to the applying institution."""
    for applicant in applicants_of(session, case):
        post(
            session,
            "objection-told",
            applicant,
            about=f"{objection.id}/{'accepted' if outcome == ACCEPTED else 'concluded'}",
            case=case,
            number=objection.number,
            outcome=outcome,
            reasons=reasons,
            open=outcome == ACCEPTED,
            path=f"/cases/{case.reference}/objections/{objection.id}",
        )


def tell_office(session: Session, case: Case, objection: Objection, when: str) -> None:
    """Post word of an objection to the office: that it came (`filed`), that its day comes near, or has passed."""
    for officer in holders_of(session, Role.OFFICE):
        post(
            session,
            "objection-due",
            officer,
            about=f"{objection.id}/{when}",
            case=case,
            number=objection.number,
            new=when == "filed",
            due_on=objection.due_on.isoformat(),
            days_left=official().between(today(), objection.due_on),
            path=f"/office/objections/{objection.id}",
        )


def to_objector(session: Session, letter: str, case: Case, objection: Objection, **facts: Any) -> None:  # noqa: ANN401
    """Post a letter to an objector who gave an e-mail address; it names nobody and belongs to no case's letters."""
    if not objection.email:
        return
    key = f"{letter}/{objection.id}/{facts.pop('about', 'filed')}"
    if session.exec(select(Message.id).where(Message.key == key)).first():
        return
    identity = uuid4()
    told = {**case_facts(session, case), "reference": objection.number, "path": follow_path(objection)}
    session.add(
        Message(
            id=identity,
            key=key,
            letter=letter,
            address=objection.email,
            recipient=OBJECTOR,
            locale=objection.locale,
            facts={"recipient": OBJECTOR, **told, **facts},
            message_id=f"<{identity}@{settings().mail.sender.rpartition('@')[2]}>",
        )
    )
