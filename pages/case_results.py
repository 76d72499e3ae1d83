"""What a round of reviews comes to: the rules with their figures, and the marks item by item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.naming import Naming
from casework.results import result_from
from casework.reviews import VOTES, PanelReviews
from core.i18n import gettext, marked
from models.judgement import Recommendation, Review
from models.person import User
from pages.kit import Tile
from pages.public_sources import cited
from regulation.policy import policy_of
from regulation.result import Check, Result, mean_of, shown
from regulation.roles import Role
from regulation.sheet import Item, Sheet, sheet_of

HANGS = marked("去掉其中任何一位专家的意见，评审结果即会改变（共 {n} 位有此影响），结果不稳定。")


@dataclass(frozen=True)
class Mark:
    """One expert's mark on one item."""

    mark: int
    band: str
    remark: str
    title: str
    points: int


@dataclass(frozen=True)
class CheckLine:
    """One rule with what there is and what it asks."""

    title: str
    figure: str
    threshold: str
    source: str
    met: bool


@dataclass(frozen=True)
class SheetLine:
    """One item with everybody's marks and their mean."""

    group: str
    title: str
    points: int
    marks: list[Mark]
    mean: str


@dataclass(frozen=True)
class Column:
    """One expert's score and vote; `dropped`: it is the highest or the lowest and does not count."""

    who: str
    score: int
    vote: str
    agrees: bool
    dropped: bool


@dataclass(frozen=True)
class ResultView:
    """A round's result; `warning` is empty where no single reviewer would tip it."""

    passed: bool
    tiles: list[Tile]
    checks: list[CheckLine]
    columns: list[Column]
    lines: list[SheetLine]
    deviation: str
    warning: str


def result_view(panel: PanelReviews, naming: Naming, snapshot: Mapping[str, Any]) -> ResultView:
    """Return the result of a panel that has answered, under the rules of its call."""
    reviews = [written for written, _ in panel.reviews]
    found = result_from(reviews, panel.seats, policy_of(snapshot))
    sheet = sheet_of(snapshot)
    return ResultView(
        passed=found.passed,
        tiles=_tiles(found),
        checks=[_check(check) for check in found.checks],
        columns=_columns(panel.reviews, naming, found.dropped),
        lines=_lines(sheet, reviews) if sheet else [],
        deviation=f"{found.deviation:f}" if found.deviation is not None else "",
        warning="" if found.robust else gettext(HANGS, n=found.pivotal),
    )


def marks_of(written: Review, sheet: Sheet | None) -> list[Mark]:
    """Return the marks of one review in the order of the sheet."""
    return [_mark(sheet, item, written) for item in sheet.items if item.key in written.marks] if sheet else []


def _mark(sheet: Sheet, item: Item, written: Review) -> Mark:
    mark = written.marks[item.key]
    remark = written.remarks.get(item.key, "")
    return Mark(mark, gettext(sheet.band(item, mark).title), remark, gettext(item.title), item.points)


def _lines(sheet: Sheet, reviews: Sequence[Review]) -> list[SheetLine]:
    marked_by_item = [written for written in reviews if written.marks]
    return [
        SheetLine(
            group=gettext(group.title) if not at else "",
            title=gettext(item.title),
            points=item.points,
            marks=[_mark(sheet, item, written) for written in marked_by_item if item.key in written.marks],
            mean=shown(mean_of([written.marks[item.key] for written in marked_by_item if item.key in written.marks])),
        )
        for group in sheet.groups
        for at, item in enumerate(group.items)
    ]


def _columns(reviews: Sequence[tuple[Review, User]], naming: Naming, dropped: tuple[int, int] | None) -> list[Column]:
    """Return the experts one by one: by name, or numbered to whoever may not know the names."""
    left_out = list(dropped or ())
    found = []
    for number, (written, user) in enumerate(reviews, 1):
        agrees = written.recommendation is Recommendation.PASS
        out = written.score in left_out
        if out:
            left_out.remove(written.score)
        named = naming.sight.names or user.id == naming.viewer.id
        who = naming.person(user, Role.EXPERT) if named else gettext("专家 {n}", n=number)
        found.append(Column(who, written.score, gettext(VOTES[agrees]), agrees, out))
    return found


def _check(check: Check) -> CheckLine:
    unit = gettext(check.unit)
    figure = f"{shown(check.figure)} {unit}" if check.figure is not None else shown(None)
    threshold = (
        gettext("多于 {n} 票", n=shown(check.threshold))
        if check.key == "tie"
        else gettext("不低于 {n} {unit}", n=shown(check.threshold), unit=unit)
    )
    return CheckLine(gettext(check.title), figure, threshold, cited(check.source), check.met)


def _tiles(found: Result) -> list[Tile]:
    """Return the numbers that matter for the conclusion."""
    mean = found.checks[0]
    tiles = [
        Tile(
            gettext("平均分"),
            shown(found.mean),
            gettext("达到通过线") if mean.met else gettext("未达通过线"),
            mood="good" if mean.met else "bad",
        ),
        Tile(gettext("通过线"), shown(mean.threshold), gettext("本批次规定")),
    ]
    if found.highest is not None and found.lowest is not None:
        apart = gettext("相差 {n} 分", n=found.highest - found.lowest)
        tiles.append(Tile(gettext("最高与最低"), f"{found.highest} / {found.lowest}", apart))
    if len(found.checks) > 1:
        there = gettext("参评 {n} 人，委员会 {m} 人", n=found.present, m=found.seats)
        met = all(check.met for check in found.checks if check.key != "mean")
        tiles.append(Tile(gettext("同意票"), f"{found.yes} / {found.present}", there, mood="good" if met else "bad"))
    return tiles
