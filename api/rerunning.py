"""For operators: why cases stand still, what a run would do, running again with its results, and the engine room."""

from fastapi import APIRouter, BackgroundTasks
from sqlmodel import Session
from starlette.responses import Response

from api.idempotency import Made, OnlyOnce
from api.operator import Operator
from api.schemas.common import refusals
from api.schemas.rerunning import (
    CasesGiven,
    CausesTold,
    CauseTold,
    EngineTold,
    PlansTold,
    PlanTold,
    RerunLine,
    RerunsTold,
    RerunTold,
)
from casework.causes import failures, grouped, of_cause
from casework.reruns import MOST_AT_ONCE, ask, kept_by, named, rerun_of, reruns
from core.addresses import KnownId, words
from core.db import reading, transaction
from core.errors import Fault, Invalid
from core.i18n import marked
from flows.gateway import plans_of, ring
from flows.watch import watch
from models.case import Case

router = APIRouter(tags=["Operating"])

NOBODY = marked("没有这样的停滞申报，请给出申报编号或原因代号。")


@router.get("/stalled/causes", responses=refusals(401, 403))
def list_causes(person: Operator) -> CausesTold:
    """List the causes for which cases stand still, the one with the most cases first."""
    del person
    with reading() as session:
        found = grouped(failures(session))
    return CausesTold(items=[CauseTold.of(group) for group in found])


@router.post("/stalled/plan", responses=refusals(400, 401, 403, 415, 422))
def plan_reruns(given: CasesGiven, person: Operator) -> PlansTold:
    """Say what a run of each case would do, from the record and without doing anything."""
    del person
    with reading() as session:
        cases = _meant(session, given)
        kept = kept_by(session, [case.id for case in cases])
    plans = plans_of([case.id for case in cases])
    return PlansTold(items=[PlanTold.of(case, plans[case.id], kept[case.id]) for case in cases])


@router.post("/reruns", status_code=202, response_model=RerunTold, responses=refusals(400, 401, 403, 415, 422))
def start_rerun(given: CasesGiven, person: Operator, once: OnlyOnce, after: BackgroundTasks) -> Response:
    """Run stalled cases again, as the plan says; `GET` the address in `Location` for what came of each."""
    with reading() as session:
        cases = _meant(session, given)
    plans = plans_of([case.id for case in cases])

    with transaction() as session:

        def effect() -> Made:
            rerun = ask(session, plans, by=person)
            for case in cases:
                after.add_task(ring, case.id)
            return Made(RerunTold.of(rerun_of(session, rerun.id)), 202, f"/api/v1/reruns/{rerun.id}")

        return once.answer(session, effect)


@router.get("/reruns", responses=refusals(401, 403))
def list_reruns(person: Operator) -> RerunsTold:
    """List the newest reruns, who asked for them and when."""
    del person
    with reading() as session:
        found = reruns(session)
    return RerunsTold(items=[RerunLine(id=one.id, asked_at=one.asked_at, by=by.name, cases=n) for one, by, n in found])


@router.get("/reruns/{rerun_id}", responses=refusals(401, 403, 404, 422))
def get_rerun(rerun_id: KnownId, person: Operator) -> RerunTold:
    """Say what came of each case so far."""
    del person
    with reading() as session:
        return RerunTold.of(rerun_of(session, rerun_id))


@router.get("/engine", responses=refusals(401, 403))
def get_engine(person: Operator) -> EngineTold:
    """Look once at workers, bells, letters, databases and disk; never waits long for an engine that is silent."""
    del person
    return EngineTold.of(watch())


def _meant(session: Session, given: CasesGiven) -> list[Case]:
    references = [words(one) for one in given.references]
    if given.cause:
        group = of_cause(failures(session), given.cause)
        references += [one.case.reference for one in group.cases] if group else []
    cases = named(session, references[:MOST_AT_ONCE])
    if not cases:
        raise Invalid(faults=[Fault("references", NOBODY)])
    return cases
