"""The links at the head of every page: which role finds which room."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.i18n import gettext, marked


@dataclass(frozen=True)
class Link:
    """One link of the navigation, as the templates show it."""

    title: str
    href: str
    current: bool


@dataclass(frozen=True)
class Room:
    """A place in the house; without roles it is open to everybody."""

    title: str
    href: str
    roles: frozenset[str] = frozenset()


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


REVIEWERS = _for("recommender", "expert", "chair", "inspector", "decider")

ROOMS = (
    Room(marked("首页"), "/"),
    Room(marked("申报批次"), "/calls"),
    Room(marked("我的申报"), "/applications", _for("applicant")),
    Room(marked("待办"), "/inbox", REVIEWERS),
    Room(marked("待领"), "/queue", REVIEWERS),
    Room(marked("已办"), "/archive", REVIEWERS),
    Room(marked("看板"), "/office/board", _for("office", "auditor")),
    Room(marked("申报一览"), "/office/cases", _for("office", "auditor")),
    Room(marked("批次管理"), "/office/calls", _for("office")),
    Room(marked("停滞事项"), "/operator/stalled", _for("operator")),
    Room(marked("信件"), "/operator/letters", _for("operator")),
    Room(marked("基地名录"), "/register"),
    Room(marked("证书核验"), "/verify"),
)


def navigation(roles: Iterable[str], path: str) -> list[Link]:
    """Return the links for these roles; the deepest one that leads towards `path` is the current one."""
    held = frozenset(roles)
    open_to = [room for room in ROOMS if not room.roles or room.roles & held]
    leading = [room.href for room in open_to if path == room.href or path.startswith(room.href + "/")]
    current = max(leading, key=len, default="")
    return [Link(gettext(room.title), room.href, room.href == current) for room in open_to]
