"""The register of plaques: which are to be made, handed over or taken back, and entering each step once."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.people import Person
from casework.publication.plaque_sheet import ENDINGS, workbook
from casework.publication.plaques import (
    STATES,
    TO_DO,
    PlaqueLine,
    end,
    enter,
    hand_over,
    plaque_of,
    plaques,
    record_made,
)
from core.addresses import Words, identity
from core.clock import today
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid, NotFound
from core.i18n import gettext, marked
from core.spreadsheets import MEDIA_TYPE
from pages.downloads import download
from pages.forms import Form
from pages.kit import Column, Crumb, Option
from pages.office_lines import Officer
from pages.rendering import page, redirect
from pages.reviewer_pages import View
from pages.submission import Submitted

router = APIRouter()

LIST = marked("牌匾登记")
TITLES = (marked("证书编号"), marked("基地"), marked("牌匾编号"), marked("状态"), marked("制作"), marked("颁发"),
          marked("收回或销毁"))  # fmt: skip
LOOKS = {"none": "draft", "entered": "waiting", "made": "waiting", "handed": "done", "recall": "overdue",
         "ended": "lapsed", "void": "plain"}  # fmt: skip
MADE, HANDED, ENDED = "made", "handed", "ended"


@dataclass(frozen=True)
class RegisterPage:
    """Every certificate with its plaque; `state` is what is asked for."""

    rows: list[tuple[PlaqueLine, tuple[str, str]]]
    recall: int
    fresh: bool
    state: str
    states: list[Option]
    columns: list[Column]
    refusal: str


@dataclass(frozen=True)
class PlaquePage:
    """One plaque, and the step that comes next."""

    line: PlaqueLine
    badge_of: tuple[str, str]
    endings: dict[str, str]
    options: list[Option]
    form: Form
    refusal: str
    crumbs: list[Crumb]


@router.get("/office/plaques")
def listed(request: Request, person: Officer, state: Words = "") -> Response:
    """Show the register."""
    return _listed(request, person, state)


@router.post("/office/plaques")
def take(request: Request, form: Submitted, person: Officer) -> Response:
    """Enter the plaques of the chosen certificates, all or none, each with the usual text."""
    chosen = list(dict.fromkeys(form.values_of("certificates")))
    try:
        with transaction() as session:
            for number in sorted(chosen):
                enter(session, number, by=person)
    except (Conflict, NotFound) as refused:
        return _listed(request, person, "", (refused.sentence(), refused.status))
    if not chosen:
        return _listed(request, person, "", (gettext("请先勾选要登记的证书。"), 422))
    return redirect(request, "/office/plaques", notice=gettext("已登记 {n} 块牌匾。", n=len(chosen)))


@router.get("/office/plaques.xlsx")
def sheet(person: Officer) -> Response:
    """Give the register as a workbook."""
    with reading() as session:
        found = plaques(session, by=person)
    return download(workbook(found), f"{gettext(LIST)}-{today().isoformat()}.xlsx", MEDIA_TYPE)


@router.get("/office/plaques/{plaque_id}")
def show(request: Request, plaque_id: Words, person: Officer) -> Response:
    """Show one plaque."""
    return _shown(request, identity(plaque_id), person, View(Form.of({"on": today().isoformat()})))


@router.post("/office/plaques/{plaque_id}")
def step(request: Request, plaque_id: Words, form: Submitted, person: Officer) -> Response:
    """Record that the plaque was made, handed over, or returned or destroyed."""
    wanted = identity(plaque_id)
    try:
        _recorded(wanted, form, person)
    except Invalid as refused:
        faults = [Fault(one.field, gettext(one.message)) for one in refused.faults]
        return _shown(request, wanted, person, View(form.refused(Invalid(faults=faults)), status=refused.status))
    except Conflict as late:
        return _shown(request, wanted, person, View(form, late.sentence(), late.status))
    return redirect(request, f"/office/plaques/{wanted}", notice=gettext("已登记。"))


def _recorded(plaque_id: UUID, form: Form, person: Person) -> None:
    act, on = form.value("act"), form.day("on", gettext("日期"), required=False)
    form.refuse_faults()
    with transaction() as session:
        if act == MADE:
            record_made(session, plaque_id, on, by=person)
        elif act == HANDED:
            hand_over(session, plaque_id, on, form.value("to"), by=person)
        else:
            end(session, plaque_id, on, form.value("ending"), by=person)


def _listed(request: Request, person: Person, state: str, refused: tuple[str, int] = ("", 200)) -> Response:
    with reading() as session:
        found = plaques(session, by=person)
    shown = [one for one in found if state in {"", one.state} or (state == "todo" and one.state in TO_DO)]
    context = RegisterPage(
        rows=[(one, _badge(one)) for one in shown],
        recall=sum(one.state == "recall" for one in found),
        fresh=any(one.state == "none" for one in shown),
        state=state,
        states=[Option("todo", gettext("全部待办")), *(Option(key, gettext(title)) for key, title in STATES.items())],
        columns=[Column(gettext(title)) for title in TITLES],
        refusal=refused[0],
    )
    return page(request, "office/plaques.html", context, status=refused[1])


def _shown(request: Request, plaque_id: UUID, person: Person, view: View) -> Response:
    with reading() as session:
        line = plaque_of(session, plaque_id, by=person)
    number = line.plaque.number if line.plaque else ""
    endings = {str(key): gettext(title) for key, title in ENDINGS.items()}
    context = PlaquePage(
        line=line,
        badge_of=_badge(line),
        endings=endings,
        options=[Option(key, title) for key, title in endings.items()],
        form=view.form,
        refusal=view.refusal,
        crumbs=[Crumb(gettext(LIST), "/office/plaques"), Crumb(number)],
    )
    return page(request, "office/plaque.html", context, status=view.status)


def _badge(line: PlaqueLine) -> tuple[str, str]:
    return gettext(STATES[line.state]), LOOKS[line.state]
