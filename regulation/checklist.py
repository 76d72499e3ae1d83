"""What a visit compares: the declared values of an application, line by line, each with its article.

Art. 5(4) asks for the visit and article 4 for the conditions; that a visit goes through the declared values one by one
is how such visits are made elsewhere (实地核查表) and may be changed here without touching the procedure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.i18n import gettext, marked
from regulation.declared_values import (
    Declared,
    Read,
    answer,
    count,
    each_year,
    figure,
    systems,
    teachers,
    total,
)
from regulation.form.field import FULL_TIME, PART_TIME, SQUARE_METRES, TEN_THOUSAND_YUAN
from regulation.form.place import Content

METRES, YUAN, CLASSES = SQUARE_METRES, TEN_THOUSAND_YUAN, marked("期")
PERSONS, ROOMS, SETS = marked("人"), marked("间"), marked("台/套")
VOLUMES, KINDS, PLACES, UNITS = marked("册"), marked("种"), marked("个"), marked("家")
ALL_TITLES = ("senior", "associate_senior", "intermediate", "other")


SOURCES = {
    "faculty": "Art. 4(1)",
    "management": "Art. 4(2)",
    "premises": "Art. 4(3)",
    "funds": "Art. 4(3)",
    "training": "Art. 4(4)",
}
"""The conditions that the lines belong to, each with its article."""


@dataclass(frozen=True)
class Asked:
    """A value that is compared wherever it was declared; `title` may name what `Declared.about` knows."""

    item: str
    key: str
    title: str
    unit: str
    read: Read


@dataclass(frozen=True)
class Line:
    """One line of the checklist of one application; `number` is None where words are compared."""

    item: str
    key: str
    title: str
    source: str
    unit: str
    declared: str
    number: float | None
    about: dict[str, object]


def checklist(content: Content) -> list[Line]:
    """Return the lines for the frozen papers of an application, in the order of article 4."""
    return [_line(asked, declared) for asked in CHECKLIST for declared in asked.read(content)]


def difference(line: Line, found: float) -> float | None:
    """Return by how many per cent of the declared number the found one differs; None where words are compared."""
    if line.number is None:
        return None
    if line.number == found:
        return 0.0
    return abs(found - line.number) / line.number * 100 if line.number else 100.0


def _line(asked: Asked, declared: Declared) -> Line:
    value = declared.value
    return Line(
        item=asked.item,
        key=f"{asked.key}_{declared.suffix}" if declared.suffix else asked.key,
        title=asked.title,
        source=SOURCES[asked.item],
        unit=asked.unit,
        declared=value if isinstance(value, str) else f"{value:,.10g}" if value < 10**9 else f"{value:,}",
        number=None if isinstance(value, str) else value,
        about=declared.about,
    )


def title_of(title: str, about: Mapping[str, object]) -> str:
    """Return the title of a line in the reader's language."""
    return gettext(
        title, **{name: gettext(value) if isinstance(value, str) else value for name, value in about.items()}
    )


TAUGHT = "training_years"
FULL, PART = {"employment": FULL_TIME.key}, {"employment": PART_TIME.key}

CHECKLIST: tuple[Asked, ...] = (
    Asked("faculty", "full_time_teachers", marked("专职教师"), PERSONS, teachers(0, ALL_TITLES)),
    Asked("faculty", "part_time_teachers", marked("兼职教师"), PERSONS, teachers(1, ALL_TITLES)),
    Asked("faculty", "high_titles", marked("副高级以上教师"), PERSONS, teachers(None, ALL_TITLES[:2])),
    Asked("faculty", "listed_full_time", marked("师资明细所列专职教师"), PERSONS, count("teachers", **FULL)),
    Asked("faculty", "listed_part_time", marked("师资明细所列兼职教师"), PERSONS, count("teachers", **PART)),
    Asked("management", "managing_body", marked("管理机构"), "", answer("managing_body_name")),
    Asked("management", "managers", marked("管理人员"), PERSONS, count("managers")),
    Asked("management", "full_time_managers", marked("专职管理人员"), PERSONS, count("managers", **FULL)),
    Asked("management", "system", marked("{system}"), "", systems),
    Asked("premises", "classrooms", marked("固定教室数"), ROOMS, figure("classrooms")),
    Asked("premises", "classroom_area", marked("固定教室面积"), METRES, figure("classroom_area")),
    Asked("premises", "capacity", marked("最多可同时容纳"), PERSONS, figure("capacity")),
    Asked("premises", "ownership", marked("场地权属"), "", answer("premises_ownership")),
    Asked("premises", "equipment", marked("教学设备"), SETS, total("equipment", "quantity")),
    Asked("premises", "equipment_value", marked("设备原值"), YUAN, total("equipment", "value")),
    Asked("premises", "books", marked("专业图书资料"), VOLUMES, figure("books")),
    Asked("premises", "electronic_resources", marked("电子资源"), KINDS, figure("electronic_resources")),
    Asked("premises", "practice_area", marked("实训场所面积"), METRES, total("practice_places", "area")),
    Asked("premises", "practice_places", marked("实训工位"), PLACES, total("practice_places", "places")),
    Asked("premises", "practice_partners", marked("实训合作单位"), UNITS, count("practice_partners")),
    Asked("premises", "fire_safety", marked("消防验收或检查是否合格"), "", answer("fire_safety")),
    Asked("funds", "funds", marked("{year} 年经费投入"), YUAN, each_year("funding_years", "total")),
    Asked("funds", "promised", marked("今后每年经费承诺"), YUAN, figure("funding_promised")),
    Asked("training", "specialists", marked("{year} 年培训专业技术人才"), PERSONS, each_year(TAUGHT, "specialists")),
    Asked("training", "classes", marked("{year} 年培训期数"), CLASSES, each_year(TAUGHT, "classes")),
)  # fmt: skip
"""Every value that a visit compares; a line that an application does not declare is not asked for."""
