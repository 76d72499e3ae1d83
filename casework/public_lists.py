"""Public lists 公示名单 as they are read: by the public, and by the office that makes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case as choose
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from casework.access import require
from casework.cases import BASE_NAME, call_of
from casework.people import Person
from core.clock import today
from core.errors import NotFound
from models.application import Application, Call
from models.case import Assignment, Case, StageRound
from models.objection import Objection
from models.organisation import Organisation
from models.publicity import Publicity, PublicityItem
from regulation.calendar import official
from regulation.policy import Policy
from regulation.roles import Duty, Role

MOST = 200


@dataclass(frozen=True)
class PublicList:
    """One list with its call; `size` counts the cases on it, `objections` those that were made."""

    publicity: Publicity
    call: Call
    size: int
    objections: int = 0

    @property
    def state(self) -> str:
        """Whether it is public now (`open`), will be (`ahead`), or was (`closed`)."""
        if today() < self.publicity.first_on:
            return "ahead"
        return "open" if today() <= self.publicity.last_on else "closed"


@dataclass(frozen=True)
class ListedCase:
    """One line of a list as the public reads it; `standing`: whether one can still object to it."""

    item_id: UUID
    case: Case
    unit: str
    content: Mapping[str, Any]
    recommender: str
    standing: bool

    @property
    def base_name(self) -> str:
        """What the base is to be called."""
        return str(self.content.get("base_name", ""))

    @property
    def domains(self) -> list[str]:
        """The fields applied for, by key."""
        return [str(one) for one in self.content.get("domains") or []]


def lists(session: Session) -> list[PublicList]:
    """Return the lists, the newest first."""
    size = select(func.count()).where(PublicityItem.publicity_id == Publicity.id).correlate(Publicity)
    made = select(func.count()).select_from(Objection)
    made = made.join(PublicityItem, col(PublicityItem.id) == Objection.publicity_item_id)
    made = made.where(PublicityItem.publicity_id == Publicity.id).correlate(Publicity)
    found = select(Publicity, Call, size.scalar_subquery(), made.scalar_subquery())
    found = found.join(Call, col(Call.id) == Publicity.call_id)
    rows = session.exec(found.order_by(col(Publicity.first_on).desc(), col(Publicity.published_at).desc()).limit(MOST))
    return [PublicList(*row) for row in rows]


def list_of(session: Session, publicity_id: UUID) -> tuple[PublicList, list[ListedCase]]:
    """Return one list and the cases on it, in the order of their recommending bodies and names; raises `NotFound`."""
    publicity = session.get(Publicity, publicity_id)
    if not publicity:
        raise NotFound
    unit, body = aliased(Organisation), aliased(Organisation)
    standing = choose((col(StageRound.closed_at).is_(None), True), else_=False)
    rows = session.exec(
        select(PublicityItem.id, Case, unit.name, Application.content, body.name, standing)  # type: ignore[call-overload]  # four at most
        .join(Case, col(Case.id) == PublicityItem.case_id)
        .join(StageRound, col(StageRound.id) == PublicityItem.stage_round_id)
        .join(Application, col(Application.id) == Case.application_id)
        .join(unit, col(unit.id) == Application.organisation_id)
        .join(body, col(body.id) == Application.recommender_id)
        .where(PublicityItem.publicity_id == publicity.id)
        .order_by(body.kind, body.area_code, body.name, unit.name)
    )
    cases = [ListedCase(*row) for row in rows]
    return PublicList(publicity, session.get_one(Call, publicity.call_id), len(cases)), cases


def item_on(session: Session, publicity_id: UUID, item_id: UUID) -> tuple[PublicList, ListedCase]:
    """Return one line of a list; raises `NotFound` for one of another."""
    public, cases = list_of(session, publicity_id)
    for one in cases:
        if one.item_id == item_id:
            return public, one
    raise NotFound


@dataclass(frozen=True)
class Waiting:
    """A case that waits to be put on a list."""

    duty: Assignment
    case: Case
    unit: str
    base_name: str
    recommender: str


def waiting(session: Session, call: Call, *, by: Person) -> list[Waiting]:
    """Return the cases of a call that the office has still to make public, by recommending body and name."""
    require(by, Role.OFFICE)
    unit, body = aliased(Organisation), aliased(Organisation)
    rows = session.exec(
        select(Assignment, Case, unit.name, BASE_NAME, body.name)  # type: ignore[call-overload]  # four at most
        .join(Case, col(Case.id) == Assignment.case_id)
        .join(Application, col(Application.id) == Case.application_id)
        .join(unit, col(unit.id) == Application.organisation_id)
        .join(body, col(body.id) == Application.recommender_id)
        .where(Assignment.duty == Duty.PUBLICISE, col(Assignment.ended_at).is_(None), col(Case.closed_at).is_(None))
        .where(Application.call_id == call.id)
        .order_by(body.kind, body.area_code, body.name, unit.name)
    )
    return [Waiting(*row) for row in rows]


def waiting_by_call(session: Session, *, by: Person) -> list[tuple[Call, int]]:
    """Return the calls that have cases to be made public, with how many, the newest first."""
    require(by, Role.OFFICE)
    found = (
        select(Call, func.count())
        .join(Application, col(Application.call_id) == Call.id)
        .join(Case, col(Case.application_id) == Application.id)
        .join(Assignment, col(Assignment.case_id) == Case.id)
        .where(Assignment.duty == Duty.PUBLICISE, col(Assignment.ended_at).is_(None), col(Case.closed_at).is_(None))
        .group_by(col(Call.id))
    )
    return [(call, count) for call, count in session.exec(found.order_by(col(Call.opens_at).desc()))]


def last_contact(session: Session) -> str:
    """Return whom the list before this one named to object to; the office begins with it."""
    found = select(Publicity.contact).where(Publicity.contact != "")
    return session.exec(found.order_by(col(Publicity.published_at).desc())).first() or ""


def next_working_day(after: date) -> date:
    """Return the first working day after a day."""
    return official().after(after, 1).day


def counted_days(policy: Policy, first_on: date) -> list[date]:
    """Return the working days that make up a publicity, in their order, as the policy counts them."""
    calendar = official()
    day = first_on if policy.count_first_day else first_on + timedelta(1)
    days: list[date] = []
    while len(days) < policy.publicity_days:
        if calendar.is_working(day):
            days.append(day)
        day += timedelta(1)
    return days


def publicity_of_case(session: Session, case: Case) -> Publicity | None:
    """Return the last list that a case was on."""
    found = select(Publicity).join(PublicityItem, col(PublicityItem.publicity_id) == Publicity.id)
    found = found.where(PublicityItem.case_id == case.id)
    return session.exec(found.order_by(col(Publicity.published_at).desc())).first()


def call_of_duty(session: Session, duty: Assignment) -> Call:
    """Return the call of the case that a duty is in."""
    return call_of(session, session.get_one(Case, duty.case_id))
