"""Posting letters: a row in the transaction of the fact they announce; `notifications` delivers them."""

from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from casework.journal import note
from casework.people import Person
from core.clock import now
from core.errors import Conflict, NotFound
from core.i18n import marked
from core.settings import settings
from models.application import Application
from models.case import Case
from models.message import Message, MessageState
from models.organisation import Organisation
from models.person import User


def post(session: Session, letter: str, to: User, *, about: str, case: Case | None = None, **facts: Any) -> None:  # noqa: ANN401
    """Post one letter to one person; the same letter about the same thing is never posted twice.

    `about` makes the key unique together with the letter and the person: an assignment, a round, a number.
    """
    key = f"{letter}/{about}/{to.id}"
    if session.exec(select(Message.id).where(Message.key == key)).first():
        return
    identity = uuid4()
    domain = settings().mail.sender.rpartition("@")[2]
    session.add(
        Message(
            id=identity,
            key=key,
            letter=letter,
            case_id=case.id if case else None,
            user_id=to.id,
            address=to.email,
            recipient=to.name,
            locale=to.locale,
            facts={"recipient": to.name, **(case_facts(session, case) if case else {}), **facts},
            message_id=f"<{identity}@{domain}>",
        )
    )


def case_facts(session: Session, case: Case) -> dict[str, str]:
    """Return what every letter about a case says of it."""
    application = session.get_one(Application, case.application_id)
    unit = session.get_one(Organisation, application.organisation_id)
    return {
        "reference": case.reference,
        "unit": unit.name,
        "base_name": str(application.content.get("base_name", "")),
        "path": f"/cases/{case.reference}",
    }


def applicants_of(session: Session, case: Case) -> list[User]:
    """Return the people of the applying institution."""
    application = session.get_one(Application, case.application_id)
    people = select(User).where(User.organisation_id == application.organisation_id, col(User.closed_at).is_(None))
    return list(session.exec(people))


def send_again(session: Session, message_id: UUID, *, by: Person) -> Message:
    """Make a failed letter, or one of unknown fate, due again with the same Message-ID; an operator's act."""
    message = session.exec(select(Message).where(Message.id == message_id).with_for_update()).first()
    if not message:
        raise NotFound
    if message.state not in {MessageState.FAILED, MessageState.UNKNOWN, MessageState.DUE}:
        raise Conflict(marked("该函件已发出，或正在发送，不必重发。"))
    message.state, message.next_attempt_at, message.error, message.attempts = MessageState.DUE, now(), "", 0
    case = session.get(Case, message.case_id) if message.case_id else None
    note(session, "letter-sent-again", case=case, by=by, letter=message.letter, to=message.recipient)
    return message


def posted(
    session: Session, *, state: MessageState | None = None, limit: int = 100
) -> list[tuple[Message, Case | None]]:
    """Return posted letters, the newest first, with their cases."""
    found = select(Message, Case).join(Case, col(Case.id) == Message.case_id, isouter=True)
    if state:
        found = found.where(Message.state == state)
    return [(m, c) for m, c in session.exec(found.order_by(col(Message.posted_at).desc()).limit(limit))]
