"""What an application declares of each condition of article 4, in one sentence for the visit to hold against."""

from collections.abc import Callable, Mapping
from typing import Any

from core.i18n import marked
from regulation.form.field import FULL_TIME

Content = Mapping[str, Any]
Say = Callable[..., str]

TEACHERS = marked("专职 {full} 人，兼职 {part} 人；其中副高级以上 {high} 人。")
MANAGERS = marked("{body}；管理人员 {all} 人，其中专职 {full} 人。")
YEAR = marked("{year} 年 {n} 人")
UNDECLARED = marked("申报表未单列此项，以实地所见为准。")
COMMA = marked("、")
TITLES = ("senior", "associate_senior", "intermediate", "other")


def declared(item: str, content: Content, say: Say) -> str:
    """Return what the papers say about one item; `say` chooses the language."""
    return DECLARED.get(item, _undeclared)(content, say)


def _faculty(content: Content, say: Say) -> str:
    rows = [row for row in content.get("faculty_summary") or [] if isinstance(row, dict)]
    totals = [sum(_number(row.get(title)) for title in TITLES) for row in rows]
    full, part = [*totals, 0, 0][:2]
    high = sum(_number(row.get(title)) for row in rows for title in TITLES[:2])
    return say(TEACHERS, full=full, part=part, high=high)


def _management(content: Content, say: Say) -> str:
    managers = [row for row in content.get("managers") or [] if isinstance(row, dict)]
    full = sum(row.get("employment") == FULL_TIME.key for row in managers)
    return say(MANAGERS, body=content.get("managing_body_name", ""), all=len(managers), full=full)


def _training(content: Content, say: Say) -> str:
    rows = [row for row in content.get("training_years") or [] if isinstance(row, dict)]
    return say(COMMA).join(say(YEAR, year=row.get("year", ""), n=row.get("specialists", "")) for row in rows)


def _undeclared(content: Content, say: Say) -> str:
    del content
    return say(UNDECLARED)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


DECLARED: Mapping[str, Callable[[Content, Say], str]] = {
    "faculty": _faculty,
    "management": _management,
    "training": _training,
}
