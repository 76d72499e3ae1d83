"""Who may see and do what: the one place that decides it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from casework.people import Person
from core.clock import now
from core.errors import NotFound, NotPermitted
from models.application import Application
from models.case import Assignment, Case
from models.unmasking import Unmasking
from regulation.roles import PERSONAL, Duty, Role

OVERSEERS = frozenset({Role.OFFICE, Role.DECIDER, Role.AUDITOR})
"""Those who may look into every case."""
SHOWN_FOR = timedelta(minutes=30)
"""How long personal data are shown: a telephone call and its note; whoever needs longer says why once more."""


@dataclass(frozen=True)
class Sight:
    """What one person may see of one case.

    `personal`: phones, e-mails and birth dates, shown to who entered them, and for a while to who said why;
    `may_unmask`: who may say why, having a purpose that needs them (个人信息保护法 Art. 6), `shown_until`: who has;
    `reviews_at_once`: also before the whole panel has answered; `examinations`: the check lists behind a recommendation
    and an acceptance; `engine`: tracebacks and the engine's own pages.
    """

    owner: bool = False
    papers: bool = False
    personal: bool = False
    may_unmask: bool = False
    shown_until: datetime | None = None
    decisions: bool = False
    names: bool = False
    own_review: bool = False
    all_reviews: bool = False
    reviews_at_once: bool = False
    inspection: bool = False
    examinations: bool = False
    runs: bool = False
    journal: bool = False
    letters: bool = False
    engine: bool = False

    @property
    def shown_for(self) -> int:
        """For how many minutes personal data are shown to who says why."""
        return SHOWN_FOR // timedelta(minutes=1)


def require(person: Person, *roles: Role) -> None:
    """Raise `NotPermitted` unless the person has one of the roles."""
    if not person.has(*roles):
        raise NotPermitted


def sight_of(session: Session, person: Person, case: Case) -> Sight:
    """Return what the person may see of the case; raises `NotFound` when that is nothing."""
    application = session.get_one(Application, case.application_id)
    if person.has(*OVERSEERS):
        until = shown_until(session, person, case)
        return Sight(
            papers=True, decisions=True, names=True, all_reviews=True, reviews_at_once=True, inspection=True,
            personal=bool(until), may_unmask=person.has(Role.OFFICE), shown_until=until, examinations=True,
            runs=True, journal=True, letters=True, engine=person.has(Role.OPERATOR),
        )  # fmt: skip
    if person.has(Role.APPLICANT) and application.organisation_id == person.organisation_id:
        return Sight(owner=True, papers=True, personal=True, decisions=True)
    if person.has(Role.RECOMMENDER) and application.recommender_id == person.organisation_id:
        until = shown_until(session, person, case)
        return Sight(
            papers=True, personal=bool(until), may_unmask=True, shown_until=until, decisions=True, examinations=True
        )
    given = session.exec(select(Assignment).where(Assignment.case_id == case.id, held_by(person))).all()
    duties = {one.duty for one in given if not one.replaced_by and not one.voided_at} - {Duty.ANSWER}
    if duties:
        concluding = Duty.CONCLUDE in duties
        return Sight(
            papers=True,
            own_review=Duty.REVIEW in duties,
            all_reviews=concluding,
            names=concluding,
            inspection=Duty.INSPECT in duties,
        )
    if person.has(Role.OPERATOR):
        return Sight(runs=True, journal=True, letters=True, engine=True)
    if given:  # invited or replaced: that there is such a case was known
        return Sight()
    raise NotFound


def shown_until(session: Session, person: Person, case: Case) -> datetime | None:
    """Return until when the case's personal data are shown to somebody who has said why; None when they are not."""
    if not person.has(Role.OFFICE, Role.RECOMMENDER):
        return None
    until = select(func.max(Unmasking.until)).where(Unmasking.case_id == case.id, Unmasking.user_id == person.id)
    return session.exec(until.where(col(Unmasking.until) > now())).one()


def visible(person: Person):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a condition
    """Return the condition under which a case (joined with its application) is in the person's lists."""
    if person.has(*OVERSEERS, Role.OPERATOR):
        return col(Case.id).is_not(None)
    held = select(Assignment.case_id).where(held_by(person))
    ways: list[ColumnElement[bool]] = [col(Case.id).in_(held)]
    if person.has(Role.APPLICANT):
        ways.append(col(Application.organisation_id) == person.organisation_id)
    if person.has(Role.RECOMMENDER):
        ways.append(col(Application.recommender_id) == person.organisation_id)
    return or_(*ways)


def held_by(person: Person) -> ColumnElement[bool]:
    """Return the condition under which a duty was given to the person by name, or to somebody it stands in for."""
    own = col(Assignment.user_id) == person.id
    if not person.absent:
        return own
    of_others = col(Assignment.user_id).in_(person.stands_in_for) & col(Assignment.duty).not_in(PERSONAL)
    return or_(own, of_others)


def own_application(person: Person, application: Application | None) -> Application:
    """Return the application if it is the person's own institution's; raises `NotFound` otherwise."""
    if not application or not person.has(Role.APPLICANT) or application.organisation_id != person.organisation_id:
        raise NotFound
    return application
