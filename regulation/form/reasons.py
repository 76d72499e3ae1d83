"""十 申报理由: why this institution, in its own words."""

from core.i18n import marked
from regulation.form.field import Field, Kind, Section

REASONS = Section(
    "reasons",
    "十",
    marked("申报理由"),
    (
        Field(
            "reasons",
            marked("申报理由和特色优势"),
            Kind.LONG,
            hint=marked("与同类单位相比的特色、优势和示范作用。"),
            longest=2000,
        ),
    ),
)
