"""From what arrived, as JSON or HTML form, to the draft's content, which keeps what is wrong as it was typed."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.errors import Fault, Invalid
from core.i18n import gettext, marked
from regulation import credit_code
from regulation.form.definition import ANSWERS
from regulation.form.field import MOST_ROWS, Field, Kind, Section
from regulation.form.identity import FOUND, has_id_number
from regulation.form.place import Place, is_blank, row_label
from regulation.form.values import day_of, integer_of, month_of, number_of, plain, tidy

TIMES_TOO_LONG = 5
MOST_CHOICES = 50
MOST_FAULTS = 200
LARGEST = 10**30

NO_FORM = marked("申报内容应为按字段名称组织的对象。")
UNKNOWN = marked("申报表没有“{name}”这一项，请删除后重新保存。")
NO_TEXT = marked("{label}应为文本。")
NO_NUMBER = marked("{label}应为数字或文本。")
NO_FLAG = marked("{label}应为“是”或“否”。")
NO_LIST = marked("{label}应为列表。")
NO_ROW = marked("{label}应为按列名组织的对象。")
MUCH_TOO_LONG = marked("{label}内容过长，未能保存；请控制在 {longest} 字以内。")
TOO_MANY_ROWS = marked("{label}最多 {most} 行。")
TOO_MANY_CHOICES = marked("{label}最多选择 {most} 项。")

TICKED = {"1": True, "on": True, "true": True, "yes": True, "": False, "0": False, "off": False, "false": False}


class RefusedError(Exception):
    """A value that cannot even be kept; never leaves this module."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


def cleaned(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what arrived as content of a draft: the same keys, readable numbers and days in their stored form.

    Every row has every column, `""` where nothing is written. Raises `Invalid`, every fault named, for an unknown
    field, a wrong JSON type, a value far beyond its limit, or an ID-card number; other mistakes are kept, and told
    by `faults`.
    """
    if not isinstance(raw, Mapping):
        raise Invalid(NO_FORM)
    refused = [_unknown(key) for key in raw if key not in ANSWERS]
    content = {
        key: _table(field, raw[key], refused) if field.kind is Kind.ROWS else _answer(Place(field), raw[key], refused)
        for key, field in ANSWERS.items()
        if key in raw
    }
    if refused:
        raise Invalid(faults=refused[:MOST_FAULTS])
    return content


def cleaned_row(table: Field, index: int, row: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return one row of a table cleaned, and why cells of it cannot even be kept."""
    refused: list[Fault] = []
    return _row(table, index, row, refused), refused


def posted(values: Mapping[str, Sequence[str]], section: Section) -> dict[str, Any]:
    """Return one section's answers from an HTML form, for `cleaned`; `training_years-0-classes` is a cell.

    An HTML form leaves out boxes that are not ticked and tables without rows, so these become empty answers.
    """
    raw: dict[str, Any] = {}
    for field in section.fields:
        given = values.get(field.key)
        if field.kind is Kind.FLAG:
            raw[field.key] = bool(given and given[-1])
        elif field.kind is Kind.CHOICES:
            raw[field.key] = [one for one in given or () if one]
        elif field.kind is Kind.ROWS:
            raw[field.key] = _posted_rows(values, field)
        elif given and field.kind is not Kind.FILE:
            raw[field.key] = given[0]
    return raw


def _posted_rows(values: Mapping[str, Sequence[str]], table: Field) -> list[dict[str, str]]:
    pattern = re.compile(re.escape(table.key) + r"-([0-9]{1,4})-([a-z_]+)")
    columns = {column.key for column in table.columns}
    rows: dict[int, dict[str, str]] = {}
    for name, given in values.items():
        match = pattern.fullmatch(name)
        if match and match[2] in columns and given:
            rows.setdefault(int(match[1]), {})[match[2]] = given[0]
    return [rows[index] for index in sorted(rows)]


def _unknown(key: object, table: str = "") -> Fault:
    name = tidy(str(key))[:60]
    return Fault(table + name, gettext(UNKNOWN, name=name))


def _answer(place: Place, value: object, refused: list[Fault]) -> object:
    try:
        return CLEANING.get(place.field.kind, _text)(place.field, value)
    except RefusedError as refusal:
        refused.append(place.fault(refusal.sentence, **refusal.values))
        return ""


def _table(table: Field, value: object, refused: list[Fault]) -> list[dict[str, Any]]:
    given = [] if value is None else value
    most = len(table.row_titles) or MOST_ROWS
    if not isinstance(given, list):
        refused.append(Place(table).fault(NO_LIST))
        return []
    if len(given) > most:
        refused.append(Place(table).fault(TOO_MANY_ROWS, most=most))
        return []
    rows = [_row(table, index, row, refused) for index, row in enumerate(given)]
    while rows and not table.row_titles and is_blank(rows[-1]):
        rows.pop()
    missing_lines = range(len(rows), len(table.row_titles))
    return rows + [_row(table, index, {}, refused) for index in missing_lines]


def _row(table: Field, index: int, row: object, refused: list[Fault]) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        refused.append(Fault(f"{table.key}.{index}", gettext(NO_ROW, label=row_label(table, index))))
        return {}
    columns = {column.key: column for column in table.columns}
    refused += [_unknown(key, f"{table.key}.{index}.") for key in row if key not in columns]
    return {key: _answer(Place(column, table, index), row.get(key), refused) for key, column in columns.items()}


def _string(field: Field, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RefusedError(NO_TEXT)
    if len(value) > field.limit * TIMES_TOO_LONG:
        raise RefusedError(MUCH_TOO_LONG, longest=field.limit)
    if field.kind is not Kind.CREDIT_CODE and has_id_number(value):
        raise RefusedError(FOUND)
    return value


def _text(field: Field, value: object) -> str:
    return tidy(_string(field, value)).replace("\n", " ")


def _long(field: Field, value: object) -> str:
    return tidy(_string(field, value))


def _plain(field: Field, value: object) -> str:
    return _string(field, plain(_string(field, value)).replace("\n", " "))


def _code(field: Field, value: object) -> str:
    text = _plain(field, value)
    code = credit_code.cleaned(text)
    return code if code.isascii() else text


def _day(field: Field, value: object) -> str:
    text = _plain(field, value)
    day = day_of(text)
    return day.isoformat() if day else text


def _month(field: Field, value: object) -> str:
    text = _plain(field, value)
    month = month_of(text)
    return f"{month:%Y-%m}" if month else text


def _integer(field: Field, value: object) -> int | str:
    text = _figure(field, value)
    number = integer_of(text)
    return text if number is None else number


def _number(field: Field, value: object) -> float | str:
    text = _figure(field, value)
    number = number_of(text)
    return text if number is None else number


def _figure(field: Field, value: object) -> str:
    """Return a number from JSON as it would be typed, so that both go the same way."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | None):
        raise RefusedError(NO_NUMBER)
    if isinstance(value, int | float):
        if abs(value) >= LARGEST:
            raise RefusedError(MUCH_TOO_LONG, longest=field.limit)
        exact = Decimal(repr(value))
        value = str(int(exact)) if exact.is_finite() and exact == exact.to_integral_value() else f"{exact:f}"
    return _plain(field, value)


def _flag(field: Field, value: object) -> bool:
    if isinstance(value, bool) or value is None:
        return bool(value)
    ticked = TICKED.get(_plain(field, value).lower())
    if ticked is None:
        raise RefusedError(NO_FLAG)
    return ticked


def _choices(field: Field, value: object) -> list[str]:
    given = [value] if isinstance(value, str) else value or []
    if not isinstance(given, list):
        raise RefusedError(NO_LIST)
    if len(given) > MOST_CHOICES:
        raise RefusedError(TOO_MANY_CHOICES, most=MOST_CHOICES)
    return [one for one in dict.fromkeys(_text(field, one) for one in given) if one]


CLEANING: dict[Kind, Callable[[Field, object], object]] = {
    Kind.LONG: _long,
    Kind.CREDIT_CODE: _code,
    Kind.PHONE: _plain,
    Kind.EMAIL: _plain,
    Kind.POSTCODE: _plain,
    Kind.YEAR: _integer,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.MONTH: _month,
    Kind.FLAG: _flag,
    Kind.CHOICES: _choices,
}
