"""What the tables say of one case, for its archive: every row that refers to it, directly or by way of another row.

Which tables these are is read from the foreign keys, so that a table added tomorrow is archived as well.
"""

from functools import cache
from typing import Any

from sqlalchemy import Table, text
from sqlmodel import Session

from models.case import Case
from models.tables import METADATA

LEFT_OUT = frozenset({
    "bells", "journal", "review_drafts", "run_steps", "runs", "signed_pages", "visit_days", "visit_drafts",
})  # fmt: skip
"""Comings and goings of the engine, drafts, and the journal, which is archived line by line."""
ABOVE = {
    "calls": "id IN (SELECT call_id FROM applications WHERE {applications})",
    "call_extensions": "call_id IN (SELECT call_id FROM applications WHERE {applications})",
    "draws": "id IN (SELECT draw_id FROM drawn_for WHERE {drawn_for})",
    "invitations": "id IN (SELECT invitation_id FROM invitation_duties WHERE {invitation_duties})",
    "meetings": "id IN (SELECT meeting_id FROM resolutions WHERE {resolutions})",
    "publicities": "id IN (SELECT publicity_id FROM publicity_items WHERE {publicity_items})",
    "announcements": "id IN (SELECT announcement_id FROM announcement_items WHERE {announcement_items})",
}
"""What the case is part of, together with other cases."""
WITHHELD = {
    "objections": ("token", "origin", "request_key", "request_sha256"),
    "messages": ("facts", "subject", "text", "html"),
}
"""Keys that open something, and what the archive holds as a file."""


@cache
def conditions() -> dict[str, str]:
    """Return the tables that say something of a case, each with the condition under which a row does."""
    found = {"applications": "id = :application", "cases": "id = :case"}
    for table in METADATA.sorted_tables:
        if table.name not in {*found, *ABOVE, *LEFT_OUT} and (condition := _tied(table, found)):
            found[table.name] = condition
    return found | {name: condition.format(**found) for name, condition in ABOVE.items()}


def records_of(session: Session, case: Case) -> dict[str, list[dict[str, Any]]]:
    """Return the rows about a case by table; times are in UTC."""
    connection = session.connection()
    connection.execute(text("SET LOCAL TimeZone = 'UTC'"))
    about = {"case": case.id, "application": case.application_id}
    found = {}
    for name, condition in sorted(conditions().items()):
        withheld = "".join(f" - '{column}'" for column in WITHHELD.get(name, ()))
        rows = f"SELECT to_jsonb(t){withheld} FROM {name} t WHERE {condition} ORDER BY to_jsonb(t)::text"  # noqa: S608
        found[name] = list(connection.execute(text(rows), about).scalars())
    return {name: rows for name, rows in found.items() if rows}


def people_in(session: Session, records: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return who the people in the rows are: name, title and organisation, and nothing of their accounts."""
    referring = {
        name: [key.parent.name for key in METADATA.tables[name].foreign_keys if key.column.table.name == "users"]
        for name in records
    }
    ids = {row[column] for name, rows in records.items() for row in rows for column in referring[name]} - {None}
    found = session.connection().execute(
        text("""
            SELECT users.id::text, users.name, users.title, organisations.name FROM users
            JOIN organisations ON organisations.id = organisation_id WHERE users.id = ANY(:ids) ORDER BY 1
        """),
        {"ids": sorted(ids)},
    )
    return [dict(zip(("id", "name", "title", "organisation"), row, strict=True)) for row in found]


def _tied(table: Table, found: dict[str, str]) -> str:
    """Return how a table's rows are tied to the case by a table that is known already; a required tie comes first."""
    ties = [key for key in table.foreign_keys if key.column.table.name in found]
    for key in sorted(ties, key=lambda key: (bool(key.parent.nullable), key.parent.name != "case_id", key.parent.name)):
        above = key.column.table.name
        return f"{key.parent.name} IN (SELECT {key.column.name} FROM {above} WHERE {found[above]})"  # noqa: S608
    return ""
