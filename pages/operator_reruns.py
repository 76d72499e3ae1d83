"""Running again: first a preview that does nothing, then an honest result for each case, kept to be looked at later."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from casework.causes import failures, first_line, of_cause
from casework.foresight import Plan
from casework.reruns import MOST_AT_ONCE, TITLES, Came, Kept, Result, Told, ask, kept_by, named, rerun_of, reruns
from casework.run_words import did_in_words, ended_in_words
from core.addresses import Words, identity, words
from core.db import reading, transaction
from core.i18n import gettext, marked
from flows.gateway import is_there, page_of, plans_of, ring
from models.case import Case
from models.operating import Rerun
from models.person import User
from pages.kit import Column, Crumb, Mood, Tile
from pages.operator_stalled import ADDRESS as STALLED
from pages.operator_stalled import Operator, search_of, told
from pages.rendering import page, redirect
from pages.submission import Submitted

router = APIRouter()

ADDRESS = "/operator/reruns"
NEW = ADDRESS + "/new"
LOOKS = {
    Result.FINISHED: "good", Result.FAILED: "failed", Result.RUNNING: "waiting",
    Result.UNMOVED: "warn", Result.REFUSED: "plain",
}  # fmt: skip
MOODS: dict[Result, Mood] = {Result.FINISHED: "good", Result.FAILED: "bad", Result.UNMOVED: "warn"}
COLUMNS = (Column(marked("申报")), Column(marked("将执行")), Column(marked("已完成，不再重复")), Column(marked("之后")))
RESULT_COLUMNS = (Column(marked("申报")), Column(marked("结果")), Column(marked("预告")), Column(marked("实际执行")))
LIST_COLUMNS = (Column(marked("时间")), Column(marked("运维人员")), Column(marked("申报"), numeric=True))

NOTHING_CHOSEN = marked("请先勾选要重新运行的申报。")
LATER = marked("已记下重新运行 {n} 件。流程引擎暂不响应，恢复后会自动运行，无须再次操作。")
REASONS = {"not-stalled": marked("已不在停滞状态，无须重新运行")}


@dataclass(frozen=True)
class PlanLine:
    """What a run of one case would do."""

    case: Case
    steps: list[str]
    kept: Kept
    leads_to: str
    open_end: bool


@dataclass(frozen=True)
class PreviewPage:
    """What would be done, before anything is."""

    lines: list[PlanLine]
    columns: list[Column]
    summary: list[tuple[str, int]]
    recovered: list[str]
    left_out: int
    engine: bool
    crumbs: list[Crumb]


@dataclass(frozen=True)
class ResultLine:
    """What came of one case."""

    case: Case
    mark: tuple[str, str]
    foretold: list[str]
    did: list[str]
    note: str
    differs: bool
    page: str


@dataclass(frozen=True)
class ResultPage:
    """What came of a rerun so far; it refreshes itself until no case is running."""

    told: Told
    tiles: list[Tile]
    lines: list[ResultLine]
    columns: list[Column]
    engine: bool
    crumbs: list[Crumb]


@dataclass(frozen=True)
class RerunsPage:
    """Who asked for reruns, and when."""

    rows: list[tuple[Rerun, User, int]]
    columns: list[Column]
    crumbs: list[Crumb]


@router.get(ADDRESS)
def listed(request: Request, person: Operator) -> Response:
    """List the newest reruns."""
    del person
    with reading() as session:
        rows = reruns(session)
    return page(request, "operator/reruns.html", RerunsPage(rows, told(LIST_COLUMNS), _crumbs()))


@router.get(NEW)
def preview(request: Request, person: Operator) -> Response:
    """Say what a run of each chosen case, or of every case of a cause, would do; nothing is done."""
    del person
    references, left_out = _meant(request)
    if not references:
        return redirect(request, STALLED, notice=gettext(NOTHING_CHOSEN), kind="warn")
    with reading() as session:
        cases = named(session, references)
        stalled = [case for case in cases if case.stalled_at]
        kept = kept_by(session, [case.id for case in stalled])
    plans = plans_of([case.id for case in stalled])
    lines = [_planned(case, plans[case.id], kept[case.id]) for case in stalled]
    context = PreviewPage(
        lines=lines,
        columns=told(COLUMNS),
        summary=_summary(plans.values()),
        recovered=[case.reference for case in cases if not case.stalled_at],
        left_out=left_out,
        engine=is_there(),
        crumbs=_crumbs(gettext("重新运行预告")),
    )
    return page(request, "operator/rerun-preview.html", context)


@router.post(ADDRESS)
def run(request: Request, form: Submitted, person: Operator, after: BackgroundTasks) -> Response:
    """Ask for the runs and lead to their results."""
    with reading() as session:
        cases = named(session, [words(one) for one in form.values_of("ids")])
    if not cases:
        return redirect(request, STALLED, notice=gettext(NOTHING_CHOSEN), kind="warn")
    plans = plans_of([case.id for case in cases])
    with transaction() as session:
        rerun = ask(session, plans, by=person)
    for case in cases:
        after.add_task(ring, case.id)
    if is_there():
        return redirect(request, f"{ADDRESS}/{rerun.id}")
    return redirect(request, f"{ADDRESS}/{rerun.id}", notice=gettext(LATER, n=len(cases)), kind="warn")


@router.get(ADDRESS + "/{rerun_id}")
def result(request: Request, rerun_id: Words, person: Operator) -> Response:
    """Say what came of each case so far."""
    del person
    with reading() as session:
        found = rerun_of(session, identity(rerun_id))
    context = ResultPage(
        told=found,
        tiles=[_tile(one, n) for one, n in found.counts.items() if n or one in {Result.FINISHED, Result.FAILED}],
        lines=[_came(one) for one in found.cases],
        columns=told(RESULT_COLUMNS),
        engine=found.settled or is_there(),
        crumbs=_crumbs(gettext("运行结果")),
    )
    return page(request, "operator/rerun.html", context)


def _meant(request: Request) -> tuple[list[str], int]:
    """Return the references that are meant, and how many of a cause do not fit into one rerun."""
    query = request.query_params
    if not (cause := query.get("cause", "")):
        return [words(one) for one in query.getlist("ids")][:MOST_AT_ONCE], 0
    search = search_of(request)
    with reading() as session:
        group = of_cause((one for one in failures(session) if search.fits(one)), cause)
    references = [one.case.reference for one in group.cases] if group else []
    return references[:MOST_AT_ONCE], max(0, len(references) - MOST_AT_ONCE)


def _planned(case: Case, plan: Plan, kept: Kept) -> PlanLine:
    steps = [did_in_words(one.did) for one in plan.steps]
    return PlanLine(case, steps, kept, ended_in_words(plan.leads_to), plan.open_end)


def _summary(plans: Iterable[Plan]) -> list[tuple[str, int]]:
    """Count the steps of all plans by kind, in the order in which they come."""
    counted: dict[str, int] = {}
    for plan in plans:
        for one in plan.steps:
            said = did_in_words(one.did)
            counted[said] = counted.get(said, 0) + 1
    return list(counted.items())


def _came(one: Came) -> ResultLine:
    note = (
        gettext(REASONS.get(one.row.refused, ""))
        if one.row.refused
        else gettext(first_line(one.error))
        if one.error
        else ""
    )
    finished = one.result is Result.FINISHED
    return ResultLine(
        case=one.case,
        mark=(gettext(TITLES[one.result]), LOOKS[one.result]),
        foretold=[did_in_words(did) for did in one.row.foretold],
        did=[did_in_words(did) for did in one.did],
        note=note,
        differs=finished and not one.as_foretold,
        page=page_of(one.run.flow_run_id) if one.run else "",
    )


def _tile(result: Result, n: int) -> Tile:
    return Tile(gettext(TITLES[result]), str(n), mood=MOODS.get(result, "plain") if n else "plain")


def _crumbs(*here: str) -> list[Crumb]:
    trail = [Crumb(gettext("停滞事项"), STALLED), Crumb(gettext("重新运行记录"), ADDRESS if here else "")]
    return [*trail, *(Crumb(one) for one in here)]
