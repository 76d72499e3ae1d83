"""Where the bases are and what they teach: the 17 areas as tiles, and areas by fields as a table (Art. 3 优化布局)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from casework.certificates import Validity
from casework.publication.register import Spread, spread
from core.db import reading
from core.i18n import gettext
from pages.kit import Column, Crumb
from pages.rendering import page
from regulation.areas import AREAS
from regulation.form.domain import DOMAINS

router = APIRouter()

DEEPEST = 4
"""Shades of a tile; the number is always written on it."""


@dataclass(frozen=True)
class Cell:
    """A number that leads to the bases it counts."""

    count: int
    href: str


@dataclass(frozen=True)
class AreaRow:
    """An area: its tile, its total and its number in each field; `shade` is 0 for none."""

    code: str
    name: str
    short: str
    total: Cell
    shade: int
    cells: list[Cell]


@dataclass(frozen=True)
class MapPage:
    """The valid bases over areas and fields."""

    total: int
    rows: list[AreaRow]
    sums: list[Cell]
    columns: list[Column]
    crumbs: list[Crumb]


@router.get("/register/map")
def distribution(request: Request) -> Response:
    """Show how the valid bases spread over areas and fields."""
    with reading() as session:
        told = spread(session)
    titles = [gettext("地区"), gettext("合计"), *(gettext(domain.title) for domain in DOMAINS)]
    most = max(told.areas.values(), default=0)
    context = MapPage(
        total=told.total,
        rows=[_row(code, name, told, most) for code, name in ((area.code, area.name) for area in AREAS)],
        sums=[Cell(told.fields[domain.key], _address(field=domain.key)) for domain in DOMAINS],
        columns=[Column(title, numeric=place > 0) for place, title in enumerate(titles)],
        crumbs=[Crumb(gettext("基地名录"), "/register"), Crumb(gettext("地区与领域分布"))],
    )
    return page(request, "public/map.html", context)


def _row(code: str, name: str, told: Spread, most: int) -> AreaRow:
    here = told.areas[code]
    return AreaRow(
        code=code,
        name=gettext(name),
        short=gettext(name).removesuffix("土家族苗族自治州").removesuffix("市").removesuffix("林区"),
        total=Cell(here, _address(area=code)),
        shade=-(-DEEPEST * here // most) if most else 0,
        cells=[Cell(told.cells[code, one.key], _address(area=code, field=one.key)) for one in DOMAINS],
    )


def _address(**asked: str) -> str:
    return f"/register?{urlencode(asked | {'state': str(Validity.VALID)})}"
