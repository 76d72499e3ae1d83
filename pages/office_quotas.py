"""Places of a call in the office's hands: each body's number, by hand or from a spreadsheet, and how many it used."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from casework.calls import by_code
from casework.people import Person
from casework.quotas import MOST, BodyLine, Places, lines_of, set_quotas
from casework.recommending.documents import whole_sheet
from casework.recommending.quota_table import NAME, quota_sheet, quotas_in
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Invalid
from core.i18n import gettext, marked
from core.spreadsheets import MEDIA_TYPE
from models.application import Call
from pages.downloads import download
from pages.forms import Form
from pages.kit import Column, Crumb, Tile
from pages.office_lines import Overseer
from pages.rendering import page, redirect
from pages.session import Holding
from pages.submission import Submitted
from regulation.policy import policy_of
from regulation.roles import Role

router = APIRouter()
Officer = Annotated[Person, Depends(Holding(Role.OFFICE))]

COLUMNS = (marked("推荐单位"), marked("单独名额"), marked("已用"), marked("剩余"))


@dataclass(frozen=True)
class QuotaLine:
    """One body with the name of the field that holds its number."""

    body: BodyLine
    field: str


@dataclass(frozen=True)
class QuotasPage:
    """The places of one call."""

    call: Call
    lines: list[QuotaLine]
    columns: list[Column]
    tiles: list[Tile]
    address: str
    may_edit: bool
    form: Form
    crumbs: list[Crumb]


@router.get("/office/calls/{code}/quotas")
def quotas(request: Request, code: Words, person: Overseer) -> Response:
    """Show every body with its places."""
    return _shown(request, code, person)


@router.post("/office/calls/{code}/quotas")
def save(request: Request, code: Words, form: Submitted, person: Officer) -> Response:
    """Save the numbers; an empty one gives the body the call's rule for everybody."""
    try:
        with transaction() as session:
            call = by_code(session, code)
            bodies = [line for line in lines_of(session, call) if form.values_of(field_of(line))]
            wanted = {
                line.id: form.integer(field_of(line), line.name, required=False, between=(0, MOST)) for line in bodies
            }
            form.refuse_faults()
            changed = set_quotas(session, call, wanted, by=person)
    except Invalid as refused:
        return _shown(request, code, person, form.refused(refused), refused.status)
    return redirect(request, _address(code), notice=_said(changed))


@router.post("/office/calls/{code}/quotas/import")
def bring(request: Request, code: Words, form: Submitted, person: Officer) -> Response:
    """Take the numbers from a spreadsheet, all of them or none."""
    try:
        upload = form.file("file", marked("名额分配表"), megabytes=5)
        form.refuse_faults()
        with transaction() as session:
            wanted = quotas_in(session, upload.content if upload else b"")
            changed = set_quotas(session, by_code(session, code), wanted, by=person)
    except Invalid as refused:
        return _shown(request, code, person, form.refused(refused), refused.status)
    return redirect(request, _address(code), notice=_said(changed))


@router.get("/office/calls/{code}/quotas.xlsx")
def table(code: Words, person: Overseer) -> Response:
    """Give the table of places, to be filled in and brought back."""
    del person
    with reading() as session:
        call = by_code(session, code)
        return download(quota_sheet(session, call), f"{NAME}-{call.code}.xlsx", MEDIA_TYPE)


@router.get("/office/calls/{code}/recommended.xlsx")
def recommended(code: Words, person: Overseer) -> Response:
    """Give what all bodies recommend in the call, body by body and by rank."""
    del person
    with reading() as session:
        call = by_code(session, code)
        return download(whole_sheet(session, call), f"推荐汇总表-{call.code}.xlsx", MEDIA_TYPE)


def field_of(line: BodyLine) -> str:
    """Return the name of the field that holds a body's number."""
    return f"places-{line.id}"


def _address(code: str) -> str:
    return f"/office/calls/{quote(code)}/quotas"


def _said(changed: int) -> str:
    return gettext("已保存 {n} 个推荐单位的名额。", n=changed) if changed else gettext("名额没有变化。")


def _shown(request: Request, code: str, person: Person, form: Form | None = None, status: int = 200) -> Response:
    with reading() as session:
        call = by_code(session, code)
        lines = lines_of(session, call)
    may_edit = person.has(Role.OFFICE)
    stored = {field_of(line): line.own for line in lines}
    context = QuotasPage(
        call=call,
        lines=[QuotaLine(line, field_of(line)) for line in lines],
        columns=[Column(gettext(title), numeric=number > 1) for number, title in enumerate(COLUMNS)],
        tiles=_tiles(call, lines),
        address=_address(call.code),
        may_edit=may_edit,
        form=form if form and any(form.values_of(name) for name in stored) else _kept(stored, form),
        crumbs=[
            Crumb(gettext("批次管理"), "/office/calls"),
            Crumb(call.code, f"/office/calls/{quote(call.code)}"),
            Crumb(gettext("推荐名额")),
        ],
    )
    return page(request, "office/quotas.html", context, status=status)


def _kept(stored: dict[str, int | None], form: Form | None) -> Form:
    """Return the numbers as they are on record, with what was wrong about a file that was brought."""
    shown = Form.of(dict(stored))
    if form:
        shown.faults, shown.sentence = form.faults, form.sentence
    return shown


def _tiles(call: Call, lines: list[BodyLine]) -> list[Tile]:
    policy = policy_of(call.policy)
    whole = Places(policy.quota_in_all or None, sum(line.places.used for line in lines))
    left = gettext("剩余 {n} 个", n=whole.left) if whole.given is not None else gettext("不限")
    each = str(policy.quota_each) if policy.quota_each else gettext("不限")
    return [
        Tile(gettext("本批次名额总数"), str(whole.given) if whole.given is not None else gettext("不限"), left),
        Tile(gettext("已推荐"), str(whole.used), mood="bad" if whole.full else "plain"),
        Tile(gettext("每个推荐单位名额"), each, gettext("未设单独名额的单位适用")),
    ]
