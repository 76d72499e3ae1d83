"""Several answers of one row read together, for checks that need all of them."""

from regulation.form.definition import field
from regulation.form.place import Content, Place
from regulation.form.values import day_of


def figures(row: Content, *keys: str) -> list[float] | None:
    """Return the numbers of these columns, or nothing while one of them is missing or unreadable."""
    numbers = [row[key] for key in keys if isinstance(row.get(key), int | float)]
    return numbers if len(numbers) == len(keys) else None


def ends_too_soon(row: Content, first: str = "starts_on", last: str = "ends_on") -> bool:
    """Whether two days are in the wrong order; not while one of them is missing or unreadable."""
    start, end = (day_of(str(row.get(key) or "")) for key in (first, last))
    return bool(start and end and end < start)


def cell(table: str, index: int, column: str) -> Place:
    """Return where the cell of a table stands."""
    return Place(field(table).column(column), field(table), index)
