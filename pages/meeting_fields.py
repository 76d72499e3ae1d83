"""The fields that name a meeting: its kind, title, day and the number of its minutes."""

from casework.meetings import KINDS, Sitting
from core.i18n import gettext, marked
from pages.forms import Form
from pages.kit import Option

NAMES = ("meeting-kind", "meeting-title", "meeting-held_on", "meeting-minutes_number")


def kind_options() -> list[Option]:
    """Offer the kinds of meeting."""
    return [Option(str(kind), gettext(title)) for kind, title in KINDS.items()]


def sitting_of(form: Form) -> Sitting | None:
    """Read the meeting; none when nothing was filled in beside its kind."""
    given = [form.value(name).strip() for name in NAMES]
    if not any(given[1:]):
        return None
    held_on = form.day("meeting-held_on", marked("会议日期"), required=False)
    return Sitting(given[0], given[1], held_on, given[3])
