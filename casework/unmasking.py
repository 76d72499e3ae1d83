"""Personal data shown for a while: who has a purpose says which, and it is written down (个人信息保护法 Art. 6, 51).

Whoever works on a case in an office reads phones, e-mails and birth dates hidden. Asked for with a reason, they are
shown to that person, in that case, for half an hour; the reasons are looked through by the department and the auditor.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from casework import journal
from casework.access import require, sight_of
from casework.cases import held
from casework.people import Person
from core.clock import now
from core.errors import Fault, Invalid, NotPermitted
from core.i18n import gettext, marked
from models.case import Case
from models.person import User
from models.unmasking import Unmasking
from regulation.roles import Role

SHOWN_FOR = timedelta(minutes=30)
LONGEST_REASON = 200
OVERSEERS = (Role.DECIDER, Role.AUDITOR)
"""Who looks through the reasons that were given."""
MOST = 500

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
    journal.note(session, "personal-shown", case=case, by=by, stage=case.stage, purpose=said)
    return shown


def unmaskings(session: Session, reference: str = "", *, by: Person) -> Sequence[tuple[Unmasking, Case, User]]:
    """Return who saw personal data, of one case or of all, the latest first, five hundred at most."""
    require(by, *OVERSEERS)
    found = (
        select(Unmasking, Case, User)
        .join(Case, col(Case.id) == Unmasking.case_id)
        .join(User, col(User.id) == Unmasking.user_id)
        .order_by(col(Unmasking.at).desc(), col(Unmasking.id))
        .limit(MOST)
    )
    return session.exec(found.where(Case.reference == reference) if reference else found).all()
