"""The agreed day as a calendar entry (RFC 5545): one UID for ever, a SEQUENCE that grows, REQUEST or CANCEL."""

from datetime import timedelta
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vText

from core.i18n import marked, translated
from core.settings import settings
from models.person import User
from models.visit import Appointment

PRODUCT = "-//Jidi//Visits//ZH"
SUMMARY = marked("实地考察：{unit}")
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
NAME = "visit.ics"


def entry_of(appointment: Appointment, method: str, about: dict[str, str], attendee: User | None = None) -> bytes:
    """Return the entry as a file; `about` has the case's reference, the unit's name and where it is.

    A letter's entry names only whoever gets it: applicants do not learn who else comes.
    """
    calendar = Calendar()
    for name, value in {"prodid": PRODUCT, "version": "2.0", "method": method}.items():
        calendar.add(name, value)
    event = Event()
    event.add("uid", uid_of(appointment.id))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.changed_at)
    event.add("dtstart", appointment.agreed_on)
    event.add("dtend", appointment.agreed_on + timedelta(days=1))
    event.add("summary", translated(SUMMARY, "zh", unit=about["unit"]))
    event.add("location", about["place"])
    event.add("description", described(appointment, about["reference"]))
    event.add("url", f"{settings().public_url}/cases/{about['reference']}/visit")
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("organizer", address(settings().mail.sender, settings().mail.sender_name))
    if attendee:
        event.add("attendee", address(attendee.email, attendee.name))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def uid_of(appointment_id: UUID) -> str:
    """Return the entry's name in every calendar."""
    return f"{appointment_id}@{settings().mail.sender.rpartition('@')[2]}"


def described(appointment: Appointment, reference: str) -> str:
    """Return the entry's text: the case, and what was said of the visit."""
    return "\n".join(filter(None, [reference, appointment.note, appointment.reasons]))


def address(email: str, name: str) -> vCalAddress:
    """Return somebody as calendars name people."""
    found = vCalAddress(f"mailto:{email}")
    found.params["cn"] = vText(name)
    return found


def attached(content: bytes, method: str) -> list[dict[str, str]]:
    """Return an entry as a letter carries it, see `notifications.composing`."""
    return [{"name": NAME, "subtype": "calendar", "method": method, "text": content.decode()}]
