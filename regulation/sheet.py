"""The scoring sheet as data: two levels, points, the article each item is tied to, and the bands of an item's points.

No sheet for these bases was found, so items and points are ours (assumed) and the office may set others for a call
that is not yet open; afterwards the sheet is what the call was announced with (招标投标法实施条例 Art. 49, model).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from core.errors import Fault
from core.i18n import marked

KEY = "sheet"
"""Under which a call's snapshot keeps its sheet; a call without one asks for a single score."""
FULL = 100
MOST_ITEMS = 60
LONGEST_TITLE = 40
LONGEST_SOURCE = 60


class Band(StrEnum):
    """How good an item is, by the share of its points."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"

    @property
    def title(self) -> str:  # type: ignore[override]  # our words have titles, not title case
        """The Chinese word."""
        return BAND_TITLES[self]


BAND_TITLES = {
    Band.EXCELLENT: marked("优秀"),
    Band.GOOD: marked("优良"),
    Band.FAIR: marked("合格"),
    Band.POOR: marked("不合格"),
}
EXTREMES = frozenset({Band.EXCELLENT, Band.POOR})
"""A mark in these bands must say why."""


@dataclass(frozen=True)
class Item:
    """One line of the second level: what is marked, out of how many points, on the strength of which article."""

    key: str
    title: str
    points: int
    source: str


@dataclass(frozen=True)
class Group:
    """One line of the first level."""

    title: str
    items: tuple[Item, ...]

    @property
    def points(self) -> int:
        """The points of its items together."""
        return sum(item.points for item in self.items)


@dataclass(frozen=True)
class Sheet:
    """A scoring sheet; `bands` are the lower ends, in percent of an item's points, of all bands but the lowest."""

    groups: tuple[Group, ...]
    bands: tuple[int, int, int] = (90, 70, 60)

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item in its order."""
        return tuple(item for group in self.groups for item in group.items)

    def band(self, item: Item, mark: int) -> Band:
        """Return the band that a mark falls into; its lower end belongs to it."""
        share = Fraction(100 * mark, item.points)
        reached = (band for band, least in zip(Band, self.bands, strict=False) if share >= least)
        return next(reached, Band.POOR)

    def must_explain(self, item: Item, mark: int) -> bool:
        """Whether a mark needs a remark: it is in the highest or the lowest band."""
        return self.band(item, mark) in EXTREMES

    def snapshot(self) -> dict[str, Any]:
        """Return the sheet as JSON for a call to keep."""
        groups = [{"title": group.title, "items": [asdict(item) for item in group.items]} for group in self.groups]
        return {"groups": groups, "bands": list(self.bands)}


DEFAULT = Sheet(
    groups=(
        Group(
            marked("基础条件"),
            (
                Item("influence", marked("影响力与经验"), 8, "Art. 4"),
                Item("qualification", marked("资质与法人条件"), 7, "Art. 4(1)"),
            ),
        ),
        Group(
            marked("师资"),
            (
                Item("faculty", marked("结构与数量"), 10, "Art. 4(1)"),
                Item("faculty_level", marked("水平与稳定"), 6, "Art. 4(1)"),
                Item("front_line", marked("与科研生产一线的联系"), 4, "Art. 4(1)"),
            ),
        ),
        Group(
            marked("管理制度"),
            (
                Item("management", marked("机构与人员"), 5, "Art. 4(2)"),
                Item("systems", marked("八项制度"), 7, "Art. 4(2)"),
                Item("practice_of_systems", marked("执行与档案"), 3, "Art. 4(2)"),
            ),
        ),
        Group(
            marked("场地设备经费"),
            (
                Item("premises", marked("教室与设备"), 8, "Art. 4(3)"),
                Item("practice", marked("实训条件"), 5, "Art. 4(3)"),
                Item("library", marked("图书资料"), 3, "Art. 4(3)"),
                Item("funds", marked("经费保障"), 4, "Art. 4(3)"),
            ),
        ),
        Group(
            marked("培训业绩"),
            (
                Item("training", marked("年培训规模（不少于 500 人）"), 10, "Art. 4(4)"),
                Item("quality", marked("层次与质量"), 6, "Art. 4(4)"),
                Item("projects", marked("项目与课程"), 4, "Art. 10"),
            ),
        ),
        Group(
            marked("特色与规划"),
            (
                Item("domains", marked("领域契合"), 4, "Art. 4(4)"),
                Item("partners", marked("产学研合作"), 2, "Art. 13"),
                Item("platform", marked("网络平台"), 2, "Art. 14"),
                Item("plan", marked("建设规划"), 2, "Art. 4(4)"),
            ),
        ),
    )
)
"""The first version, 100 points."""


def with_sheet(snapshot: Mapping[str, Any], sheet: Sheet | None = DEFAULT) -> dict[str, Any]:
    """Return a call's snapshot with this sheet, or (None) without one."""
    kept = {name: value for name, value in snapshot.items() if name != KEY}
    return kept | {KEY: sheet.snapshot()} if sheet else kept


def sheet_of(snapshot: Mapping[str, Any]) -> Sheet | None:
    """Return the sheet of a call's snapshot, or None for a call that asks for a single score."""
    kept = snapshot.get(KEY)
    if not kept:
        return None
    groups = (Group(group["title"], tuple(Item(**item) for item in group["items"])) for group in kept["groups"])
    return Sheet(tuple(groups), tuple(kept["bands"]))


def problems(sheet: Sheet) -> list[Fault]:
    """Return everything that is wrong with a sheet; empty when a call can be scored with it."""
    found = [fault for at, item in enumerate(sheet.items, 1) for fault in _faults(at, item)]
    if not 1 <= len(sheet.items) <= MOST_ITEMS:
        found.append(Fault("items", marked("评分表应有 1 至 60 项二级指标。")))
    named = [(group.title, item.title) for group in sheet.groups for item in group.items]
    if len(set(named)) != len(named) or len({item.key for item in sheet.items}) != len(named):
        found.append(Fault("items", marked("同一指标不能出现两次。")))
    if any(not 1 <= len(group.title) <= LONGEST_TITLE or not group.items for group in sheet.groups):
        found.append(Fault("items", marked("每个一级指标须有名称（不超过 40 字）和二级指标。")))
    if sum(item.points for item in sheet.items) != FULL:
        found.append(Fault("items", marked("各项分值之和应为 100 分。")))
    if not FULL >= sheet.bands[0] > sheet.bands[1] > sheet.bands[2] > 0:
        found.append(Fault("bands", marked("各档起点应由高到低，在 1 至 100 之间。")))
    return found


def _faults(at: int, item: Item) -> list[Fault]:
    wrong = {
        "title": not 1 <= len(item.title) <= LONGEST_TITLE,
        "points": not 1 <= item.points <= FULL,
        "source": not 1 <= len(item.source) <= LONGEST_SOURCE,
    }
    return [Fault(f"items.{at}.{name}", SENTENCES[name]) for name in wrong if wrong[name]]


SENTENCES = {
    "title": marked("请填写二级指标名称（不超过 40 字）。"),
    "points": marked("分值应为 1 至 100 的整数。"),
    "source": marked("请填写该项依据的条款（不超过 60 字）。"),
}
