"""The scoring sheet of a call: public, and the office's to change until the call opens, by hand or as a spreadsheet."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.calls import by_code
from casework.people import Person
from casework.sheets import Line, is_open_to_change, set_sheet, sheet_from
from core.addresses import Words
from core.db import reading, transaction
from core.errors import Conflict, Fault, Invalid
from core.i18n import gettext, marked, speaking
from core.spreadsheets import MEDIA_TYPE, Table, read, write
from models.application import Call
from pages.downloads import download
from pages.forms import Form
from pages.kit import Crumb
from pages.office_lines import Officer, Overseer
from pages.public_sources import cited
from pages.rendering import page, redirect
from pages.submission import Submitted
from regulation.roles import Role
from regulation.sheet import BAND_TITLES, DEFAULT, MOST_ITEMS, Sheet, sheet_of

router = APIRouter()

NAME = marked("评分表")
HEADINGS = (marked("一级指标"), marked("二级指标"), marked("分值"), marked("依据"))
BANDS = ("excellent", "good", "fair")
SPARE = 3
"""Empty lines that are offered below the last one."""
NO_POINTS = marked("第 {n} 行“分值”应为 1 至 100 的整数。")


@dataclass(frozen=True)
class SheetPage:
    """The sheet for everybody; with `form` for the office while it may be changed."""

    call: Call
    address: str
    sheet: Sheet | None
    total: int
    columns: list[str]
    bands: list[tuple[str, str]]
    sources: dict[str, str]
    form: Form
    rows: list[Form]
    editable: bool
    crumbs: list[Crumb]


@router.get("/calls/{code}/sheet")
def public(request: Request, code: Words) -> Response:
    """Show the sheet that the applications of a call are scored with."""
    with reading() as session:
        call = by_code(session, code)
    crumbs = [Crumb(gettext("申报批次"), "/calls"), Crumb(call.title, f"/calls/{quote(code)}"), Crumb(gettext(NAME))]
    return page(request, "public/sheet.html", _context(call, Form.of(), crumbs, editable=False))


@router.get("/office/calls/{code}/sheet")
def show(request: Request, code: Words, person: Overseer) -> Response:
    """Show the sheet, for the office to change until the call opens."""
    return _shown(request, code, None, editable=person.has(Role.OFFICE))


@router.get("/office/calls/{code}/sheet.xlsx")
def take(code: Words, person: Overseer) -> Response:
    """Give the sheet as a spreadsheet, to be changed and brought back."""
    del person
    with reading() as session:
        call = by_code(session, code)
    sheet = sheet_of(call.policy) or DEFAULT
    with speaking("zh"):
        rows: list[list[str | int]] = [
            [gettext(group.title), gettext(item.title), item.points, _article(item.source)]
            for group in sheet.groups
            for item in group.items
        ]
        content = write(Table(gettext(NAME), [gettext(one) for one in HEADINGS], rows))
        name = f"{gettext(NAME)}-{call.code}.xlsx"
    return download(content, name, MEDIA_TYPE)


@router.post("/office/calls/{code}/sheet")
def change(request: Request, code: Words, form: Submitted, person: Officer) -> Response:
    """Change the sheet as it was typed or brought; refused, the page is shown again with everything that is wrong."""
    try:
        done = _changed(code, form, person)
    except (Invalid, Conflict) as refused:
        form.sentence = refused.sentence()
        form.faults += [one for one in _in_words(refused) if one not in form.faults]
        return _shown(request, code, form, refused.status)
    return redirect(request, f"/office/calls/{quote(code)}/sheet", notice=gettext(done))


def _changed(code: str, form: Form, person: Person) -> str:
    act = form.choice("act", NAME, ("save", "bring", "first", "none"))
    form.refuse_faults()
    written = {"save": _typed, "bring": _brought}
    sheet = written[act](form) if act in written else DEFAULT if act == "first" else None
    with transaction() as session:
        set_sheet(session, code, sheet, by=person)
    return marked("本批次改为只打总分。") if sheet is None else marked("评分表已保存。")


def _typed(form: Form) -> Sheet:
    """Read the lines of the page; one without a second level is left out."""
    lines = []
    for row in form.rows("items", most=MOST_ITEMS + SPARE):
        if not row.value("title").strip():
            continue
        points = row.integer("points", marked("分值"), between=(1, 100))
        lines.append(Line(row.value("group"), _own(row.value("title")), points or 0, _source(row.value("source"))))
    bands = [
        form.integer(f"bands-{name}", BAND_TITLES[name], between=(1, 100)) or 0 for name in BAND_TITLES if name in BANDS
    ]
    form.refuse_faults()
    return sheet_from(lines, (bands[0], bands[1], bands[2]))


def _brought(form: Form) -> Sheet:
    """Read the lines of a spreadsheet; every row that is wrong is told with its number, and nothing is taken half."""
    file = form.file("file", NAME, megabytes=2)
    form.refuse_faults()
    rows = read(file.content if file else b"", HEADINGS)
    lines, faults = [], []
    for row in rows:
        group, title, points, source = (row.cells[heading] for heading in HEADINGS)
        whole = points.isascii() and points.isdigit() and len(points) < 4
        if not whole:
            faults.append(Fault("file", gettext(NO_POINTS, n=row.number)))
        lines.append(Line(group, title, int(points) if whole else 0, _source(source)))
    if faults:
        raise Invalid(faults=faults)
    return sheet_from(lines)


def _in_words(refused: Invalid | Conflict) -> list[Fault]:
    """Return the faults of the sheet at the lines of the page: `items.3.points` is the third line's."""
    found = refused.faults if isinstance(refused, Invalid) else []
    return [Fault(one.field, gettext(one.message)) for one in found]


def _shown(request: Request, code: str, form: Form | None, status: int = 200, *, editable: bool = True) -> Response:
    with reading() as session:
        call = by_code(session, code)
    crumbs = [
        Crumb(gettext("批次管理"), "/office/calls"),
        Crumb(call.code, f"/office/calls/{quote(code)}"),
        Crumb(gettext(NAME)),
    ]
    editable = editable and is_open_to_change(call)
    filled = form if form and form.rows("items") else _form(sheet_of(call.policy) or DEFAULT)
    if form and filled is not form:
        filled.sentence, filled.faults = form.sentence, form.faults
    return page(request, "office/sheet.html", _context(call, filled, crumbs, editable=editable), status=status)


def _context(call: Call, form: Form, crumbs: list[Crumb], *, editable: bool) -> SheetPage:
    sheet = sheet_of(call.policy)
    ends = dict(zip(BAND_TITLES, (*(sheet.bands if sheet else ()), 0), strict=False))
    return SheetPage(
        call=call,
        address=f"/office/calls/{quote(call.code)}/sheet",
        sheet=sheet,
        total=sum(item.points for item in sheet.items) if sheet else 0,
        columns=[gettext(one) for one in HEADINGS],
        bands=[(gettext(BAND_TITLES[band]), f"{end} %") for band, end in ends.items()],
        sources={item.source: cited(item.source) for item in sheet.items} if sheet else {},
        form=form,
        rows=form.rows("items", most=MOST_ITEMS + SPARE),
        editable=editable,
        crumbs=crumbs,
    )


def _form(sheet: Sheet) -> Form:
    """Return a sheet as a form, with empty lines below."""
    values: dict[str, object] = {f"bands-{name}": end for name, end in zip(BANDS, sheet.bands, strict=True)}
    lines = [(group.title, item) for group in sheet.groups for item in group.items]
    for number, (group, item) in enumerate(lines, 1):
        row = {
            "group": gettext(group),
            "title": gettext(item.title),
            "points": item.points,
            "source": _article(item.source),
        }
        values |= {f"items-{number}-{name}": value for name, value in row.items()}
    for number in range(len(lines) + 1, len(lines) + 1 + SPARE):
        values |= {f"items-{number}-{name}": "" for name in ("group", "title", "points", "source")}
    return Form.of(values)


def _article(source: str) -> str:
    """Return an article as people write it: 第四条第（一）项."""
    return cited(source).removeprefix("依据")


def _source(written: str) -> str:
    """Return an article of the first sheet as the house keeps it; what people write otherwise stays as it is."""
    with speaking("zh"):
        known = {_article(item.source): item.source for item in DEFAULT.items}
    return known.get(written.strip(), written.strip())


def _own(title: str) -> str:
    """Return a title of the first sheet in the language of the papers, whatever the office reads it in."""
    known = {gettext(item.title): item.title for item in DEFAULT.items}
    return known.get(title.strip(), title.strip())
