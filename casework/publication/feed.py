"""What is new in the register, for those who follow it: announcements, new bases, revocations, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlmodel import Session

from casework.organisations import PROVINCE
from casework.publication.announcements import Published, announcements
from casework.publication.register import Base, search
from core.i18n import gettext, marked

MOST = 100
IDENTITY = uuid5(NAMESPACE_URL, "jidi:register")
"""The feed's own, wherever it is served from."""
BEFORE_ANYTHING = datetime(2015, 1, 1, tzinfo=UTC)
"""When an empty feed changed last: the year of the regulation."""
TITLE = marked("湖北省专业技术人员继续教育基地名录更新")


@dataclass(frozen=True)
class News:
    """One entry: it never changes again, and its identity is its own for ever."""

    identity: UUID
    at: datetime
    title: str
    text: str
    path: str


@dataclass(frozen=True)
class Feed:
    """The feed."""

    identity: UUID
    title: str
    author: str
    updated: datetime
    entries: list[News]


def feed(session: Session) -> Feed:
    """Return the newest entries."""
    news = [_announced(one) for one in announcements(session)]
    for base in search(session, limit=None):
        news += _about(base)
    entries = sorted(news, key=lambda one: (one.at, str(one.identity)), reverse=True)[:MOST]
    updated = entries[0].at if entries else BEFORE_ANYTHING
    return Feed(IDENTITY, gettext(TITLE), gettext(PROVINCE), updated, entries)


def _announced(one: Published) -> News:
    document = one.announcement
    text = gettext("{title}（{number}），共 {n} 家。", title=document.title, number=document.number, n=one.size)
    title = gettext("公布文件：{number}", number=document.number)
    return News(document.id, document.published_at, title, text, f"/announcements/{document.id}")


def _about(base: Base) -> Iterator[News]:
    path = f"/register/{quote(base.number)}"
    facts = {"unit": base.name, "number": base.number}
    text = gettext("{unit}，证书编号 {number}。", **facts)
    title = gettext("新列入名录：{base}", base=base.base_name)
    yield News(base.entry.id, base.certificate.created_at, title, text, path)
    if base.certificate.revoked_at:
        identity = uuid5(base.certificate.id, "revoked")
        title = gettext("证书撤销：{base}", base=base.base_name)
        yield News(identity, base.certificate.revoked_at, title, text, path)
