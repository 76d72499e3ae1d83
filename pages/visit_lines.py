"""The record of a visit as it is read: line by line, with its photos and whoever signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.inspections import ITEMS
from core.i18n import gettext, marked
from models.visit import LineFinding
from pages.public_sources import cited
from regulation.checklist import title_of

WHOLE = marked("考察全程")


@dataclass(frozen=True)
class ComparedLine:
    """What was found of one declared value."""

    title: str
    source: str
    declared: str
    found: str
    matches: bool
    flagged: bool
    difference: str
    note: str


@dataclass(frozen=True)
class PhotoView:
    """One photo in a list; `place` is a map reference of the camera's own."""

    sha256: str
    href: str
    title: str
    filename: str
    taken_at: str
    place: str
    size: int


@dataclass(frozen=True)
class RecordView:
    """What stands in a visit's record beside its five conditions; `signed` are names where the reader may know them.

    `paper` is where the whole record can be had on paper.
    """

    lines: list[ComparedLine]
    photos: list[PhotoView]
    basic: bool
    representative: str
    signed: list[str]
    scan: str
    sha256: str
    paper: str = ""


def compared_lines(lines: Sequence[LineFinding]) -> list[ComparedLine]:
    """Return the lines of a record in the reader's language; what was declared and found stays as it was written."""
    return [
        ComparedLine(
            title_of(one.title, one.about),
            cited(one.source),
            _with_unit(one.declared, one.unit),
            _with_unit(one.found, one.unit),
            one.matches,
            one.flagged,
            f"{one.difference:.1f}%" if one.difference else "",
            one.note,
        )
        for one in lines
    ]


def photo_views(photos: Sequence[Mapping[str, Any]], address: str, titles: Mapping[str, str]) -> list[PhotoView]:
    """Return photos as a list shows them; `address` is the case's."""
    return [
        PhotoView(
            one["sha256"],
            f"{address}/photos/{one['sha256']}",
            titles.get(one["line"], one["line"]),
            one["filename"],
            one["taken_at"],
            _place(one["latitude"], one["longitude"]),
            one["size"],
        )
        for one in photos
    ]


def _with_unit(value: str, unit: str) -> str:
    return f"{value} {gettext(unit)}" if unit else value


def _place(latitude: float | None, longitude: float | None) -> str:
    return "" if latitude is None or longitude is None else f"{latitude:.5f}, {longitude:.5f}"


def titles_of(lines: Mapping[str, str]) -> dict[str, str]:
    """Return what photos may belong to: the visit as a whole, a condition, a line of this title."""
    return {"": gettext(WHOLE), **{item: gettext(title) for item, (title, _) in ITEMS.items()}, **lines}
