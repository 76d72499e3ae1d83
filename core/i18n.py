"""Two languages: the source is written in Chinese, `core/locale/en/*.po` holds the English.

Every catalogue file of a language is merged, so each room of the house keeps a small file of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
LOCALES = Path(__file__).parent / "locale"

language: ContextVar[Language] = ContextVar("language", default="zh")


@cache
def catalogue(of: Language) -> dict[str, str]:
    """Return source text → translation; empty for Chinese, the language of the source."""
    texts: dict[str, str] = {}
    for path in sorted((LOCALES / of).glob("*.po")):
        with path.open("rb") as file:
            texts |= {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return texts


def gettext(source: str, /, **values: object) -> str:
    """Return the text in the reader's language, with `{named}` values filled in."""
    return translated(source, language.get(), **values)


def translated(source: str, into: Language, /, **values: object) -> str:
    """Return the text in the given language, with `{named}` values filled in."""
    found = catalogue(into).get(source, source) if into != "zh" else source
    return found.format(**values) if values else found


@contextmanager
def speaking(of: Language) -> Iterator[None]:
    """Speak a language for a while, whatever the reader's is: documents of the procedure are in Chinese."""
    token = language.set(of)
    try:
        yield
    finally:
        language.reset(token)


def marked(source: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return source
