"""The letters about a visit's day: offered, declined, agreed, moved, called off; those of a day with its entry."""

from datetime import date

from sqlmodel import Session

from casework.cases import latest_submission, parties
from casework.letters import applicants_of, post
from casework.people import holders_of
from casework.visits.calendars import CANCEL, REQUEST, attached, entry_of
from casework.visits.signing import team_of
from models.case import Case, StageRound
from models.person import User
from models.visit import Appointment, VisitOffer
from regulation.roles import Role


def tell_offer(session: Session, case: Case, offer: VisitOffer) -> None:
    """Ask the institution which of the offered days suits."""
    for applicant in applicants_of(session, case):
        post(
            session, "visit-offered", applicant, about=str(offer.id), case=case,
            days=offer.days, note=offer.note, path=page_of(case),
        )  # fmt: skip


def tell_declined(session: Session, case: Case, at: StageRound, offer: VisitOffer) -> None:
    """Tell the team's leader and the office that no day suits, why, and what the institution proposes."""
    people = {user.id: user for user in [*team_of(session, at.id)[:1], *holders_of(session, Role.OFFICE)]}
    for person in people.values():
        post(
            session, "visit-declined", person, about=str(offer.id), case=case,
            reasons=offer.reasons, days=offer.proposed, path=page_of(case),
        )  # fmt: skip


def tell_agreed(session: Session, case: Case, at: StageRound, appointment: Appointment, before: date | None) -> None:
    """Tell both sides the day, and which it was before if it was moved; calendars follow."""
    for person in concerned(session, case, at):
        tell_one_agreed(session, case, appointment, person, before)


def tell_one_agreed(
    session: Session, case: Case, appointment: Appointment, person: User, before: date | None = None
) -> None:
    """Tell one person the day."""
    post(
        session, "visit-agreed", person, about=f"{appointment.id}-{appointment.sequence}", case=case,
        day=appointment.agreed_on.isoformat(), before=before.isoformat() if before else "",
        note=appointment.note, reasons=appointment.reasons, path=page_of(case),
        attachments=carried(session, case, appointment, REQUEST, person),
    )  # fmt: skip


def tell_cancelled(session: Session, case: Case, at: StageRound, appointment: Appointment) -> None:
    """Tell both sides that the visit does not take place on the agreed day, and take it out of their calendars."""
    for person in concerned(session, case, at):
        tell_one_cancelled(session, case, appointment, person)


def tell_one_cancelled(session: Session, case: Case, appointment: Appointment, person: User) -> None:
    """Tell one person that the day is called off for them."""
    post(
        session, "visit-cancelled", person, about=f"{appointment.id}-{appointment.sequence}", case=case,
        day=appointment.agreed_on.isoformat(), reasons=appointment.reasons,
        attachments=carried(session, case, appointment, CANCEL, person),
    )  # fmt: skip


def concerned(session: Session, case: Case, at: StageRound) -> list[User]:
    """Return the team and the people of the institution."""
    return [*team_of(session, at.id), *applicants_of(session, case)]


def carried(session: Session, case: Case, appointment: Appointment, method: str, to: User) -> list[dict[str, str]]:
    """Return the calendar entry as a letter carries it."""
    return attached(entry_of(appointment, method, about(session, case), to), method)


def about(session: Session, case: Case) -> dict[str, str]:
    """Return what a calendar entry says of the case."""
    _, unit, _ = parties(session, case)
    place = str(latest_submission(session, case).content.get("registered_address") or "")
    return {"reference": case.reference, "unit": unit.name, "place": place}


def page_of(case: Case) -> str:
    """Return where the visit is arranged."""
    return f"/cases/{case.reference}/visit"
