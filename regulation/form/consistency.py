"""Answers that cannot be true together; each check needs all its answers and keeps quiet until they are there."""

from collections.abc import Callable, Iterator

from core.errors import Fault
from core.i18n import gettext, marked
from regulation.form.consistency_of_means import agreements, practice, premises, sums
from regulation.form.definition import field
from regulation.form.faculty import DEGREE_RANKS, EMPLOYMENT, TITLE_RANKS
from regulation.form.figures import cell, ends_too_soon, figures
from regulation.form.place import Content, Place, rows_of
from regulation.policy import Policy

LEVELS_EXCEED = marked("{label}为 {now} 人，少于其中高级、中级、初级之和 {sum} 人，请核对。")
PEOPLE_EXCEED = marked("{label}为 {now} 人，多于培训人次 {most}，请核对。")
MODES_DIFFER = marked("{label}为 {now} 期，与面授、网络培训期数之和 {sum} 期不一致，请核对。")
YEAR_TWICE = marked("{label}重复填写了 {year} 年，每个年度只填一行。")
TOO_MANY_YEARS = marked("{label}只填报 {most} 个年度，现有 {now} 个，请删去多余的年度。")
DEGREES_EXCEED = marked("{label}：博士、硕士、本科之和 {now} 人，多于按职称统计的 {most} 人，请核对。")
TEACHERS_EXCEED = marked("{label}中{employment}教师有 {now} 人，多于师资汇总的 {most} 人，请核对。")
ENDS_TOO_SOON = marked("{label}早于开始日期，请核对。")
PASSED_EXCEED = marked("{label}为 {now} 人，多于培训人数 {most} 人，请核对。")
YEARLY = ("training_years", "funding_years")
"""Tables with a row for each declared year."""


def contradictions(content: Content, policy: Policy) -> list[Fault]:
    """Return every contradiction between answers."""
    return [fault for check in CHECKS for fault in check(content, policy)]


def _years(content: Content, policy: Policy) -> Iterator[Fault]:
    for table in YEARLY:
        seen: set[int] = set()
        rows = rows_of(content, field(table))
        for index, row in rows:
            year = row.get("year")
            if isinstance(year, int) and year in seen:
                yield cell(table, index, "year").fault(YEAR_TWICE, year=year)
            if isinstance(year, int):
                seen.add(year)
        if len(rows) > policy.years_declared:
            yield Place(field(table)).fault(TOO_MANY_YEARS, most=policy.years_declared, now=len(rows))


def _trained(content: Content, _: Policy) -> Iterator[Fault]:
    for index, row in rows_of(content, field("training_years")):
        yield from _year_sums(index, row)


def _year_sums(index: int, row: Content) -> Iterator[Fault]:
    levels = figures(row, "specialists", "senior", "intermediate", "junior")
    if levels and sum(levels[1:]) > levels[0]:
        place = cell("training_years", index, "specialists")
        yield place.fault(LEVELS_EXCEED, now=levels[0], sum=sum(levels[1:]))
    people = figures(row, "specialists", "attendances")
    if people and people[0] > people[1]:
        yield cell("training_years", index, "specialists").fault(PEOPLE_EXCEED, now=people[0], most=people[1])
    modes = figures(row, "classes", "in_person", "online")
    if modes and sum(modes[1:]) != modes[0]:
        yield cell("training_years", index, "classes").fault(MODES_DIFFER, now=modes[0], sum=sum(modes[1:]))


def _summary(content: Content, _: Policy) -> Iterator[Fault]:
    for index, row in rows_of(content, field("faculty_summary")):
        ranks, degrees = figures(row, *TITLE_RANKS), figures(row, *DEGREE_RANKS)
        if ranks and degrees and sum(degrees) > sum(ranks):
            place = cell("faculty_summary", index, DEGREE_RANKS[0])
            yield place.fault(DEGREES_EXCEED, now=sum(degrees), most=sum(ranks))


def _teachers(content: Content, _: Policy) -> Iterator[Fault]:
    teachers = [row.get("employment") for _, row in rows_of(content, field("teachers"))]
    for index, row in rows_of(content, field("faculty_summary")):
        ranks, kind = figures(row, *TITLE_RANKS), EMPLOYMENT[index]
        listed = teachers.count(kind.key)
        if ranks and listed > sum(ranks):
            yield Place(field("teachers")).fault(
                TEACHERS_EXCEED, employment=gettext(kind.title), now=listed, most=sum(ranks)
            )


def _classes(content: Content, _: Policy) -> Iterator[Fault]:
    for index, row in rows_of(content, field("training_classes")):
        if ends_too_soon(row):
            yield cell("training_classes", index, "ends_on").fault(ENDS_TOO_SOON)
        people = figures(row, "passed", "people")
        if people and people[0] > people[1]:
            yield cell("training_classes", index, "passed").fault(PASSED_EXCEED, now=people[0], most=people[1])


CHECKS: tuple[Callable[[Content, Policy], Iterator[Fault]], ...] = (
    _summary,
    _teachers,
    premises,
    practice,
    agreements,
    sums,
    _years,
    _trained,
    _classes,
)
