"""Moments in forms: `datetime-local` fields, read and written as clocks in Beijing show them."""

from datetime import datetime

from core.clock import HUBEI, local
from core.i18n import marked
from pages.forms import Form

YEARS = range(2015, 2100)
NO_MOMENT = marked("{label}应填写真实存在的日期和时间，例如 2026-11-24 09:00。")


def moment_in(form: Form, name: str, label: str, *, required: bool = True) -> datetime | None:
    """Ask for a moment in Beijing time; what cannot be one is noted beside its field."""
    given = form.text(name, label, required=required, longest=40)
    try:
        moment = datetime.fromisoformat(given.replace(" ", "T"))
    except ValueError:
        moment = None
    if moment and moment.year in YEARS and not moment.tzinfo:
        return moment.replace(tzinfo=HUBEI)
    if given:
        form.fault(name, NO_MOMENT, label=label)
    return None


def written(moment: datetime | None) -> str:
    """Return a moment as a `datetime-local` field holds it."""
    return f"{local(moment):%Y-%m-%dT%H:%M}" if moment else ""
