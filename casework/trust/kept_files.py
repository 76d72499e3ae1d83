"""The files that the record refers to, by their hashes: every one of them must be in the store as it was."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlmodel import Session

from core.files import SHA256, digest, path_of
from core.settings import settings

REFERRING = (
    ("documents", "sha256"),
    ("notice_attachments", "sha256"),
    ("signed_scans", "sha256"),
    ("acceptance_notices", "sha256"),
    ("visit_photos", "sha256"),
    ("signed_pages", "sha256"),
    ("inspections", "scan_sha256"),
    ("objection_files", "sha256"),
    ("announcements", "sha256"),
    ("certificates", "sha256"),
)
"""Columns whose hash is of a file; the other hashes are of records."""
LISTED = (("submissions", "documents"), ("inspections", "photos"))
"""Columns that list files with their hashes."""


def referred_to(session: Session) -> dict[str, str]:
    """Return the hash of every file that the record refers to, each with one table that does."""
    questions = [
        *(f"SELECT {column}, '{table}' FROM {table} WHERE {column} <> ''" for table, column in REFERRING),  # noqa: S608
        *(
            f"SELECT one ->> 'sha256', '{table}' FROM {table}, jsonb_array_elements({column}) one"  # noqa: S608 - ours
            for table, column in LISTED
        ),
    ]
    found = session.connection().execute(text(" UNION ".join(questions) + " ORDER BY 2 DESC"))
    return {sha256: table for sha256, table in found.all() if sha256}


def kept() -> Iterator[str]:
    """Return the hash of every file in the store, in order."""
    found = (path.name for path in (settings().home / "files").glob("*/*/*"))
    yield from sorted(name for name in found if SHA256.fullmatch(name))


def is_as_it_was(sha256: str) -> bool:
    """Whether the file of this hash is there with its content."""
    path = path_of(sha256)
    return path.is_file() and digest(path.read_bytes()) == sha256
