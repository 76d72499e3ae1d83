"""What an application declares of each condition of article 4, in one sentence for the visit to hold against."""

from collections.abc import Callable, Mapping
from typing import Any

from core.i18n import marked
from regulation.form.definition import field
from regulation.form.field import FULL_TIME
from regulation.form.place import is_empty
from regulation.form.showing import words
from regulation.form.systems import IN_FORCE

Content = Mapping[str, Any]
Say = Callable[..., str]

TEACHERS = marked("专职 {full} 人，兼职 {part} 人；其中副高级以上 {high} 人。")
MANAGERS = marked("{body}；管理人员 {all} 人，其中专职 {full} 人；已建立管理制度 {systems} 项。")
ROOMS = marked("固定教室 {n} 间、{area} 平方米，最多可同时容纳 {capacity} 人（{tenure}）。")
EQUIPMENT = marked("教学设备 {n} 台（套），原值 {value} 万元；专业图书资料 {books} 册。")
PRACTICE = marked("实训场所 {places} 处、{area} 平方米，实训合作单位 {partners} 家。")
FUNDS_YEAR = marked("{year} 年 {amount} 万元")
FUNDS = marked("{years}；今后每年承诺 {amount} 万元。")
YEAR = marked("{year} 年 {n} 人")
UNDECLARED = marked("申报表未单列此项，以实地所见为准。")
COMMA = marked("、")
SENTENCES = marked("{one}{two}{three}")
UNKNOWN = marked("权属未填")
TITLES = ("senior", "associate_senior", "intermediate", "other")


def declared(item: str, content: Content, say: Say) -> str:
    """Return what the papers say about one item; `say` chooses the language."""
    return DECLARED.get(item, _undeclared)(content, say)


def _faculty(content: Content, say: Say) -> str:
    rows = _rows(content, "faculty_summary")
    totals = [sum(_number(row.get(title)) for title in TITLES) for row in rows]
    full, part = [*totals, 0, 0][:2]
    high = sum(_number(row.get(title)) for row in rows for title in TITLES[:2])
    return say(TEACHERS, full=full, part=part, high=high)


def _management(content: Content, say: Say) -> str:
    managers = _rows(content, "managers")
    full = sum(row.get("employment") == FULL_TIME.key for row in managers)
    systems = sum(row.get("in_force") == IN_FORCE.key for row in _rows(content, "management_systems"))
    body = content.get("managing_body_name", "")
    return say(MANAGERS, body=body, all=len(managers), full=full, systems=systems)


def _training(content: Content, say: Say) -> str:
    rows = _rows(content, "training_years")
    return say(COMMA).join(say(YEAR, year=row.get("year", ""), n=row.get("specialists", "")) for row in rows)


def _premises(content: Content, say: Say) -> str:
    if is_empty(content.get("classrooms")):
        return say(UNDECLARED)
    equipment, places = _rows(content, "equipment"), _rows(content, "practice_places")
    partners = len(_rows(content, "practice_partners"))
    rooms = say(
        ROOMS,
        n=_said(content, "classrooms"),
        area=_said(content, "classroom_area"),
        capacity=_said(content, "capacity"),
        tenure=say(field("premises_ownership").choice_titles.get(content.get("premises_ownership", ""), UNKNOWN)),
    )
    means = say(
        EQUIPMENT,
        n=sum(_number(row.get("quantity")) for row in equipment),
        value=f"{sum(_number(row.get('value')) for row in equipment):,.2f}",
        books=_said(content, "books"),
    )
    area = sum(_number(row.get("area")) for row in places)
    practice = say(PRACTICE, places=len(places), area=f"{area:,}", partners=partners) if places or partners else ""
    return say(SENTENCES, one=rooms, two=means, three=practice).strip()


def _funds(content: Content, say: Say) -> str:
    rows = _rows(content, "funding_years")
    if not rows:
        return say(UNDECLARED)
    total = field("funding_years").column("total")
    years = [say(FUNDS_YEAR, year=row.get("year", ""), amount=words(total, row.get("total"))) for row in rows]
    return say(FUNDS, years=say(COMMA).join(years), amount=_said(content, "funding_promised"))


def _undeclared(content: Content, say: Say) -> str:
    del content
    return say(UNDECLARED)


def _rows(content: Content, table: str) -> list[Mapping[str, Any]]:
    return [row for row in content.get(table) or [] if isinstance(row, dict)]


def _said(content: Content, key: str) -> str:
    return words(field(key), content.get(key))


def _number(value: object) -> Any:  # noqa: ANN401 - int or float, as it was declared
    return value if isinstance(value, int | float) else 0


DECLARED: Mapping[str, Callable[[Content, Say], str]] = {
    "faculty": _faculty,
    "management": _management,
    "premises": _premises,
    "funds": _funds,
    "training": _training,
}
