"""Personal data shown for a while: who has a purpose says which, and it is written down (个人信息保护法 Art. 6, 51).

Whoever works on a case in an office reads phones, e-mails and birth dates hidden. Asked for with a reason, they are
shown to that person, in that case, for half an hour; the reasons are looked through by the department and the auditor.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, String, cast, col, select, tuple_

from casework import journal
from casework.access import SHOWN_FOR, require, sight_of
from casework.cases import held
from casework.paging import Page, cursor, cut, place_of
from casework.people import Person
from casework.searching import found_by
from core.clock import now
from core.errors import Fault, Invalid, NotPermitted
from core.i18n import gettext, marked
from models.case import Case
from models.organisation import Organisation
from models.person import User
from models.unmasking import Unmasking
from regulation.roles import Role

LONGEST_REASON = 200
OVERSEERS = (Role.DECIDER, Role.AUDITOR)
"""Who looks through the reasons that were given."""

NO_REASON = marked("请填写查看个人信息的事由。")
TOO_LONG = marked("事由不超过 {n} 字。")


def unmask(session: Session, case_id: UUID, purpose: str, *, by: Person) -> Unmasking:
    """Show somebody the personal data of a case for a while.

    Raises `NotFound` for who may see nothing of the case, `NotPermitted` for who has no purpose that needs them, and
    `Invalid` without a reason.
    """
    case = held(session, case_id)
    if not sight_of(session, by, case).may_unmask:
        raise NotPermitted
    said = purpose.strip()
    if not said:
        raise Invalid(faults=[Fault("purpose", gettext(NO_REASON))])
    if len(said) > LONGEST_REASON:
        raise Invalid(faults=[Fault("purpose", gettext(TOO_LONG, n=LONGEST_REASON))])
    at = now()
    shown = Unmasking(case_id=case.id, user_id=by.id, reason=said, at=at, until=at + SHOWN_FOR)
    session.add(shown)
    session.flush()
    body = by.organisation_name
    journal.note(session, "personal-shown", case=case, by=by, stage=case.stage, purpose=said, body=body)
    return shown


@dataclass(frozen=True)
class UnmaskingSearch:
    """What is asked for: words in the name of a person or of the person's body, and a reference or part of one."""

    person: str = ""
    case: str = ""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True)
class Looked:
    """One look: whose, of which body, at which case's personal data."""

    unmasking: Unmasking
    case: Case
    user: User
    organisation: Organisation


def unmaskings(session: Session, search: UnmaskingSearch, *, by: Person) -> Page[Looked]:
    """Return who saw personal data, the latest first; raises `NotPermitted`, and `Invalid` for a broken cursor."""
    require(by, *OVERSEERS)
    found = (
        select(Unmasking, Case, User, Organisation)
        .join(Case, col(Case.id) == Unmasking.case_id)
        .join(User, col(User.id) == Unmasking.user_id)
        .join(Organisation, col(Organisation.id) == User.organisation_id)
    )
    found = found.where(*found_by(search.person, col(User.name), col(Organisation.name)))
    if search.case:
        found = found.where(col(Case.reference).icontains(search.case.strip(), autoescape=True))
    place = tuple_(col(Unmasking.at), cast(Unmasking.id, String))
    if search.after:
        found = found.where(place < tuple_(*place_of(search.after, "unmaskings", datetime, str)))
    found = found.order_by(col(Unmasking.at).desc(), cast(Unmasking.id, String).desc())
    rows = [Looked(*row) for row in session.exec(found.limit(search.limit + 1))]
    return cut(rows, search.limit, lambda row: cursor("unmaskings", row.unmasking.at, str(row.unmasking.id)))
