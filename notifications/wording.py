"""How letters show what they tell: days in both languages, terms, and other people's words, shown but never obeyed."""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import quote

from babel.dates import format_date
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from core.clock import on_paper
from core.i18n import Language, translated
from core.settings import settings

WEEKDAYS = "一二三四五六日"
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def one_line(text: str) -> str:
    """Return a text without line breaks and without characters that cannot be seen."""
    line = " ".join("".join(" " if unicodedata.category(c) in UNSEEN else c for c in text).split())
    return Markup(line) if isinstance(text, Markup) else line  # noqa: S704 - what was escaped stays so


def lines(text: str) -> list[str]:
    """Return the lines of what somebody wrote, without the empty ones."""
    return [line for line in map(one_line, text.splitlines()) if line]


def link(path: str) -> str:
    """Return the whole address of one of our pages; ValueError for a path that could lead elsewhere."""
    if not path.startswith("/"):
        message = f"not a path of ours: {path!r}"
        raise ValueError(message)
    return settings().public_url + quote(path, safe="/?&=#%:@,;+~")


@pass_context
def say(context: Context, source: str, /, **values: object) -> str:
    """Translate a text into the language that the template is written in."""
    return translated(source, spoken(context), **values)


@pass_context
def term(context: Context, source: str) -> str:
    """Show a term of the regulation, which facts hold in Chinese, in the language of the template."""
    return translated(one_line(source), spoken(context))


@pass_context
def day(context: Context, iso: str) -> str:
    """Show a day: 2026年12月8日, or 8 December 2026."""
    return in_words(date.fromisoformat(iso), spoken(context))


@pass_context
def deadline(context: Context, iso: str) -> str:
    """Show the last day of a period with its weekday: 2026年12月8日（星期二）, or Tuesday, 8 December 2026."""
    last = date.fromisoformat(iso)
    if spoken(context) == "en":
        return str(format_date(last, "EEEE, d MMMM y", locale="en"))
    return f"{in_words(last, 'zh')}（星期{WEEKDAYS[last.weekday()]}）"


@pass_context
def moment(context: Context, text: str) -> str:
    """Show an instant of Hubei's clocks that is given as `2026-11-24 15:04`."""
    at, language = datetime.fromisoformat(text), spoken(context)
    return f"{in_words(at.date(), language)}{', ' if language == 'en' else ''}{at:%H:%M}"


def in_words(shown: date, language: Language) -> str:
    """Write a day as the language does."""
    if language == "en":
        return str(format_date(shown, "d MMMM y", locale="en"))
    return on_paper(shown)


def spoken(context: Context) -> Language:
    """Return the language that the template is written in."""
    return cast("Language", context["language"])


FILTERS: dict[str, Callable[..., Any]] = {f.__name__: f for f in (one_line, lines, link, term, day, deadline, moment)}
