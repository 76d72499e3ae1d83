"""The embedded mode's letter box: what the local mail server caught instead of sending it out."""

import re
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from core import catcher
from core.addresses import Words
from core.catcher import CaughtLetter
from core.errors import NotFound
from core.i18n import gettext, marked
from core.settings import settings
from pages.kit import Column, Crumb, Option
from pages.rendering import page


def only_embedded() -> None:
    """Raise `NotFound` where letters really leave."""
    if not settings().embedded:
        raise NotFound


router = APIRouter(dependencies=[Depends(only_embedded)])

ADDRESS = "/caught-letters"
MOST = 500
FENCE = r"\s<>\"'，。；：！？（）【】《》、"
LINK = re.compile(rf"https?://[^{FENCE}]*[^{FENCE}.,;:!?)\]}}]")
"""An address ends before what closes or follows it in a sentence."""
COLUMNS = (Column(marked("收件人")), Column(marked("主题")), Column(marked("收到时间")))


@dataclass(frozen=True)
class CaughtPage:
    """What was caught, the newest first."""

    letters: list[CaughtLetter]
    recipients: list[Option]
    to: str
    columns: list[Column]
    most: int


@dataclass(frozen=True)
class CaughtLetterPage:
    """One letter: its text in pieces, each with the address it leads to or with none, and its HTML as it came."""

    letter: CaughtLetter
    pieces: list[tuple[str, str]]
    crumbs: list[Crumb]


@router.get(ADDRESS)
def letters(request: Request, to: Words = "") -> Response:
    """List the letters of everybody, or of one recipient."""
    found = catcher.caught(settings().home, MOST)
    counts: dict[str, int] = {}
    for one in found:
        counts[one.recipient] = counts.get(one.recipient, 0) + 1
    context = CaughtPage(
        letters=[one for one in found if to in {"", one.recipient}],
        recipients=[
            Option(name, gettext("{what}（{n}）", what=name, n=number)) for name, number in sorted(counts.items())
        ],
        to=to,
        columns=[Column(gettext(one.title)) for one in COLUMNS],
        most=MOST,
    )
    return page(request, "embedded/caught-letters.html", context)


@router.get(ADDRESS + "/{letter_id}")
def letter(request: Request, letter_id: Words) -> Response:
    """Show one letter; only links to our own pages can be followed."""
    found = catcher.letter(settings().home, letter_id)
    crumbs = [Crumb(gettext("函件收存"), ADDRESS), Crumb(found.subject or gettext("（无主题）"))]
    return page(request, "embedded/caught-letter.html", CaughtLetterPage(found, pieces(found.text), crumbs))


def pieces(text: str) -> list[tuple[str, str]]:
    """Take a text apart at its links; a link that leads anywhere but to our own pages stays mere text."""
    found, at = [], 0
    for match in LINK.finditer(text):
        if not is_ours(match[0]):
            continue
        found += [(text[at : match.start()], ""), (match[0], match[0])]
        at = match.end()
    return [*found, (text[at:], "")]


def is_ours(link: str) -> bool:
    """Whether a link leads to our own pages."""
    home = settings().public_url
    return link == home or link.startswith((f"{home}/", f"{home}?", f"{home}#"))
