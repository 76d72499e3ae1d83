"""The links at the head of every page: which role finds which room, folded into menus where there are many."""

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
class Menu:
    """Several links behind one word, which says where one is and how much waits, opened or not."""

    title: str
    links: list[Link]

    @property
    def current(self) -> bool:
        """Whether one of its links is where one is."""
        return any(link.current for link in self.links)

    @property
    def count(self) -> int:
        """How much waits behind its links."""
        return sum(link.count for link in self.links)


@dataclass(frozen=True)
class Room:
    """A place in the house; without roles it is open to everybody, `embedded` only where all runs on one machine.

    `menu` is the word it is folded under for people with many rooms.
    """

    title: str
    href: str
    roles: frozenset[str] = frozenset()
    embedded: bool = False
    menu: str = ""

    def is_open_to(self, held: frozenset[str]) -> bool:
        """Whether people with these roles find the room."""
        return (not self.roles or bool(self.roles & held)) and (settings().embedded or not self.embedded)


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


ON_DUTY = _for("recommender", "office", "expert", "chair", "inspector", "decider")
"""The roles that have duties on cases."""

PUBLIC, RUNNING, DECIDING = marked("公众页面"), marked("系统管理"), marked("审定与公布")
MENUS = (PUBLIC, RUNNING, DECIDING)
"""Which rooms are folded together, in the order in which they are."""
MOST = 9
"""How many words make one calm line; where there would be more, one menu after the other is folded."""

ROOMS = (
    Room(marked("首页"), "/"),
    Room(marked("申报批次"), "/calls", menu=PUBLIC),
    Room(marked("我的申报"), "/applications", _for("applicant")),
    Room(marked("待办"), "/inbox", ON_DUTY),
    Room(marked("待领"), "/queue", ON_DUTY),
    Room(marked("已办"), "/archive", ON_DUTY),
    Room(marked("推荐汇总"), "/recommendations", _for("recommender")),
    Room(marked("看板"), "/office/board", _for("office", "auditor")),
    Room(marked("申报一览"), "/office/cases", _for("office", "auditor")),
    Room(marked("批次管理"), "/office/calls", _for("office")),
    Room(marked("专家库"), "/office/experts", _for("office")),
    Room(marked("政策参数"), "/office/policy", _for("decider")),
    Room(marked("集体审定"), "/meetings", _for("decider"), menu=DECIDING),
    Room(marked("公示管理"), "/office/publicity", _for("office"), menu=DECIDING),
    Room(marked("公布管理"), "/office/announcements", _for("office"), menu=DECIDING),
    Room(marked("异议办理"), "/office/objections", _for("office", "decider"), menu=DECIDING),
    Room(marked("证书撤销"), "/office/revocations", _for("decider"), menu=DECIDING),
    Room(marked("个人信息查看记录"), "/office/unmaskings", _for("decider", "auditor"), menu=RUNNING),
    Room(marked("人员账号"), "/office/people", _for("office", "administrator"), menu=RUNNING),
    Room(marked("停滞事项"), "/operator/stalled", _for("operator"), menu=RUNNING),
    Room(marked("函件"), "/operator/letters", _for("operator"), menu=RUNNING),
    Room(marked("人工办理"), "/operator/by-hand", _for("operator", "decider"), menu=RUNNING),
    Room(marked("运行状况"), "/operator/engine", _for("operator"), menu=RUNNING),
    Room(marked("公示"), "/publicity", menu=PUBLIC),
    Room(marked("公布文件"), "/announcements", menu=PUBLIC),
    Room(marked("基地名录"), "/register", menu=PUBLIC),
    Room(marked("证书核验"), "/verify", menu=PUBLIC),
    Room(marked("函件收存"), "/caught-letters", embedded=True, menu=RUNNING),
)


def navigation(roles: Iterable[str], path: str, counts: Mapping[str, int] | None = None) -> list[Link | Menu]:
    """Return the links for these roles; the deepest one that leads towards `path` is the current one.

    `counts` says how much waits in a room, by its address; a menu shows the sum of what waits behind it.
    """
    waiting = counts or {}
    held = frozenset(roles)
    open_to = [room for room in ROOMS if room.is_open_to(held)]
    leading = [room.href for room in open_to if path == room.href or path.startswith(room.href + "/")]
    current = max(leading, key=len, default="")

    def link(room: Room) -> Link:
        return Link(gettext(room.title), room.href, room.href == current, waiting.get(room.href, 0))

    folded = _folded(open_to)
    shown: list[Link | Menu] = []
    for room in open_to:
        together = folded.get(room.menu, [room])
        if room is together[-1]:
            links = [link(one) for one in together]
            shown.append(Menu(gettext(room.menu), links) if room.menu in folded else links[0])
    return shown


def _folded(rooms: Iterable[Room]) -> dict[str, list[Room]]:
    """Return the rooms behind each menu that is folded; a menu of one room would only hide it."""
    apart, folded = list(rooms), dict[str, list[Room]]()
    for menu in MENUS:
        together = [room for room in apart if room.menu == menu]
        if len(apart) + len(folded) > MOST and len(together) > 1:
            folded[menu] = together
            apart = [room for room in apart if room.menu != menu]
    return folded
