"""From a letter's facts to its words: subject, text and HTML.

A letter is written once a language, as a template in a folder of its own; `_text` and `_html` hold what surrounds it
and what its paragraphs, lists and buttons look like in either form, so text and HTML cannot say different things.
The reader's language is told in full; below it, for whoever else reads along, the other one says the gist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.i18n import Language, translated
from notifications.wording import FILTERS, one_line, say
from regulation.definition import CITATION
from regulation.roles import Duty

TEMPLATES = Path(__file__).parent / "templates"
IN_EVERY_LETTER = frozenset({"recipient", "path", "reference", "unit", "base_name"})
ABOUT_NO_CASE = frozenset({"recipient", "path"})
OF_SEVERAL_LINES = frozenset({"question", "answer", "reasons", "error"})

LETTERS: dict[str, frozenset[str]] = {
    letter: IN_EVERY_LETTER | own
    for letter, own in {
        "receipt": {"number", "submitted_at", "sha256", "recommender"},
        "assignment": {"duty", "stage", "due_on", "provisional"},
        "reminder": {"duty", "due_on", "days_left"},
        "late": {"duty", "due_on", "days_over"},
        "overdue": {"duty", "holder", "due_on", "days_over", "sees"},
        "returned": {"stage", "reasons", "corrections", "due_on"},
        "refused": {"stage", "reasons"},
        "undone": {"stage", "reasons"},
        "withdrawn": {"reasons"},
        "lapsed": {"due_on"},
        "relieved": {"duty"},
        "replaced": {"duty"},
        "taken-back": {"duty"},
        "done-for": {"duty", "outcome", "deputy", "absent", "at"},
        "invitation": {"due_on", "provisional", "leads", "count"},
        "answer-recorded": {"outcome", "spoken_at", "recorded_by", "reasons", "count"},
        "nobody-left": {"count"},
        "recusal": {"expert", "reasons"},
        "clarification": {"question", "due_on"},
        "clarified": {"question", "due_on", "answer"},
        "certified": {"number", "issued_on", "verification_path", "register_path"},
        "announced": {"number", "document", "document_title", "dated_on", "announcement_path"},
        "stalled": {"step", "error"},
        "by-hand-proposed": {"part", "meaning", "of_step", "reasons", "proposer"},
        "objection-received": {"filed_at", "due_on"},
        "objection-answered": {"outcome", "reasons", "due_on", "final"},
        "objection-told": {"number", "outcome", "reasons", "open"},
        "objection-due": {"number", "new", "due_on", "days_left"},
        "revocation-proposed": {"number", "basis", "reasons"},
        "revoked": {"number", "basis", "reasons", "verification_path"},
        "accepted": {"number", "issued_on"},
        "place-free": {"call"},
        "visit-offered": {"days", "note"},
        "visit-declined": {"reasons", "days"},
        "visit-agreed": {"day", "before", "note", "reasons", "attachments"},
        "visit-cancelled": {"day", "reasons", "attachments"},
    }.items()
} | {
    "delegated": ABOUT_NO_CASE | {"absent", "deputy", "first_on", "last_on", "reasons", "duties"},
    "account-opened": ABOUT_NO_CASE | {"account", "organisation", "until"},
    "password-reset": ABOUT_NO_CASE | {"account", "until", "by"},
    "account-locked": ABOUT_NO_CASE | {"failures", "at"},
    "second-factor-reset": ABOUT_NO_CASE | {"by", "reasons", "at"},
    "policy-proposed": ABOUT_NO_CASE | {"parameter", "value", "unit", "effective_on", "basis", "proposer"},
    "extended": ABOUT_NO_CASE | {"call", "closes_at", "recommend_by", "reasons"},
    "digest": ABOUT_NO_CASE | {"open", "overdue", "soon", "fresh", "others", "days"},
}
"""Every letter and the facts it cannot be written without."""


@dataclass(frozen=True)
class Rendered:
    """A letter as it leaves."""

    subject: str
    text: str
    html: str


def render(letter: str, locale: str, facts: Mapping[str, Any]) -> Rendered:
    """Write a letter; raises KeyError for an unknown one, ValueError where facts are missing or senseless."""
    if missing := LETTERS[letter] - facts.keys():
        message = f"the letter {letter!r} lacks {sorted(missing)}"
        raise ValueError(message)
    language, other = in_order(locale)
    known = {name: shown(name, fact) for name, fact in facts.items()}
    title, gist = (part(letter, language, block, known) for block in ("title", "gist"))
    other_title, other_gist = (part(letter, other, block, known) for block in ("title", "gist"))
    context = known | {
        "language": language, "other": other, "title": title, "gist": gist,
        "other_title": other_title, "other_gist": other_gist,
    }  # fmt: skip
    text, html = (form(kind).get_template(f"{letter}/{language}.jinja").render(context) for kind in ("text", "html"))
    return Rendered(subject_of(title, str(known.get("reference", "")), language), tidied(text), html)


def in_order(locale: str) -> tuple[Language, Language]:
    """Return the reader's language and the other one; Chinese where the reader's is not known."""
    return ("en", "zh") if locale == "en" else ("zh", "en")


def shown(name: str, fact: object) -> object:
    """Return a fact as it may be shown: texts on one line, but for those that people write in several."""
    if isinstance(fact, str) and name not in OF_SEVERAL_LINES:
        return one_line(fact)
    return fact


def part(letter: str, language: Language, block: str, known: Mapping[str, object]) -> str:
    """Return one block of a letter as plain text."""
    template = form("text").get_template(f"{letter}/{language}.jinja")
    context = template.new_context({**known, "language": language})
    return one_line("".join(template.blocks[block](context)))


def subject_of(title: str, reference: str, language: Language) -> str:
    """Return the subject: what it is about, then the case, if it is about one."""
    if not reference:
        return one_line(title)
    return one_line(f"{title} [{reference}]" if language == "en" else f"{title}〔{reference}〕")


def tidied(text: str) -> str:
    """Return a text without spaces at the ends of lines and with at most one empty line between paragraphs."""
    kept: list[str] = []
    for line in map(str.rstrip, text.strip().splitlines()):
        if line or kept[-1]:
            kept.append(line)
    return "\n".join(kept) + "\n"


@cache
def form(kind: str) -> Environment:
    """Return the templates in one form, `text` or `html`: escaped where it is HTML, and a missing name is an error."""
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / f"_{kind}", TEMPLATES]),
        autoescape=kind == "html",  # noqa: S701 - plain text knows no markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"_": say, "translated": translated, "citation": CITATION, "correction": Duty.CORRECT.title}
    environment.filters |= FILTERS
    return environment
