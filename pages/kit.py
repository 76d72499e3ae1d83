"""What the macros of `templates/kit/` are given: small frozen records, so that a page's context is typed to the end."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Mood = Literal["plain", "info", "good", "warn", "bad"]
MarkState = Literal["done", "current", "returned", "refused", "withdrawn", "lapsed", "ahead"]


@dataclass(frozen=True)
class Crumb:
    """One link of the way back; the last one has no address."""

    title: str
    href: str = ""


@dataclass(frozen=True)
class Option:
    """One answer that is offered."""

    value: str
    title: str
    hint: str = ""


@dataclass(frozen=True)
class StageMark:
    """One stage on the path, with who closed it and when."""

    title: str
    state: MarkState
    who: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, since when, and when it is due; `ended`: nobody's; `sentence`: all that this reader is told."""

    who: str
    act: str = ""
    since: datetime | None = None
    due_on: date | None = None
    ended: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Enclosure:
    """What a line of a timeline opens to: a letter to one person, with what became of it."""

    title: str
    state: str
    look: str
    text: str
    locale: str = "zh"


@dataclass(frozen=True)
class Happening:
    """One line of a timeline; `enclosed` is opened on demand."""

    at: datetime
    title: str
    who: str = ""
    detail: str = ""
    mood: Mood = "plain"
    href: str = ""
    enclosed: tuple[Enclosure, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of a table; `sort` is the name the server sorts by."""

    title: str
    sort: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Tile:
    """One number that matters."""

    title: str
    value: str
    hint: str = ""
    href: str = ""
    mood: Mood = "plain"


@dataclass(frozen=True)
class Attachment:
    """One document one may open."""

    title: str
    href: str
    bytes: int | None = None
    at: datetime | None = None
    note: str = ""
    remove: str = ""


@dataclass(frozen=True)
class BoardCard:
    """One case on the board; `note` stands in place of the days in the stage, `mark` is the badge's kind."""

    reference: str
    title: str
    href: str
    place: str = ""
    waiting_for: str = ""
    days_in_stage: int = 0
    due_on: date | None = None
    badge: str = ""
    mark: str = "stalled"
    note: str = ""


@dataclass(frozen=True)
class BoardColumn:
    """One stage on the board."""

    title: str
    total: int
    cards: list[BoardCard] = field(default_factory=list)
    more: str = ""
