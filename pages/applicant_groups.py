"""Headings within the long sections of the form."""

from core.i18n import marked
from regulation.form.basics import PEOPLE, PLACE, QUALIFICATION, STANDING, UNIT
from regulation.form.facilities import EQUIPMENT, OWNERSHIP, PLATFORM, PRACTICE, ROOMS, SAFETY
from regulation.form.field import Field
from regulation.form.systems import ALONE, COMPILATION, TABLE


def _about(whom: str) -> tuple[Field, ...]:
    return tuple(asked for asked in PEOPLE if asked.key.startswith(whom))


GROUPS: dict[str, tuple[tuple[str, tuple[Field, ...]], ...]] = {
    "basics": (
        (marked("申报单位"), UNIT),
        (marked("培训资质"), QUALIFICATION),
        (marked("隶属关系和地址"), PLACE),
        (marked("法定代表人"), _about("legal_representative")),
        (marked("基地负责人"), _about("base_head")),
        (marked("联系人"), _about("contact")),
        (marked("单位概况"), STANDING),
    ),
    "systems": (
        ("", (TABLE, COMPILATION)),
        (marked("另行上传的制度文本（选交）"), ALONE),
    ),
    "facilities": (
        (marked("场地和教室"), ROOMS),
        (marked("权属"), OWNERSHIP),
        (marked("设备和图书资料"), EQUIPMENT),
        (marked("实训"), PRACTICE),
        (marked("食宿和安全"), SAFETY),
        (marked("在线学习平台"), PLATFORM),
    ),
}

SHORT = frozenset(asked.key for asked in (*PEOPLE, *ROOMS, *ALONE))
"""Fields short enough for three of them to stand in a line."""
