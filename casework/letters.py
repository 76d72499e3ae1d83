"""Posting letters: a row in the transaction of the fact they announce; `notifications` delivers them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, String, cast, col, func, select, tuple_

from casework.access import require
from casework.journal import note
from casework.paging import Page, cursor, cut, place_of
from casework.people import Person
from casework.searching import found_by
from core.clock import now
from core.errors import Conflict, NotFound
from core.i18n import marked
from core.settings import settings
from models.application import Application
from models.case import Case
from models.message import Message, MessageState
from models.organisation import Organisation
from models.person import User
from regulation.roles import Role


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
    require(by, Role.OPERATOR)
    message = session.exec(select(Message).where(Message.id == message_id).with_for_update()).first()
    if not message:
        raise NotFound
    if message.state not in {MessageState.FAILED, MessageState.UNKNOWN, MessageState.DUE}:
        raise Conflict(marked("该函件已发出，或正在发送，不必重发。"))
    message.state, message.next_attempt_at, message.error, message.attempts = MessageState.DUE, now(), "", 0
    case = session.get(Case, message.case_id) if message.case_id else None
    note(session, "letter-sent-again", case=case, by=by, letter=message.letter, to=message.recipient)
    return message


@dataclass(frozen=True)
class LetterSearch:
    """What is asked for: a state, and words found in the recipient, the address or the case's reference."""

    words: str = ""
    state: str = ""
    after: str = ""
    limit: int = 50


def posted(session: Session, search: LetterSearch) -> Page[tuple[Message, str]]:
    """Return posted letters with their cases' references, the newest first; raises `Invalid` for a broken cursor."""
    found = select(Message, func.coalesce(Case.reference, "")).join(Case, col(Case.id) == Message.case_id, isouter=True)
    found = found.where(*found_by(search.words, col(Message.recipient), col(Message.address), col(Case.reference)))
    if search.state:
        found = found.where(Message.state == search.state)
    place = tuple_(col(Message.posted_at), cast(Message.id, String))
    if search.after:
        found = found.where(place < tuple_(*place_of(search.after, "posted", datetime, str)))
    found = found.order_by(col(Message.posted_at).desc(), cast(Message.id, String).desc())
    rows = [(message, reference) for message, reference in session.exec(found.limit(search.limit + 1))]
    return cut(rows, search.limit, lambda row: cursor("posted", row[0].posted_at, str(row[0].id)))


def count_by_state(session: Session) -> dict[MessageState, int]:
    """Count the letters in each state."""
    counted = session.exec(select(Message.state, func.count()).group_by(Message.state))
    found = dict(counted.all())
    return {state: found.get(state, 0) for state in MessageState}


def letters_of(session: Session, case_id: UUID, organisation_id: UUID | None = None) -> list[Message]:
    """Return the letters posted about a case, all of them or those to one organisation's people, the newest first."""
    found = select(Message).where(Message.case_id == case_id)
    if organisation_id:
        of_ours = select(User.id).where(User.organisation_id == organisation_id)
        found = found.where(col(Message.user_id).in_(of_ours))
    return list(session.exec(found.order_by(col(Message.posted_at).desc(), col(Message.id))))
