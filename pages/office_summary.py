"""The summary of a call: every case with all its figures, ranked, to read and to take away."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from casework.access import OVERSEERS
from casework.calls import by_code
from casework.meetings import KINDS, meetings_of
from casework.people import Person
from casework.summary import Standing, summary_of
from casework.summary_sheet import FLAGS, TITLE, area_of, concluded, domains_of, ended, workbook
from core.addresses import Words
from core.clock import today
from core.db import reading
from core.i18n import gettext, marked
from core.spreadsheets import MEDIA_TYPE
from models.application import Call
from models.judgement import Recommendation
from models.publication import Meeting
from pages.downloads import download
from pages.kit import Column, Crumb, Tile
from pages.rendering import page
from pages.session import Holding
from regulation.definition import BY_KEY
from regulation.policy import policy_of
from regulation.result import shown
from regulation.roles import Role

router = APIRouter()

Reader = Annotated[Person, Depends(Holding(*OVERSEERS))]
COLUMNS = (
    Column(marked("排名"), numeric=True),
    Column(marked("申报")),
    Column(marked("推荐单位")),
    Column(marked("得分"), numeric=True),
    Column(marked("分差"), numeric=True),
    Column(marked("同意票"), numeric=True),
    Column(marked("各环节结论")),
    Column(marked("标记")),
)
LOOKS = {"fragile": "warn", "mismatch": "warn", "objection": "waiting", "upheld": "bad"}
CHAPTERS = ("expert-review", "site-inspection", "certification")


@dataclass(frozen=True)
class SummaryLine:
    """One case in words and figures."""

    standing: Standing
    href: str
    under: str
    place: str
    mean: str
    spread: str
    votes: str
    stage: str
    chapters: list[tuple[str, str]]
    flags: list[tuple[str, str]]


@dataclass(frozen=True)
class SummaryPage:
    """Every case of a call."""

    call: Call
    lines: list[SummaryLine]
    columns: list[Column]
    tiles: list[Tile]
    meetings: list[tuple[Meeting, str]]
    export: str
    meeting: str
    crumbs: list[Crumb]


@router.get("/office/calls/{code}/summary")
def summary(request: Request, code: Words, person: Reader) -> Response:
    """Show the summary."""
    with reading() as session:
        call = by_code(session, code)
        standings = summary_of(session, call, by=person)
        meetings = meetings_of(session, call.id)
    here = f"/office/calls/{call.code}"
    known = person.has(Role.OFFICE, Role.AUDITOR)
    context = SummaryPage(
        call=call,
        lines=[line_of(one) for one in standings],
        columns=[Column(gettext(one.title), numeric=one.numeric) for one in COLUMNS],
        tiles=tiles_of(standings, policy_of(call.policy).pass_mark),
        meetings=[(meeting, gettext(KINDS[meeting.kind])) for meeting, _ in meetings],
        export=f"{here}/summary.xlsx",
        meeting=f"/meetings/{call.code}" if person.has(Role.DECIDER) else "",
        crumbs=[
            *([Crumb(gettext("批次管理"), "/office/calls"), Crumb(call.code, here)] if known else []),
            Crumb(gettext(TITLE)),
        ],
    )
    return page(request, "office/summary.html", context)


@router.get("/office/calls/{code}/summary.xlsx")
def table(code: Words, person: Reader) -> Response:
    """Give the summary as a workbook."""
    with reading() as session:
        call = by_code(session, code)
        content = workbook(summary_of(session, call, by=person))
    return download(content, f"{gettext(TITLE)}-{call.code}-{today():%Y%m%d}.xlsx", MEDIA_TYPE)


def line_of(one: Standing) -> SummaryLine:
    """Put the standing of a case into words."""
    asked = sum(one.votes.values())
    said = [(key, concluded(one, key)) for key in CHAPTERS]
    return SummaryLine(
        standing=one,
        href=f"/cases/{one.case.reference}",
        under=gettext("　").join(filter(None, (one.base_name, area_of(one), domains_of(one)))),
        place=gettext("推荐第 {n} 位", n=one.place) if one.place else "",
        mean=shown(one.mean) if one.mean is not None else "—",
        spread="—" if one.spread is None else str(one.spread),
        votes=f"{one.votes.get(Recommendation.PASS, 0)}/{asked}" if asked else "—",
        stage=ended(one) if one.case.outcome else gettext(BY_KEY[one.case.stage].title),
        chapters=[(gettext(BY_KEY[key].title), words) for key, words in said if words],
        flags=[(gettext(FLAGS[flag]), LOOKS.get(flag, flag)) for flag in one.flags],
    )


def tiles_of(standings: list[Standing], pass_mark: float) -> list[Tile]:
    """Count what whoever decides asks first."""
    scored = [one for one in standings if one.mean is not None]
    above = [one for one in scored if one.mean is not None and one.mean >= pass_mark]
    waiting = [one for one in standings if one.case.stage == "certification" and not one.case.closed_at]
    flagged = [one for one in standings if one.flags]
    return [
        Tile(gettext("已提交"), str(len(standings)), gettext("件")),
        Tile(gettext("已有评审得分"), str(len(scored)), gettext("其中达到通过分 {n} 件", n=len(above))),
        Tile(gettext("待审定"), str(len(waiting)), gettext("件")),
        Tile(gettext("有标记"), str(len(flagged)), gettext("件"), mood="warn" if flagged else "plain"),
    ]
