"""What the public and the office's page of a call have in common: its windows, extensions, papers and materials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from casework.calls import is_open, recommends_still
from core.clock import now
from core.i18n import gettext, marked
from models.application import Call
from models.call import CallExtension, NoticeAttachment, Window
from models.person import User
from pages.filters import moment
from pages.kit import Attachment, Column
from regulation.form.definition import FIELDS
from regulation.form.materials import materials_of
from regulation.policy import Policy

UNSET = marked("按推荐审核期限办理，未另设截止时间")
UNTIL = marked("{at}（北京时间）")
ENDED = marked("{at}（北京时间，已截止）")


@dataclass(frozen=True)
class ExtensionLine:
    """One window of a call, extended; `who` is empty where the reader need not know."""

    window: str
    was: datetime
    until: datetime
    reasons: str
    decided_at: datetime
    who: str = ""


def extension_lines(found: Sequence[tuple[CallExtension, User]], *, names: bool) -> list[ExtensionLine]:
    """Tell the extensions of a call, with names for the office only."""
    return [
        ExtensionLine(
            window=gettext(Window(one.window).title),
            was=one.was,
            until=one.until,
            reasons=one.reasons,
            decided_at=one.decided_at,
            who=user.name if names else "",
        )
        for one, user in found
    ]


def extension_columns() -> list[Column]:
    """Head the table of extensions."""
    return [
        Column(gettext("时间")),
        Column(gettext("由")),
        Column(gettext("延长至")),
        Column(gettext("理由")),
        Column(gettext("决定时间")),
    ]


def rule_columns() -> list[Column]:
    """Head the table of rules."""
    return [Column(gettext("规则")), Column(gettext("数值")), Column(gettext("出处"))]


def windows(call: Call) -> list[tuple[str, str]]:
    """Tell when a call opens and when its two windows end."""
    closed = call.closes_at <= now() and not is_open(call)
    until = gettext(UNSET)
    if call.recommend_by:
        until = gettext(UNTIL if recommends_still(call) else ENDED, at=moment(call.recommend_by))
    return [
        (gettext("开始申报"), gettext(UNTIL, at=moment(call.opens_at))),
        (gettext(Window.APPLICATION.title), gettext(ENDED if closed else UNTIL, at=moment(call.closes_at))),
        (gettext(Window.RECOMMENDATION.title), until),
    ]


def papers(call: Call, found: Sequence[NoticeAttachment], *, removable: bool = False) -> list[Attachment]:
    """List the papers of a call's notice, each under its public address."""
    code = quote(call.code)
    return [
        Attachment(
            title=one.filename,
            href=f"/calls/{code}/attachments/{one.sha256}",
            bytes=one.size,
            at=one.attached_at,
            note=f"SHA-256 {one.sha256[:16]}…",
            remove=f"/office/calls/{code}/attachments/{one.sha256}/removal" if removable else "",
        )
        for one in found
    ]


def materials(policy: Policy) -> list[str]:
    """List the papers an application must bring; some are asked only of those whom their condition meets."""
    listed = [FIELDS[key] for key in materials_of(policy)]
    return [
        gettext("{title}（如适用）", title=gettext(one.title)) if one.when else gettext(one.title) for one in listed
    ]
