"""The dates of a call for people's own calendars (iCalendar, RFC 5545): an extension moves the entry that is there."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from core.i18n import gettext, marked
from models.application import Call
from models.call import CallExtension, Window

DATES = (
    ("opens", "opens_at", None, marked("开始申报：{title}")),
    ("closes", "closes_at", Window.APPLICATION, marked("申报截止：{title}")),
    ("recommend-by", "recommend_by", Window.RECOMMENDATION, marked("推荐上报截止：{title}")),
)
"""The moments of a call: a word for the entry's identity, the field, the window it ends, and what to call it."""


def calendar_of(call: Call, extensions: Sequence[CallExtension], address: str) -> bytes:
    """Return the call's dates; `address` is the call's public page.

    An entry's UID never changes; its SEQUENCE is the number of times its window was extended, and nothing in it
    depends on when one asks.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Jidi//calls//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", call.title)
    for event in _events(call, extensions, address):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(call: Call, extensions: Sequence[CallExtension], address: str) -> Iterator[Event]:
    for key, name, window, title in DATES:
        at: datetime | None = getattr(call, name)
        if at is None:
            continue
        moved = [one for one in extensions if window and one.window == window]
        event = Event()
        event.add("uid", f"{call.id}-{key}@jidi")
        event.add("sequence", len(moved))
        event.add("dtstamp", (moved[-1].decided_at if moved else call.created_at).astimezone(UTC))
        event.add("dtstart", at.astimezone(UTC))
        event.add("summary", gettext(title, title=call.title))
        event.add("description", gettext("以批次页面公布的时间为准：{address}", address=address))
        event.add("url", address)
        event.add("transp", "TRANSPARENT")
        yield event
