"""Between the draft's answers and the fields of a page: questions with their options, rows, and what was typed."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from core.i18n import gettext, marked
from models.application import Document
from pages.applicant_groups import GROUPS, SHORT
from pages.applicant_long import APART, Excerpt, excerpt_of
from pages.forms import Form
from pages.kit import Option
from regulation.form.definition import FIELDS
from regulation.form.field import COUNTED, MOST_ROWS, Condition, Field, Kind, Section
from regulation.form.place import is_blank
from regulation.form.reading import posted
from regulation.form.showing import words
from regulation.policy import Policy

Answers = Mapping[str, Any]


NUMERIC = COUNTED | {Kind.YEAR}
ONLY_WHEN = marked("“{title}”选“{answer}”时填写")
LIKE = {Kind.YEAR: marked("四位年份，如 2006"), Kind.MONTH: marked("年月，如 1985-06")}
SUMMARY_CELLS = 3
FEW_COLUMNS = 4
ISO_DAY = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]")


@dataclass(frozen=True)
class Row:
    """One line of a table, or one record that is folded away while nothing is wrong with it."""

    form: Form
    number: int
    title: str
    summary: str
    open: bool


@dataclass(frozen=True)
class Question:
    """One field of the form as the page asks it."""

    asked: Field
    title: str
    hint: str = ""
    unit: str = ""
    options: list[Option] = field(default_factory=list)
    columns: list["Question"] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    least: int = 0
    document: Document | None = None
    excerpt: Excerpt | None = None

    @property
    def compact(self) -> bool:
        """Whether its rows fit into one line each: numbers only, or a few columns for lines that are given."""
        few = bool(self.asked.row_titles) and len(self.columns) <= FEW_COLUMNS
        return few or all(column.asked.kind in NUMERIC for column in self.columns)

    @property
    def numbered(self) -> bool:
        """Whether the policy says how many rows there are: few rows of many numbers stand side by side as columns."""
        return bool(self.asked.rows_by)

    @property
    def growing(self) -> bool:
        """Whether rows can be added and taken away at will."""
        return not self.asked.row_titles and not self.numbered

    def picks_day(self, form: Form) -> bool:
        """Whether a date picker can show the answer; it would hide what is no date, so that is shown as a text."""
        return not form.value(self.asked.key) or bool(ISO_DAY.fullmatch(form.value(self.asked.key)))


@dataclass(frozen=True)
class Block:
    """Questions that are asked together; `condition` says when, if not always."""

    condition: str
    questions: list[Question]


@dataclass(frozen=True)
class Group:
    """Questions under one heading; `narrow` when three fit into a line."""

    title: str
    blocks: list[Block]
    narrow: bool


@dataclass(frozen=True)
class Sheet:
    """What a section's page is made from: the answers as they are or were typed, and what is wrong with them.

    `more` are the empty rows that were asked for; `apart` the tables that are only read here, and on which page.
    """

    section: Section
    answers: Answers
    form: Form
    policy: Policy
    documents: Mapping[str, Document]
    more: Mapping[str, int] = field(default_factory=dict)
    apart: Mapping[str, int] = field(default_factory=dict)

    def groups(self) -> list[Group]:
        """Return the questions of the section under their headings."""
        grouped = GROUPS.get(self.section.key, (("", self.section.fields),))
        return [
            Group(gettext(title) if title else "", self._blocks(fields), narrow=all(f.key in SHORT for f in fields))
            for title, fields in grouped
        ]

    def _blocks(self, fields: tuple[Field, ...]) -> list[Block]:
        together = groupby(fields, key=lambda asked: asked.when)
        return [Block(_condition(when), [self._ask(asked) for asked in here]) for when, here in together]

    def _ask(self, asked: Field) -> Question:
        return Question(
            asked,
            gettext(asked.title),
            gettext(asked.hint or LIKE.get(asked.kind, "")) if asked.hint or asked.kind in LIKE else "",
            gettext(asked.unit) if asked.unit else "",
            [Option(choice.key, gettext(choice.title)) for choice in asked.choices],
            [self._ask(column) for column in asked.columns],
            self._rows(asked) if asked.kind is Kind.ROWS and asked.key not in self.apart else [],
            _least(asked, self.policy),
            self.documents.get(asked.key),
            self._excerpt(asked),
        )

    def _excerpt(self, table: Field) -> Excerpt | None:
        if table.key not in self.apart:
            return None
        return excerpt_of(table, self.answers.get(table.key) or [], self.form, self.apart[table.key])

    def _rows(self, table: Field) -> list[Row]:
        given = self.answers.get(table.key) or []
        rows = []
        wanted = max(len(given), _least(table, self.policy)) + self.more.get(table.key, 0)
        for index in range(min(wanted, len(table.row_titles) or MOST_ROWS)):
            row = given[index] if index < len(given) else {}
            form = self.form.row(table.key, index)
            wrong = any(form.error(column.key) for column in table.columns)
            rows.append(Row(form, index + 1, _row_title(table, index), _summary(table, row), wrong or is_blank(row)))
        return rows


def form_of(answers: Answers, section: Section) -> Form:
    """Return the section's answers as a form; `training_years-0-classes` is a cell."""
    flat: dict[str, object] = {}
    for asked in section.fields:
        answer = answers.get(asked.key)
        if asked.kind is Kind.ROWS:
            for index, row in enumerate(answer or []):
                flat |= {f"{asked.key}-{index}-{key}": value for key, value in row.items()}
        elif asked.kind is not Kind.FILE:
            flat[asked.key] = answer
    return Form.of(flat)


def typed_in(form: Form, section: Section, *, without: str = "") -> dict[str, Any]:
    """Return the section's answers as they were typed; `without` names a row to leave out: `teachers-2`.

    Tables that the page only showed are not among them, so that saving leaves them alone.
    """
    values: dict[str, list[str]] = {}
    apart = set(form.values_of(APART))
    for asked in section.fields:
        if asked.kind is not Kind.ROWS:
            values[asked.key] = form.values_of(asked.key)
            continue
        for row in form.rows(asked.key, most=MOST_ROWS + 1):
            if row.key("") != f"{without}-":
                values |= {row.key(column.key): row.values_of(column.key) for column in asked.columns}
    return {key: answer for key, answer in posted(values, section).items() if key not in apart}


def edition(section: Section, content: Answers) -> str:
    """Return a short word for what a section now says; it changes when, and only when, the section does.

    The draft's own version grows with every save anywhere, so two people in two sections would disturb each other.
    """
    keys = [asked.key for asked in section.fields if asked.kind is not Kind.FILE]
    said = json.dumps([content.get(key) for key in keys], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _condition(when: Condition | None) -> str:
    if not when:
        return ""
    other = FIELDS[when.field]
    return gettext(ONLY_WHEN, title=gettext(other.title), answer=gettext(other.choice_titles[when.answer]))


def _least(table: Field, policy: Policy) -> int:
    """Return how many rows a table has at least, so that many are always offered."""
    return int(getattr(policy, table.rows_by)) if table.rows_by else len(table.row_titles) or table.rows_least


def _row_title(table: Field, index: int) -> str:
    if table.row_titles:
        return gettext(table.row_titles[index])
    if table.rows_by:
        return gettext("第 {n} 年", n=index + 1)
    return gettext("第 {n} 行", n=index + 1)


def _summary(table: Field, row: Answers) -> str:
    said = [_cell(column, row.get(column.key)) for column in table.columns if column.kind is not Kind.LONG]
    return " · ".join([cell for cell in said if cell][:SUMMARY_CELLS])


def _cell(column: Field, answer: object) -> str:
    said = words(column, answer)
    return f"{said} {gettext(column.unit)}" if said and column.unit else said
