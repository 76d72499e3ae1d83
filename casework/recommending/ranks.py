"""Ranks 推荐排序: the order in which a body recommends its files of one call, and its waiting list 候补.

The body sets the order; a file that is recommended comes last until then.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from casework import journal
from casework.access import require
from casework.cases import BASE_NAME, held
from casework.people import Person
from casework.quotas import using_a_place
from casework.turnstile import pass_through
from core.clock import now
from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from models.application import Application, Call
from models.case import Assignment, Case
from models.organisation import Organisation
from models.recommendation import Ranking
from regulation.outcomes import Outcome
from regulation.roles import Duty, Role

LAST = 1_000_000
RECOMMENDED, WAITING, OPEN, CORRECTING, ENDED = "recommended", "waiting", "open", "correcting", "ended"

NOT_LISTED = marked("{reference} 不在可排序的申报之列，请刷新页面后再排。")
TWICE = marked("{reference} 与另一项排在同一位，请各排不同的序号。")
NO_PLACE = marked("{reference} 的序号应为不小于 1 的整数。")


@dataclass(frozen=True)
class Ranked:
    """One file of a body in a call; `place` counts from 1 among the recommended, or among those waiting, else 0.

    `stored` is what the record has for it: the same order, with gaps where files have ended.
    """

    case: Case
    unit: str
    base_name: str
    state: str
    place: int
    duty: UUID | None
    waiting_since: datetime | None
    stored: int


def files_of(session: Session, call_id: UUID, recommender_id: UUID) -> list[Ranked]:
    """Return a body's files of a call in one question: the recommended by rank, those waiting by rank, the others."""
    of_both = (col(Application.call_id) == call_id) & (col(Application.recommender_id) == recommender_id)
    return _placed([file for _, file in _files(session, of_both)])


def counts_of(session: Session, recommender_id: UUID) -> dict[UUID, Counter[str]]:
    """Count a body's files by state in each call where it has any, in one question."""
    counted: dict[UUID, Counter[str]] = {}
    for call_id, file in _files(session, col(Application.recommender_id) == recommender_id):
        counted.setdefault(call_id, Counter())[file.state] += 1
    return counted


def _files(session: Session, condition: ColumnElement[bool]) -> list[tuple[UUID, Ranked]]:
    duty = Assignment
    found = (
        select(Application.call_id, Case, Organisation.name, BASE_NAME, Ranking, using_a_place(), duty.id)  # type: ignore[call-overload]  # four at most
        .join(Application, col(Application.id) == Case.application_id)
        .join(Organisation, col(Organisation.id) == Application.organisation_id)
        .join(Ranking, col(Ranking.case_id) == Case.id, isouter=True)
        .join(
            duty,
            (col(duty.case_id) == Case.id) & (col(duty.duty) == Duty.RECOMMEND) & col(duty.ended_at).is_(None),
            isouter=True,
        )
        .where(condition)
        .order_by(func.coalesce(col(Ranking.place), LAST), col(Case.reference))
    )
    return [(call_id, _file(*row)) for call_id, *row in session.exec(found.select_from(Case))]


def _file(  # noqa: PLR0913, PLR0917 - a row has these columns
    case: Case,
    unit: str,
    base_name: str,
    ranking: Ranking | None,
    used: bool,  # noqa: FBT001 - a column
    duty: UUID | None,
) -> Ranked:
    since = ranking.waiting_since if ranking else None
    if used:
        state = RECOMMENDED
    elif case.closed_at:
        state = ENDED
    else:
        state = (WAITING if since else OPEN) if duty else CORRECTING
    return Ranked(case, unit, base_name, state, 0, duty, since, ranking.place if ranking else 0)


def _placed(files: Sequence[Ranked]) -> list[Ranked]:
    """Count the recommended and the waiting, each from 1."""
    order = (RECOMMENDED, WAITING, OPEN, CORRECTING, ENDED)
    placed = []
    for state in order:
        group = [one for one in files if one.state == state]
        counted = state in {RECOMMENDED, WAITING}
        placed += [replace(one, place=n if counted else 0) for n, one in enumerate(group, 1)]
    return placed


def on_waiting_list(session: Session, case: Case) -> Ranked | None:
    """Return a file with its place on the waiting list; None, without looking at the others, when it is on none."""
    waiting = select(Ranking.id).where(Ranking.case_id == case.id, col(Ranking.waiting_since).is_not(None))
    if not session.exec(waiting).first():
        return None
    application = session.get_one(Application, case.application_id)
    files = files_of(session, application.call_id, application.recommender_id)
    return next((one for one in files if one.case.id == case.id and one.state == WAITING), None)


def place_of(session: Session, case: Case) -> tuple[int, int]:
    """Return the rank of a recommended file and how many its body has recommended in the call; zeros when it is not."""
    application = session.get_one(Application, case.application_id)
    files = files_of(session, application.call_id, application.recommender_id)
    listed = [one for one in files if one.state == RECOMMENDED]
    return next(((one.place, len(listed)) for one in listed if one.case.id == case.id), (0, 0))


def arrange(session: Session, call: Call, wanted: Mapping[str, int | None], *, by: Person) -> int:
    """Give the body's files their order (reference → place); files left out keep theirs. Says how many have moved.

    The recommended and the waiting are ordered each among themselves. Raises `NotPermitted`, or `Invalid` with every
    fault at once.
    """
    require(by, Role.RECOMMENDER)
    pass_through(session, f"ranking {call.id} {by.organisation_id}")
    files = files_of(session, call.id, by.organisation_id)
    if faults := order_faults(files, wanted):
        raise Invalid(faults=faults)
    moved = 0
    for state in (RECOMMENDED, WAITING):
        ordered = list(enumerate(_ordered([one for one in files if one.state == state], wanted), 1))
        changed = sorted(((n, one) for n, one in ordered if n != one.stored), key=lambda pair: pair[1].case.id)
        moved += sum(_move(session, one, place, by=by) for place, one in changed)
    return moved


def _ordered(group: Sequence[Ranked], wanted: Mapping[str, int | None]) -> list[Ranked]:
    """Take the files with a wanted place out of the order and put each in at its place, the lowest number first."""
    given = {one.case.reference: place for one in group if (place := wanted.get(one.case.reference))}
    ordered = [one for one in group if one.case.reference not in given]
    for one in sorted((one for one in group if one.case.reference in given), key=lambda one: given[one.case.reference]):
        ordered.insert(given[one.case.reference] - 1, one)
    return ordered


def order_faults(files: Sequence[Ranked], wanted: Mapping[str, int | None]) -> list[Fault]:
    """Return what is wrong with an order: a file that has none, a number that is none, a place given twice."""
    states = {one.case.reference: one.state for one in files if one.place}
    faults, taken = [], set()
    for reference, place in wanted.items():
        key = (states.get(reference), place)
        if reference not in states:
            faults.append(Fault(f"places.{reference}", gettext(NOT_LISTED, reference=reference)))
        elif place is None or not 1 <= place < LAST:
            faults.append(Fault(f"places.{reference}", gettext(NO_PLACE, reference=reference)))
        elif key in taken:
            faults.append(Fault(f"places.{reference}", gettext(TWICE, reference=reference)))
        taken.add(key)
    return faults


def _move(session: Session, one: Ranked, place: int, *, by: Person) -> bool:
    """Write down a new number; says whether the file has moved, or a gap before it was closed."""
    case = held(session, one.case.id)
    put(session, case.id, place, one.waiting_since, by=by)
    if place != one.place:
        journal.note(session, "ranked", case=case, by=by, stage="local-review", place=place)
    return place != one.place


def after_all(files: Sequence[Ranked], state: str) -> int:
    """Return the number that puts a file behind all others of a state."""
    return 1 + max((one.stored for one in files if one.state == state), default=0)


def settle(session: Session, case: Case, outcome: Outcome, *, by: Person) -> None:
    """After a body's conclusion: a recommended file comes last in the order, and no file waits any longer."""
    application = session.get_one(Application, case.application_id)
    if outcome is Outcome.APPROVED:
        files = files_of(session, application.call_id, application.recommender_id)
        others = [one for one in files if one.case.id != case.id]
        put(session, case.id, after_all(others, RECOMMENDED), None, by=by)
        return
    row = session.exec(select(Ranking).where(Ranking.case_id == case.id)).first()
    if row:
        row.waiting_since = None


def put(session: Session, case_id: UUID, place: int, waiting_since: datetime | None, *, by: Person) -> None:
    """Write down the place of a file, among the recommended or (with `waiting_since`) among those waiting."""
    row = session.exec(select(Ranking).where(Ranking.case_id == case_id)).first()
    if not row:
        row = Ranking(case_id=case_id, place=place, ranked_by=by.id)
        session.add(row)
    row.place, row.waiting_since, row.ranked_by, row.ranked_at = place, waiting_since, by.id, now()
