"""Long lists page by page: a cursor names the place where a page ended, so nothing is shown twice or left out."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from core.errors import Invalid
from core.i18n import marked

T = TypeVar("T")
Place = date | datetime | int | str

LONGEST = 1200
LARGEST = 2**31
UNREADABLE = marked("该页的位置已失效，请从第一页重新查看。")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; `next` is the cursor of the page after it, empty on the last."""

    rows: list[T]
    next: str = ""


def cut(rows: Sequence[T], limit: int, cursor_after: Callable[[T], str]) -> Page[T]:
    """Make a page of what was found when one row more than a page holds was asked for."""
    shown = list(rows[:limit])
    return Page(shown, cursor_after(shown[-1]) if len(rows) > limit else "")


def cursor(order: str, *place: Place) -> str:
    """Write down a place in a list of that order."""
    text = json.dumps([order, *(p.isoformat() if isinstance(p, date) else p for p in place)], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(written: str, order: str, *kinds: type[Place]) -> list[Place]:
    """Read a cursor; raises `Invalid` when it is none, or belongs to a list of another order."""
    try:
        text = base64.urlsafe_b64decode(written[:LONGEST].encode() + b"==").decode()
        named, *place = json.loads(text)
        if named != order:
            raise Invalid(UNREADABLE)
        return [_read(one, kind) for one, kind in zip(place, kinds, strict=True)]
    except (ValueError, TypeError, RecursionError) as broken:
        raise Invalid(UNREADABLE) from broken


def _read(value: object, kind: type[Place]) -> Place:
    if kind is int and type(value) is int and -LARGEST < value < LARGEST:
        return value
    text = str(value)
    if kind is datetime:
        return datetime.fromisoformat(text)
    if kind is date:
        return date.fromisoformat(text)
    if kind is str and "\0" not in text:
        text.encode()  # refuses half a character
        return text
    message = f"not a {kind.__name__}: {value!r}"
    raise ValueError(message)
