"""The office's summary of a call: every case with all its figures and where they rank it, for whoever decides.

Each figure is read for the whole call at once, so two thousand cases cost as many questions as ten.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func

from casework.access import OVERSEERS, require
from casework.people import Person
from core.clock import today
from models.application import Application, Call
from models.case import Assignment, Case, StageRound
from models.judgement import Decision, Finding, Inspection, Recommendation, Review
from models.objection import Objection, ObjectionResult
from models.organisation import Organisation
from models.recommendation import Ranking
from regulation.outcomes import Outcome
from regulation.policy import Policy, policy_of
from regulation.result import Ballot, Result, result
from regulation.roles import Duty

PAPERS = (
    func.jsonb_extract_path_text(Application.content, "base_name"),
    func.jsonb_extract_path_text(Application.content, "area"),
    func.jsonb_extract_path(Application.content, "domains", type_=JSONB),
)
"""What the summary reads of the papers: the whole of them would take longer than everything else."""

UNRANKED = frozenset({Outcome.WITHDRAWN, Outcome.LAPSED})
"""Whoever has left the proceeding takes nobody's place."""


@dataclass(frozen=True)
class Standing:
    """One case in figures: `place` is its recommending body's ranking, `rank` the one by the experts' result.

    `decided` holds the standing outcome of each stage by its key; `mismatches` counts the findings of the last visit
    that did not match what was declared.
    """

    case: Case
    unit: str
    base_name: str
    area: str
    domains: tuple[str, ...]
    recommender: str
    place: int | None
    decided: dict[str, Outcome]
    result: Result | None
    votes: dict[Recommendation, int]
    mismatches: int
    open_objections: int
    upheld_objections: int
    due_on: date | None
    rank: int | None = None

    @property
    def mean(self) -> Fraction | None:
        """The figure that ranks."""
        return self.result.mean if self.result else None

    @property
    def spread(self) -> int | None:
        """The highest score less the lowest."""
        found = self.result
        return None if not found or found.highest is None or found.lowest is None else found.highest - found.lowest

    @property
    def overdue(self) -> bool:
        """Whether somebody's duty is past its day."""
        return self.due_on is not None and self.due_on < today()

    @property
    def flags(self) -> list[str]:
        """What whoever decides should look at twice, by name."""
        marked = {
            "stalled": self.case.stalled_at is not None,
            "overdue": self.overdue,
            "fragile": self.result is not None and not self.result.robust,
            "mismatch": self.mismatches > 0,
            "objection": self.open_objections > 0,
            "upheld": self.upheld_objections > 0,
        }
        return [name for name, holds in marked.items() if holds]


def summary_of(session: Session, call: Call, *, by: Person) -> list[Standing]:
    """Return every case of a call, those with the best result first; for those who oversee."""
    require(by, *OVERSEERS)
    return ranked(standings_of(session, call))


def standings_of(session: Session, call: Call) -> list[Standing]:
    """Return the figures of every case of a call, unranked."""
    ours = select(col(Case.id)).join(Application, col(Application.id) == Case.application_id)
    ours = ours.where(col(Application.call_id) == call.id)
    results = _results(session, ours, policy_of(call.policy))
    decided, mismatches = _decided(session, ours), _mismatches(session, ours)
    objections, due = _objections(session, ours), _due(session, ours)
    unit, body = aliased(Organisation), aliased(Organisation)
    rows = session.execute(
        select(Case, *PAPERS, col(unit.name), col(unit.area_code), col(body.name), col(Ranking.place))
        .join(Application, col(Application.id) == Case.application_id)
        .join(unit, col(unit.id) == Application.organisation_id)
        .join(body, col(body.id) == Application.recommender_id)
        .join(Ranking, col(Ranking.case_id) == Case.id, isouter=True)
        .where(col(Application.call_id) == call.id)
        .order_by(col(Case.reference))
    )
    return [
        Standing(
            case=case,
            unit=name,
            base_name=base_name or "",
            area=area or area_of_unit,
            domains=tuple(domains or ()),
            recommender=recommender,
            place=place,
            decided=decided.get(case.id, {}),
            result=results[case.id][0] if case.id in results else None,
            votes=results[case.id][1] if case.id in results else {},
            mismatches=mismatches.get(case.id, 0),
            open_objections=objections.get(case.id, (0, 0))[0],
            upheld_objections=objections.get(case.id, (0, 0))[1],
            due_on=due.get(case.id),
        )
        for case, base_name, area, domains, name, area_of_unit, recommender, place in rows
    ]


def ranked(standings: Iterable[Standing]) -> list[Standing]:
    """Number the standings by their mean, the best first; equal ones share a number, whoever has none comes last."""
    counted = [one for one in standings if one.mean is not None and one.case.outcome not in UNRANKED]
    others = [one for one in standings if one.mean is None or one.case.outcome in UNRANKED]
    counted.sort(key=lambda one: (-(one.mean or 0), one.case.reference))
    better: dict[Fraction | None, int] = {}
    for number, one in enumerate(counted, 1):
        better.setdefault(one.mean, number)
    return [*(replace(one, rank=better[one.mean]) for one in counted), *others]


def _decided(session: Session, ours: Any) -> dict[UUID, dict[str, Outcome]]:  # noqa: ANN401 - a statement
    """Return the last standing outcome of each stage."""
    found: dict[UUID, dict[str, Outcome]] = defaultdict(dict)
    decisions = select(col(Decision.case_id), col(Decision.stage), col(Decision.outcome)).where(
        col(Decision.case_id).in_(ours), col(Decision.undone_at).is_(None)
    )
    for case_id, stage, outcome in session.execute(decisions.order_by(col(Decision.round))):
        found[case_id][stage] = outcome
    return found


def _results(
    session: Session,
    ours: Any,  # noqa: ANN401 - a statement
    policy: Policy,
) -> dict[UUID, tuple[Result, dict[Recommendation, int]]]:
    """Return what the last committee's valid reviews come to, and its votes."""
    at = select(col(StageRound.id), col(StageRound.case_id), func.count(col(Assignment.id)).label("seats")).distinct(
        col(StageRound.case_id)
    )
    at = at.join(Assignment, (col(Assignment.stage_round_id) == StageRound.id) & (col(Assignment.duty) == Duty.REVIEW))
    at = at.where(col(StageRound.case_id).in_(ours), col(StageRound.stage) == "expert-review")
    at = at.where(col(StageRound.outcome).is_distinct_from(Outcome.UNDONE), col(Assignment.replaced_by).is_(None))
    at = at.group_by(col(StageRound.id), col(StageRound.case_id), col(StageRound.round))
    last = at.order_by(col(StageRound.case_id), col(StageRound.round).desc()).subquery()
    reviews = select(last.c.case_id, last.c.seats, col(Review.score), col(Review.recommendation)).join(
        Review, (col(Review.stage_round_id) == last.c.id) & col(Review.voided_at).is_(None)
    )
    given: dict[UUID, list[tuple[int, Recommendation]]] = defaultdict(list)
    seats: dict[UUID, int] = {}
    for case_id, seated, score, advice in session.execute(reviews):
        given[case_id].append((score, advice))
        seats[case_id] = max(seated, policy.panel_size)
    return {case_id: (_result(own, seats[case_id], policy), _votes(own)) for case_id, own in given.items()}


def _result(given: list[tuple[int, Recommendation]], seats: int, policy: Policy) -> Result:
    ballots = sorted(Ballot(score, advice is Recommendation.PASS) for score, advice in given)
    return _counted(tuple(ballots), seats, policy)


@lru_cache(maxsize=20_000)
def _counted(ballots: tuple[Ballot, ...], seats: int, policy: Policy) -> Result:
    """Count the same votes once: exact arithmetic over a whole call takes longer than reading its record."""
    return result(ballots, seats, policy)


def _votes(given: list[tuple[int, Recommendation]]) -> dict[Recommendation, int]:
    return {word: sum(advice is word for _, advice in given) for word in Recommendation}


def _mismatches(session: Session, ours: Any) -> dict[UUID, int]:  # noqa: ANN401 - a statement
    """Count the findings of each last visit that did not match."""
    last = select(col(Inspection.id), col(StageRound.case_id)).distinct(col(StageRound.case_id))
    last = last.join(StageRound, col(StageRound.id) == col(Inspection.stage_round_id))
    last = last.where(col(StageRound.case_id).in_(ours)).order_by(col(StageRound.case_id), col(StageRound.round).desc())
    visit = last.subquery()
    found = select(visit.c.case_id, func.count()).join(Finding, col(Finding.inspection_id) == visit.c.id)
    return dict(session.execute(found.where(~col(Finding.matches)).group_by(visit.c.case_id)).tuples().all())


def _objections(session: Session, ours: Any) -> dict[UUID, tuple[int, int]]:  # noqa: ANN401 - a statement
    """Count the objections that are open, and those that were upheld, in whole or in part."""
    pending = col(Objection.accepted).is_not(False) & col(Objection.concluded_at).is_(None)
    upheld = col(Objection.result).in_((ObjectionResult.UPHELD, ObjectionResult.PARTLY))
    counted = select(col(Objection.case_id), func.count().filter(pending), func.count().filter(upheld))
    counted = counted.where(col(Objection.case_id).in_(ours)).group_by(col(Objection.case_id))
    return {case_id: (is_open, stood) for case_id, is_open, stood in session.execute(counted)}


def _due(session: Session, ours: Any) -> dict[UUID, date]:  # noqa: ANN401 - a statement
    """Return the most urgent day of each case."""
    first = select(col(Assignment.case_id), func.min(col(Assignment.due_on))).where(
        col(Assignment.case_id).in_(ours), col(Assignment.ended_at).is_(None)
    )
    return dict(session.execute(first.group_by(col(Assignment.case_id))).tuples().all())
