"""Answers about rooms, partners and money that cannot be true together."""

from collections.abc import Iterator

from core.errors import Fault
from core.i18n import marked
from regulation.form.definition import field
from regulation.form.facilities import NO_PRACTICE
from regulation.form.figures import cell, ends_too_soon, figures
from regulation.form.funds import SOURCES
from regulation.form.place import Content, Place, is_asked, rows_of
from regulation.policy import Policy

ENDS_TOO_SOON = marked("{label}早于起始日期，请核对。")
ROOMS_EXCEED = marked("{label}为 {now} 平方米，大于建筑面积 {most} 平方米，请核对。")
PRACTICE_CONTRADICTS = marked("{label}：已选实训场所或实训合作单位的，不再选“申报专业不要求实训”。")
SUM_DIFFERS = marked("{label}为 {now} 万元，与单位自筹、财政拨款、培训收入之和 {sum} 万元不一致，请核对。")
AGREEMENTS = ("practice_partners", "partners")


def premises(content: Content, _: Policy) -> Iterator[Fault]:
    """Hold the rooms against the building, and the end of a lease against its beginning."""
    areas = figures(content, "classroom_area", "building_area")
    if areas and areas[0] > areas[1]:
        yield Place(field("classroom_area")).fault(ROOMS_EXCEED, now=f"{areas[0]:,}", most=f"{areas[1]:,}")
    end = field("lease_ends_on")
    if is_asked(end, content) and ends_too_soon(content, "lease_starts_on", end.key):
        yield Place(end).fault(ENDS_TOO_SOON)


def practice(content: Content, _: Policy) -> Iterator[Fault]:
    """Nobody both needs no practical training and has the means of it."""
    means = content.get("practice_means") or []
    if NO_PRACTICE.key in means and len(means) > 1:
        yield Place(field("practice_means")).fault(PRACTICE_CONTRADICTS)


def agreements(content: Content, _: Policy) -> Iterator[Fault]:
    """No agreement ends before it begins."""
    for table in AGREEMENTS:
        if not is_asked(field(table), content):
            continue
        for index, row in rows_of(content, field(table)):
            if ends_too_soon(row):
                yield cell(table, index, "ends_on").fault(ENDS_TOO_SOON)


def sums(content: Content, _: Policy) -> Iterator[Fault]:
    """The funds of each year add up, to the cent."""
    for index, row in rows_of(content, field("funding_years")):
        amounts = figures(row, "total", *SOURCES)
        if amounts and round(amounts[0] * 100) != round(sum(amounts[1:]) * 100):
            place = cell("funding_years", index, "total")
            yield place.fault(SUM_DIFFERS, now=f"{amounts[0]:,.2f}", sum=f"{sum(amounts[1:]):,.2f}")
