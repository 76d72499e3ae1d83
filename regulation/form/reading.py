"""How answers are read: the one door to cleaning, checking, completeness, comparing and showing."""

from regulation.form.checking import faults
from regulation.form.cleaning import cleaned, posted
from regulation.form.comparing import Change, changed, changed_keys, changes
from regulation.form.completeness import SectionState, completeness, missing
from regulation.form.showing import Shown, ShownSection, Table, shown

__all__ = [
    "Change",
    "SectionState",
    "Shown",
    "ShownSection",
    "Table",
    "changed",
    "changed_keys",
    "changes",
    "cleaned",
    "completeness",
    "faults",
    "missing",
    "posted",
    "shown",
]
