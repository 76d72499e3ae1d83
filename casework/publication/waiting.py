"""Bases that no announcement lists yet, and until when one must (政府信息公开条例 Art. 26)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from casework.access import require
from casework.people import Person
from core.clock import today
from models.application import Application, Call
from models.case import Case
from models.certificate import Certificate, RegisterEntry
from models.organisation import Organisation
from models.publication import AnnouncementItem
from regulation.calendar import Reckoning, official
from regulation.roles import Role

DISCLOSED_WITHIN = 20
"""Working days from when information for disclosure was made, 政府信息公开条例 Art. 26; here: the certificate."""


@dataclass(frozen=True)
class Unannounced:
    """A valid base that waits to be announced."""

    certificate: Certificate
    entry: RegisterEntry
    recommender: str

    @property
    def due(self) -> Reckoning:
        """The last day on which it can be announced in time."""
        return official().after(self.certificate.issued_on, DISCLOSED_WITHIN)

    @property
    def late(self) -> bool:
        """Whether that day is over."""
        return self.due.day < today()


@dataclass(frozen=True)
class CallToAnnounce:
    """A call with bases that wait; `due_on` is the earliest day by which one of them must be announced."""

    call: Call
    found: list[Unannounced]

    @property
    def due_on(self) -> date:
        """The day that comes first."""
        return min(one.due.day for one in self.found)

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(one.late for one in self.found)

    @property
    def provisional(self) -> bool:
        """Whether a day was counted over a year that has no official calendar yet."""
        return any(one.due.provisional for one in self.found)


def unannounced(
    session: Session, call: Call, *, by: Person, only: Collection[str] | None = None, hold: bool = False
) -> list[Unannounced]:
    """Return what waits in a call, by area and number; `hold` locks the cases, always in the same order."""
    require(by, Role.OFFICE)
    if hold:
        _hold(session, call)
    found = _waiting().where(Application.call_id == call.id)
    if only is not None:
        found = found.where(col(Certificate.number).in_(only))
    rows = session.exec(found.order_by(RegisterEntry.area_code, Certificate.number))
    return [Unannounced(certificate, entry, recommender) for certificate, entry, recommender, _ in rows]


def to_announce(session: Session, *, by: Person) -> list[CallToAnnounce]:
    """Return the calls in which something waits, the most urgent first."""
    require(by, Role.OFFICE)
    calls: dict[object, CallToAnnounce] = {}
    rows = session.exec(_waiting().order_by(RegisterEntry.area_code, Certificate.number))
    for certificate, entry, recommender, call in rows:
        waiting = calls.setdefault(call.id, CallToAnnounce(call, []))
        waiting.found.append(Unannounced(certificate, entry, recommender))
    return sorted(calls.values(), key=lambda one: (one.due_on, one.call.code))


def _waiting() -> Select[Certificate, RegisterEntry, str, Call]:
    """Select what is published, not revoked, and on no announcement."""
    return (
        select(Certificate, RegisterEntry, Organisation.name, Call)
        .join(RegisterEntry, col(RegisterEntry.certificate_id) == Certificate.id)
        .join(Case, col(Case.id) == Certificate.case_id)
        .join(Application, col(Application.id) == Case.application_id)
        .join(Organisation, col(Organisation.id) == Application.recommender_id)
        .join(Call, col(Call.id) == Application.call_id)
        .join(AnnouncementItem, col(AnnouncementItem.certificate_id) == Certificate.id, isouter=True)
        .where(col(Certificate.revoked_at).is_(None), col(AnnouncementItem.id).is_(None))
    )


def _hold(session: Session, call: Call) -> None:
    """Lock the call's cases that have a certificate: two clerks who announce wait for each other."""
    cases = (
        select(Case.id)
        .join(Application, col(Application.id) == Case.application_id)
        .where(Application.call_id == call.id, col(Case.id).in_(select(Certificate.case_id)))
    )
    session.exec(cases.order_by(col(Case.id)).with_for_update(of=Case)).all()
