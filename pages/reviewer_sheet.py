"""The scoring page: each item of the call's sheet with what was declared of it, and what was typed so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from casework.people import Person
from casework.review_drafts import draft_of
from core.i18n import gettext, marked
from models.application import Submission
from models.case import Assignment
from models.judgement import ReviewDraft
from pages.forms import DIGITS, Form
from pages.public_sources import cited
from pages.reviewer_declared import declared
from regulation.form.reading import shown
from regulation.roles import Duty
from regulation.sheet import BAND_TITLES, Item, Sheet, sheet_of

Content = Mapping[str, Any]
LONGEST = 120
TOPICS = {"Art. 4(1)": "faculty", "Art. 4(2)": "management", "Art. 4(3)": "premises", "Art. 4(4)": "training"}
"""What a visit looks at under an article, for items that the office has added."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    "influence": ("founded_on", "training_since", "introduction"),
    "qualification": ("unit_nature", "applicant_category", "has_qualification", "qualification_issuer"),
    "practice": ("practice_means", "practice_places", "practice_partners"),
    "library": ("books", "electronic_resources"),
    "quality": ("training_classes",),
    "projects": ("projects",),
    "domains": ("domains", "other_domain", "subjects"),
    "partners": ("partners",),
    "platform": ("has_platform", "platform_name", "platform_courses", "platform_users"),
    "plan": ("plan_goals",),
    "front_line": ("partners",),
}
"""Which answers of the form speak to an item of the first sheet."""
OF_ITEMS = {"faculty": "faculty", "faculty_level": "faculty", "management": "management", "systems": "management",
            "premises": "premises", "funds": "funds", "training": "training"}  # fmt: skip
SAID = marked("{title}：{text}")
ROWS = marked("{n} 项")


@dataclass(frozen=True)
class Row:
    """One item to be marked."""

    key: str
    title: str
    points: int
    source: str
    declared: list[str]
    band: str
    explained: bool


@dataclass(frozen=True)
class Part:
    """One line of the first level with its items."""

    title: str
    points: int
    rows: list[Row]


@dataclass(frozen=True)
class ScoringSheet:
    """The sheet as it is filled in; `total` is of the marks that can be read, `bands` what the page needs to live."""

    parts: list[Part]
    total: int
    full: int
    bands: str
    titles: str
    extremes: str


def scoring_for(
    duty: Assignment, snapshot: Mapping[str, Any], submission: Submission | None, form: Form
) -> ScoringSheet | None:
    """Return the sheet of a call for somebody who reviews; None where a single score is asked for."""
    sheet = sheet_of(snapshot)
    if duty.duty is not Duty.REVIEW or not sheet:
        return None
    return scoring_sheet(sheet, submission.content if submission else {}, form)


def scoring_sheet(sheet: Sheet, content: Content, form: Form) -> ScoringSheet:
    """Return the sheet with what was declared of each item and what was typed so far."""
    answers = _answers(content)
    marks = {item.key: _mark(form, item) for item in sheet.items}
    parts = [
        Part(gettext(group.title), group.points, [_row(sheet, item, form, content, answers) for item in group.items])
        for group in sheet.groups
    ]
    return ScoringSheet(
        parts=parts,
        total=sum(mark or 0 for mark in marks.values()),
        full=sum(item.points for item in sheet.items),
        bands=",".join(map(str, sheet.bands)),
        titles="|".join(gettext(title) for title in BAND_TITLES.values()),
        extremes=gettext("须写明理由"),
    )


def marked_in(form: Form, sheet: Sheet | None) -> tuple[dict[str, int | None], dict[str, str]]:
    """Read the marks and the remarks of a sheet; a mark that is no number is None, which the record refuses."""
    items = sheet.items if sheet else ()
    marks = {item.key: _mark(form, item) for item in items}
    return marks, {item.key: form.value(f"remarks-{item.key}") for item in items}


def draft_form(session: Session, assignment_id: UUID, person: Person) -> Form:
    """Return one's own draft as a form to go on with; an empty one where there is none."""
    return form_of(draft_of(session, assignment_id, by=person))


def form_of(draft: ReviewDraft | None) -> Form:
    """Return a draft as a form: fields by the names they have on the page, and the version."""
    if not draft:
        return Form.of()
    return Form.of({name.replace(".", "-"): text for name, text in draft.typed.items()} | {"version": draft.version})


def _row(sheet: Sheet, item: Item, form: Form, content: Content, answers: Mapping[str, str]) -> Row:
    mark = _mark(form, item)
    band = gettext(sheet.band(item, mark).title) if mark is not None else ""
    extreme = mark is not None and sheet.must_explain(item, mark)
    written = bool(form.value(f"remarks-{item.key}") or form.error(f"remarks-{item.key}"))
    told = _declared(item, content, answers)
    return Row(item.key, gettext(item.title), item.points, cited(item.source), told, band, extreme or written)


def _mark(form: Form, item: Item) -> int | None:
    typed = form.value(f"marks-{item.key}").strip().translate(DIGITS)
    if not typed.isascii() or not typed.isdigit() or len(typed) > 3:
        return None
    return int(typed) if int(typed) <= item.points else None


def _declared(item: Item, content: Content, answers: Mapping[str, str]) -> list[str]:
    """Return what the papers say of an item, in one sentence or answer by answer."""
    if item.key in FIELDS:
        return [answers[key] for key in FIELDS[item.key] if key in answers]
    topic = OF_ITEMS.get(item.key) or (TOPICS.get(item.source) if not _is_first(item) else None)
    say: Callable[..., str] = gettext
    return [declared(topic, content, say)] if topic and content else []


def _is_first(item: Item) -> bool:
    """Whether an item is of the first sheet and has nothing declared for it."""
    return item.key == "practice_of_systems"


def _answers(content: Content) -> dict[str, str]:
    """Return the answers of the form in words, long ones cut, tables by their number of rows."""
    found = {}
    for section in shown(content):
        for one in section.fields:
            text = gettext(ROWS, n=len(one.table.rows)) if one.table else one.text.replace("\n", " ")
            if text:
                cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
                found[one.key] = gettext(SAID, title=one.title, text=cut)
    return found
