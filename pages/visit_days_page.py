"""The page on which a visit is arranged: where it stands, what was offered and answered, what this reader may do."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from casework.access import Sight
from casework.assignments import is_for
from casework.people import Person
from casework.visits.arranging import MOST, Arrangement, arrangement_of, round_to_visit, warnings_about
from casework.visits.days import seats_in
from core.errors import NotFound
from core.i18n import gettext
from models.visit import VisitOffer
from pages.case_pages import File, opened, way_to
from pages.filters import day as in_words
from pages.forms import Form
from pages.kit import Crumb, Option
from pages.reviewer_pages import View
from regulation.roles import Role


@dataclass(frozen=True)
class OfferView:
    """One offer and what was answered."""

    days: list[str]
    note: str
    at: datetime
    answer: str
    reasons: str
    proposed: list[str]


@dataclass(frozen=True)
class VisitDaysPage:
    """Where the arranging of a visit stands, and what this reader may do about it."""

    file: File
    sight: Sight
    agreed_on: date | None
    note: str
    warnings: list[str]
    cancelled: str
    choices: list[Option]
    offers: list[OfferView]
    due_on: date
    arranges: bool
    answers: bool
    most: range
    form: Form
    refusal: str
    crumbs: list[Crumb]


def arrangement_for(session: Session, reference: str, person: Person) -> tuple[File, Arrangement]:
    """Open the arrangement for both sides and the overseers; raises `NotFound` for anybody else, or before a team."""
    file = opened(session, reference, person)
    at = round_to_visit(session, file.case.id) if file.sight.owner or file.sight.inspection else None
    if not at:
        raise NotFound
    return file, arrangement_of(session, at)


def visit_days_page(session: Session, reference: str, person: Person, view: View) -> VisitDaysPage:
    """Gather the page for somebody of either side, or for an overseer; raises `NotFound` for anybody else."""
    file, there = arrangement_for(session, reference, person)
    leads = any(seat.leads and is_for(seat, person) for seat in seats_in(session, there.at))
    waiting, agreed = there.open_offer, there.agreed
    is_open = not there.at.closed_at and not file.case.closed_at
    offered = [date.fromisoformat(day) for day in waiting.days] if waiting else []
    days = [agreed.agreed_on] if agreed else offered
    return VisitDaysPage(
        file=file,
        sight=file.sight,
        agreed_on=agreed.agreed_on if agreed else None,
        note=agreed.note if agreed else waiting.note if waiting else "",
        warnings=[] if file.sight.owner or not is_open else warnings_about(days, there.due_on),
        cancelled=there.appointment.reasons if there.appointment and not agreed else "",
        choices=[Option(day.isoformat(), in_words(day)) for day in offered],
        offers=[_offer_view(one) for one in there.offers[::-1]],
        due_on=there.due_on,
        arranges=is_open and (leads or person.has(Role.OFFICE)),
        answers=is_open and file.sight.owner and bool(waiting),
        most=range(1, MOST + 1),
        form=view.form,
        refusal=view.refusal,
        crumbs=[*way_to(file), Crumb(file.case.reference, file.address), Crumb(gettext("考察安排"))],
    )


def _offer_view(one: VisitOffer) -> OfferView:
    if one.chosen_on:
        answer = gettext("选定 {day}", day=in_words(one.chosen_on))
    elif one.answered_at:
        answer = gettext("均不合适")
    else:
        answer = gettext("已由新的日期代替") if one.withdrawn_at else gettext("等待答复")
    days = [in_words(date.fromisoformat(day)) for day in one.days]
    return OfferView(
        days, one.note, one.offered_at, answer, one.reasons, [in_words(date.fromisoformat(d)) for d in one.proposed]
    )
