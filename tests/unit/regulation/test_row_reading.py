"""Rows out of a spreadsheet: whatever comes, it is taken whole or not at all, and what went out comes back."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.row_import import lines_of, pasted
from core import spreadsheets
from core.errors import Invalid
from regulation.form.checking import faults
from regulation.form.cleaning import cleaned
from regulation.form.field import Field, Kind
from regulation.form.place import is_blank
from regulation.form.row_reading import understood
from regulation.form.row_words import TABLES, columns_of, rows_out
from regulation.policy import Policy

FREE = [TABLES[key] for key in ("teachers", "managers", "equipment", "training_classes", "subjects", "projects")]
PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answers(field: Field) -> st.SearchStrategy[Any]:
    words = st.text(max_size=12)
    made = {
        Kind.CHOICE: st.sampled_from([choice.key for choice in field.choices] or [""]),
        Kind.INTEGER: st.integers(0, min(field.most, 10**6)),
        Kind.NUMBER: st.integers(0, min(field.most, 10**6) * 100).map(lambda cents: cents / 100),
        Kind.YEAR: st.integers(2000, 2026),
        Kind.MONTH: st.dates().map(lambda day: f"{day:%Y-%m}"),
        Kind.DAY: st.dates().map(str),
    }
    return st.one_of(st.just(""), made.get(field.kind, words))


@st.composite
def tables(draw):
    table = draw(st.sampled_from(FREE))
    row = st.fixed_dictionaries({column.key: answers(column) for column in table.columns})
    content = cleaned({table.key: draw(st.lists(row, max_size=6))})
    content[table.key] = [one for one in content[table.key] if not is_blank(one)]
    return table, content


@PATIENT
@given(tables())
def test_what_goes_out_comes_back_or_is_what_the_form_finds_wrong_too(drawn):
    table, content = drawn
    sheet = spreadsheets.Table("表", [c.heading for c in columns_of(table)], rows_out(table, content))
    taken = understood(table, lines_of(spreadsheets.write(sheet)), Policy())
    if faults(content, Policy()) or not content[table.key]:
        assert taken.faults
        assert not taken.rows
    else:
        assert taken.rows == content[table.key]


@PATIENT
@given(
    st.sampled_from([*TABLES.values()]),
    st.lists(st.lists(st.text(max_size=20), max_size=14), max_size=6),
    st.booleans(),
)
def test_any_lines_are_taken_whole_or_not_at_all(table, lines, headed):
    for given_lines in (lines, [[c.heading for c in columns_of(table)], *lines]):
        taken = understood(table, given_lines, Policy(), headed=headed)
        assert bool(taken.rows) != bool(taken.faults)
        assert all(fault.sentence() for fault in taken.faults)
        assert not faults(cleaned({table.key: taken.rows}), Policy()) or table.when


@PATIENT
@given(st.binary(max_size=400))
def test_any_file_is_read_or_refused(content):
    with pytest.raises(Invalid):
        lines_of(content)


BOOK = spreadsheets.write(spreadsheets.Table("表", ["姓名", "学时"], [("示例甲", 3), ("示例乙", 4.5)]))


@PATIENT
@given(st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_workbook_that_was_damaged_is_read_or_refused(damage):
    content = bytearray(BOOK)
    for place, byte in damage:
        content[place] = byte
    with suppress(Invalid):
        assert all(isinstance(cell, str) for line in lines_of(bytes(content)) for cell in line)


@PATIENT
@given(st.text(max_size=200))
def test_any_text_can_be_pasted(text):
    assert all(isinstance(cell, str) for line in pasted(text) for cell in line)
