"""The form in the order it is filled in; a new section is a file of its own and a line here."""

from regulation.form.basics import BASICS
from regulation.form.domain import DOMAIN
from regulation.form.enclosures import ENCLOSURES
from regulation.form.facilities import FACILITIES
from regulation.form.faculty import FACULTY
from regulation.form.field import Field, Kind, Section
from regulation.form.funds import FUNDS
from regulation.form.management import MANAGEMENT
from regulation.form.plan import PLAN
from regulation.form.promise import PROMISE
from regulation.form.reasons import REASONS
from regulation.form.systems import SYSTEMS
from regulation.form.training import TRAINING

FORM: tuple[Section, ...] = (
    BASICS,
    DOMAIN,
    MANAGEMENT,
    FACULTY,
    SYSTEMS,
    FACILITIES,
    FUNDS,
    TRAINING,
    PLAN,
    REASONS,
    PROMISE,
    ENCLOSURES,
)

FIELDS: dict[str, Field] = {field.key: field for section in FORM for field in section.fields}

ATTACHMENTS: tuple[Field, ...] = tuple(field for field in FIELDS.values() if field.kind is Kind.FILE)
"""The papers that are attached; they are kept as documents of their own, not in the draft's content."""

ANSWERS: dict[str, Field] = {key: field for key, field in FIELDS.items() if field.kind is not Kind.FILE}
"""The fields whose answers a draft's content holds."""


def field(key: str) -> Field:
    """Return the field of that key; raises KeyError for a word that is none."""
    return FIELDS[key]


def section(key: str) -> Section:
    """Return the section of that key; raises KeyError for a word that is none."""
    return {part.key: part for part in FORM}[key]
