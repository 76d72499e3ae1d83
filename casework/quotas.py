"""Places (名额): how many files a body may recommend in a call, how many it has used, and who still waits for one.

A place is used by a standing recommendation whose case has not ended unfavourably; it is free again when it has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from casework import journal
from casework.access import require
from casework.people import Person, recommending_bodies
from casework.turnstile import pass_through
from core.clock import now
from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from models.application import Application, Call
from models.case import Case
from models.judgement import Decision
from models.recommendation import CallQuota
from regulation.outcomes import Outcome
from regulation.policy import policy_of
from regulation.roles import Role

SOURCE = marked("批次名额规定")
BODY_FULL = marked("本批次给“{body}”的推荐名额为 {places} 个，已全部使用（{source}）。可将该申报列入候补。")
CALL_FULL = marked("本批次推荐名额总数为 {places} 个，已全部使用（{source}）。可将该申报列入候补。")
NO_NUMBER = marked("“{body}”的名额应为 0 至 {most} 的整数，不设单独名额的请留空。")
UNKNOWN_BODY = marked("没有这个推荐单位。")
MOST = 10_000


@dataclass(frozen=True)
class Places:
    """How many places there are (None: as many as one likes) and how many are used."""

    given: int | None
    used: int

    @property
    def left(self) -> int | None:
        """How many are free; never less than none, None without a limit."""
        return None if self.given is None else max(0, self.given - self.used)

    @property
    def full(self) -> bool:
        """Whether none is left."""
        return self.left == 0


@dataclass(frozen=True)
class Standing:
    """How a body stands in a call: its own places, and those of the whole call."""

    own: Places
    whole: Places

    @property
    def full(self) -> bool:
        """Whether the body can recommend no further file now."""
        return self.own.full or self.whole.full


@dataclass(frozen=True)
class BodyLine:
    """One body in a call: `own` is the number of its own row, if it has one."""

    id: UUID
    name: str
    own: int | None
    places: Places


def using_a_place() -> ColumnElement[bool]:
    """Return the condition under which a case (joined with its application) uses a place of its body."""
    recommended = (
        select(Decision.id)
        .where(Decision.case_id == Case.id, Decision.stage == "local-review")
        .where(Decision.outcome == Outcome.APPROVED, col(Decision.undone_at).is_(None))
        .exists()
    )
    return recommended & or_(col(Case.outcome).is_(None), col(Case.outcome) == Outcome.APPROVED)


def used_by_body(session: Session, call_id: UUID) -> dict[UUID, int]:
    """Count the places that each body uses in a call."""
    counted = (
        select(Application.recommender_id, func.count())
        .join(Case, col(Case.application_id) == Application.id)
        .where(Application.call_id == call_id, using_a_place())
        .group_by(col(Application.recommender_id))
    )
    return dict(session.exec(counted).all())


def own_rows(session: Session, call_id: UUID) -> dict[UUID, int]:
    """Return the places of the bodies that have a number of their own."""
    rows = select(CallQuota.recommender_id, CallQuota.places).where(CallQuota.call_id == call_id)
    return dict(session.exec(rows).all())


def is_limited(session: Session, call: Call, recommender_id: UUID) -> bool:
    """Whether a body has a number of places in a call, of its own or by a rule; where none has, nobody need count."""
    policy = policy_of(call.policy)
    return bool(policy.quota_each or policy.quota_in_all) or recommender_id in own_rows(session, call.id)


def standing_of(session: Session, call: Call, recommender_id: UUID) -> Standing:
    """Return how a body stands in a call."""
    policy, used = policy_of(call.policy), used_by_body(session, call.id)
    own = own_rows(session, call.id).get(recommender_id, policy.quota_each or None)
    whole = Places(policy.quota_in_all or None, sum(used.values()))
    return Standing(Places(own, used.get(recommender_id, 0)), whole)


def refusal(session: Session, call: Call, recommender_id: UUID, body: str) -> str:
    """Say in a sentence, with the number and its source, why no place is left; nothing when there is one.

    Recommendations in a call pass here one at a time, so two at once cannot take the same last place.
    """
    pass_through(session, f"quota {call.id}")
    standing = standing_of(session, call, recommender_id)
    if standing.own.full:
        return gettext(BODY_FULL, body=body, places=standing.own.given, source=gettext(SOURCE))
    if standing.whole.full:
        return gettext(CALL_FULL, places=standing.whole.given, source=gettext(SOURCE))
    return ""


def lines_of(session: Session, call: Call) -> list[BodyLine]:
    """Return every recommending body with its places in a call, with a fixed number of questions."""
    each = policy_of(call.policy).quota_each or None
    own, used = own_rows(session, call.id), used_by_body(session, call.id)
    return [
        BodyLine(body.id, body.name, own.get(body.id), Places(own.get(body.id, each), used.get(body.id, 0)))
        for body in recommending_bodies(session)
    ]


def set_quotas(session: Session, call: Call, wanted: Mapping[UUID, int | None], *, by: Person) -> int:
    """Give bodies their own number of places (None: the call's rule for everybody); say how many have changed.

    A number below what is used already takes no recommendation back: it only lets no further one pass.
    Raises `NotPermitted`, or `Invalid` with every fault at once.
    """
    require(by, Role.OFFICE)
    bodies = {body.id: body.name for body in recommending_bodies(session)}
    if faults := quota_faults(wanted, bodies):
        raise Invalid(faults=faults)
    pass_through(session, f"quota {call.id}")
    rows = {row.recommender_id: row for row in session.exec(select(CallQuota).where(CallQuota.call_id == call.id))}
    before = {body: row.places for body, row in rows.items()}
    changed = {body: places for body, places in wanted.items() if before.get(body) != places}
    for body, places in changed.items():
        _write(session, call, rows.get(body), (body, places), by=by)
    session.flush()
    if changed:
        told = {bodies[body]: places for body, places in changed.items()}
        journal.note(session, "quotas-set", case=None, by=by, call=call.code, places=told)
    return len(changed)


def _write(session: Session, call: Call, row: CallQuota | None, given: tuple[UUID, int | None], *, by: Person) -> None:
    body, places = given
    if row and places is None:
        session.delete(row)
    elif row and places is not None:
        row.places, row.set_by, row.set_at = places, by.id, now()
    elif places is not None:
        session.add(CallQuota(call_id=call.id, recommender_id=body, places=places, set_by=by.id))


def quota_faults(wanted: Mapping[UUID, int | None], bodies: Mapping[UUID, str]) -> list[Fault]:
    """Return what is wrong with a table of places."""
    faults = [Fault(f"places.{body}", UNKNOWN_BODY) for body in wanted if body not in bodies]
    return faults + [
        Fault(f"places.{body}", gettext(NO_NUMBER, body=bodies[body], most=MOST))
        for body, places in wanted.items()
        if body in bodies and places is not None and not 0 <= places <= MOST
    ]
