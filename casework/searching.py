"""Lists searched by words: each word stands somewhere in what a row says, in capital or small letters."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression
from sqlmodel import or_

MOST_WORDS = 8


def found_by(words: str, *texts: SQLColumnExpression[Any]) -> list[ColumnElement[bool]]:
    """Return the conditions under which each word stands in one of the texts; the words after the eighth are left."""
    return [or_(*(text.icontains(word, autoescape=True) for text in texts)) for word in words.split()[:MOST_WORDS]]
