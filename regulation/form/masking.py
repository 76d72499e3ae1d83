"""Personal answers hidden from those who only judge the merit: 138****5678, 1975-**; the rest stays as it is."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from regulation.form.definition import ANSWERS
from regulation.form.field import Field, Kind
from regulation.form.place import is_empty

HIDDEN = "****"
MOBILE = re.compile(r"(?:\+?86[ -]?)?(1[3-9][0-9])[0-9]{4}([0-9]{4})")
LANDLINE = re.compile(r"(\(?0[0-9]{2,3}\)?[ -]?)[0-9]{3,4}([0-9]{4})(?:[-转][0-9]{1,6})?")
YEAR = re.compile(r"([0-9]{4})-[0-9]{2}")


def masked(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content with every personal answer hidden, those in tables too."""
    return {key: _hidden(ANSWERS.get(key), answer) for key, answer in content.items()}


def hidden(field: Field, answer: object) -> object:
    """Return one answer hidden as far as it is personal; what cannot be understood is hidden whole."""
    if not field.personal or is_empty(answer):
        return answer
    return HIDING.get(field.kind, _whole)(str(answer))


def _hidden(field: Field | None, answer: Any) -> Any:  # noqa: ANN401 - whatever was stored
    if field is None or field.kind is not Kind.ROWS:
        return answer if field is None else hidden(field, answer)
    columns = {column.key: column for column in field.columns}
    return [
        {key: hidden(columns[key], cell) if key in columns else cell for key, cell in row.items()}
        for row in answer or []
    ]


def masked_phone(number: str) -> str:
    """Return a number with its middle hidden: 138****5678, 027-****4321."""
    parts = MOBILE.fullmatch(number) or LANDLINE.fullmatch(number)
    return f"{parts[1]}{HIDDEN}{parts[2]}" if parts else HIDDEN


def masked_email(address: str) -> str:
    """Return an address with its name hidden but for the first letter: s***@example.com."""
    name, at, place = address.partition("@")
    return f"{name[:1]}***@{place}" if at else HIDDEN


def _month(month: str) -> str:
    year = YEAR.fullmatch(month)
    return f"{year[1]}-**" if year else HIDDEN


def _whole(_: str) -> str:
    return HIDDEN


HIDING: dict[Kind, Callable[[str], str]] = {Kind.PHONE: masked_phone, Kind.EMAIL: masked_email, Kind.MONTH: _month}
