"""What was typed, understood: numbers, days and months as people write them."""

import re
import unicodedata
from datetime import date

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
"""Control characters, lone surrogates, what is no character, and marks that are invisible or turn writing around."""

WHOLE = r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})"
INTEGER = re.compile(WHOLE)
NUMBER = re.compile(WHOLE + r"(?:\.[0-9]{1,2})?")
DAY = re.compile(r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})")
MONTH = re.compile(r"([0-9]{4})(?:[-/.]|年)?([0-9]{1,2})月?")


def tidy(text: str) -> str:
    """Use plain line ends, drop control characters and outer blanks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return CONTROL.sub("", lines).strip()


def plain(text: str) -> str:
    """Return a tidy text with half-width digits, letters and signs."""
    return unicodedata.normalize("NFKC", tidy(text)).strip()


def integer_of(text: str) -> int | None:
    """Read a whole number; separators between thousands are understood."""
    return int(text.replace(",", "")) if INTEGER.fullmatch(text) else None


def number_of(text: str) -> int | float | None:
    """Read a number of at most two decimals."""
    if not NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", ""))
    return int(number) if number.is_integer() else number


def day_of(text: str) -> date | None:
    """Read 2026-11-24, 2026/11/24, 2026.11.24, 20261124 or 2026年11月24日."""
    parts = DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in parts.groups() if part)) if parts else None
    except ValueError:
        return None


def month_of(text: str) -> date | None:
    """Read 1985-06, 1985/6, 1985.6, 198506 or 1985年6月 as the first day of that month."""
    parts = MONTH.fullmatch(text)
    try:
        return date(int(parts[1]), int(parts[2]), 1) if parts else None
    except ValueError:
        return None
