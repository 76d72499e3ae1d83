"""Cursors: the place they name is read back as it was written, and what is no place is refused."""

import base64
from datetime import UTC, date, datetime

import pytest

from casework.paging import cursor, place_of
from core.errors import Invalid

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("place", [("",), ("荆楚", ""), (AT, "x"), (date(2026, 11, 24), 7), (0,)])
def test_a_place_is_read_as_it_was_written(place):
    kinds = [type(part) for part in place]
    assert place_of(cursor("names", *place), "names", *kinds) == list(place)


@pytest.mark.parametrize("place", ["\\u0000", "\\ud800"])
def test_a_text_that_no_column_holds_is_no_place(place):
    written = base64.urlsafe_b64encode(f'["names", "{place}"]'.encode()).decode()
    with pytest.raises(Invalid):
        place_of(written, "names", str)


def test_a_place_belongs_to_its_own_list():
    with pytest.raises(Invalid):
        place_of(cursor("names", "x"), "days", str)
