"""The links at the head of every page: which role finds which room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.i18n import gettext, marked
from core.settings import settings


@dataclass(frozen=True)
class Link:
    """One link of the navigation, as the templates show it."""

    title: str
    href: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Room:
    """A place in the house; without roles it is open to everybody, `embedded` only where all runs on one machine."""

    title: str
    href: str
    roles: frozenset[str] = frozenset()
    embedded: bool = False

    def is_open_to(self, held: frozenset[str]) -> bool:
        """Whether people with these roles find the room."""
        return (not self.roles or bool(self.roles & held)) and (settings().embedded or not self.embedded)


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


ON_DUTY = _for("recommender", "office", "expert", "chair", "inspector", "decider")
"""The roles that have duties on cases."""

ROOMS = (
    Room(marked("首页"), "/"),
    Room(marked("申报批次"), "/calls"),
    Room(marked("我的申报"), "/applications", _for("applicant")),
    Room(marked("待办"), "/inbox", ON_DUTY),
    Room(marked("待领"), "/queue", ON_DUTY),
    Room(marked("已办"), "/archive", ON_DUTY),
    Room(marked("推荐汇总"), "/recommendations", _for("recommender")),
    Room(marked("看板"), "/office/board", _for("office", "auditor")),
    Room(marked("申报一览"), "/office/cases", _for("office", "auditor")),
    Room(marked("批次管理"), "/office/calls", _for("office")),
    Room(marked("集体审定"), "/meetings", _for("decider")),
    Room(marked("公示管理"), "/office/publicity", _for("office")),
    Room(marked("公布管理"), "/office/announcements", _for("office")),
    Room(marked("异议办理"), "/office/objections", _for("office", "decider")),
    Room(marked("证书撤销"), "/office/revocations", _for("decider")),
    Room(marked("人员账号"), "/office/people", _for("office")),
    Room(marked("专家库"), "/office/experts", _for("office")),
    Room(marked("停滞事项"), "/operator/stalled", _for("operator")),
    Room(marked("函件"), "/operator/letters", _for("operator")),
    Room(marked("公示"), "/publicity"),
    Room(marked("公布文件"), "/announcements"),
    Room(marked("基地名录"), "/register"),
    Room(marked("证书核验"), "/verify"),
    Room(marked("函件收存"), "/caught-letters", embedded=True),
)


def navigation(roles: Iterable[str], path: str, counts: Mapping[str, int] | None = None) -> list[Link]:
    """Return the links for these roles; the deepest one that leads towards `path` is the current one.

    `counts` says how much waits in a room, by its address.
    """
    waiting = counts or {}
    held = frozenset(roles)
    open_to = [room for room in ROOMS if room.is_open_to(held)]
    leading = [room.href for room in open_to if path == room.href or path.startswith(room.href + "/")]
    current = max(leading, key=len, default="")
    return [Link(gettext(room.title), room.href, room.href == current, waiting.get(room.href, 0)) for room in open_to]
