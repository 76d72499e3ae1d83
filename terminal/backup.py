"""`jidi backup`: the record as it is at one moment, with every file it refers to, in a folder that says what is in it.

First the database is written as one snapshot sees it, then the files: a file is kept before the row that names it is
written, and never removed, so nothing the snapshot names can be missing. Work goes on meanwhile.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from core.clock import now
from core.dumps import dump
from core.embedded.postgres import Postgres, running
from core.errors import Conflict, Invalid
from core.files import SHA256, digest, write
from core.i18n import gettext, marked
from core.settings import settings
from terminal import machine
from terminal.doctor import adopt_embedded_database

Say = Callable[[str], None]

DATABASE, FILES, MANIFEST = "database.dump", "files", "manifest.json"
EVERY = 1000
"""Files after which progress is told."""

AT_THIS_MOMENT = """
SELECT pg_export_snapshot(), (SELECT version_num FROM alembic_version), (SELECT sum(lines) FROM journal_chains),
    coalesce((SELECT hash FROM journal_seals ORDER BY number DESC LIMIT 1), '')
"""

NOT_EMPTY = marked("目录 {folder} 不是空的。备份从不覆盖，请另选一个目录。")
NO_BACKUP = marked("目录 {folder} 中没有完整的备份（缺少或无法读取 manifest.json）。")
DUMPING = marked("数据库：正在导出……")
DUMPED = marked("数据库：已导出（{rows} 行，{size} MB）")
COPYING = marked("文件：已复制 {n}……")
SPOILT = marked("存档文件已损坏，未备份：{sha256}")
COPIED = marked("文件：已复制（{n} 个，{size} MB）")
DONE = marked("备份已完成：{folder}。请将整个目录另存他处，设置（.env）和密钥另行保管。")


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; written last, so that a folder without it is no backup."""

    version: str
    schema: str
    made_at: str
    sha256: str
    tables: dict[str, int]
    lines: int
    seal: str
    files: dict[str, int] = field(default_factory=dict)
    format: int = 1


def back_up(folder: Path, say: Say) -> Manifest:
    """Write a backup into a new or an empty folder."""
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(NOT_EMPTY, folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    with the_database() as url:
        say(gettext(DUMPING))
        manifest = _dump(url, folder)
    size = (folder / DATABASE).stat().st_size
    say(gettext(DUMPED, rows=f"{sum(manifest.tables.values()):,}", size=_megabytes(size)))
    files = _copy_files(settings().home / FILES, folder / FILES, say)
    say(gettext(COPIED, n=f"{len(files):,}", size=_megabytes(sum(files.values()))))
    manifest = replace(manifest, files=files)
    write(folder / MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())
    say(gettext(DONE, folder=str(folder)))
    return manifest


def manifest_of(folder: Path) -> Manifest:
    """Read what a backup holds; raises `Invalid` for a folder that is none."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise Invalid(NO_BACKUP, folder=str(folder)) from error


@contextmanager
def the_database() -> Iterator[str]:
    """Have the database for a block: the one that is set, or the embedded one, started if need be; say its address."""
    if settings().database.url:
        yield settings().database.url
        return
    with running(Postgres(settings().home)) as server:
        adopt_embedded_database()
        yield server.url(machine.DATABASE)


def counts(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    """Count the rows of every table."""
    counted = {}
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    for (name,) in connection.execute(tables).fetchall():
        table = str(name)
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        counted[table] = int(str(row[0])) if row else 0
    return counted


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Connect to a database beside the pool."""
    address = make_url(url)
    parts = address.translate_connect_args(username="user", database="dbname") | dict(address.query)
    with psycopg.connect(make_conninfo("", **parts)) as connection:
        yield connection


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, however large."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(url: str, folder: Path) -> Manifest:
    """Dump the database and count its rows, both at the same moment."""
    with connected(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot, schema, lines, seal = connection.execute(AT_THIS_MOMENT).fetchone() or ("", "", 0, "")
        dump(url, folder / DATABASE, str(snapshot))
        return Manifest(
            version=version("jidi"),
            schema=str(schema),
            made_at=now().isoformat(),
            sha256=digest_of(folder / DATABASE),
            tables=counts(connection),
            lines=int(str(lines)),
            seal=str(seal),
        )


def _copy_files(store: Path, target: Path, say: Say) -> dict[str, int]:
    """Copy every file of the store and return their sizes by hash; what is damaged there is told, and not taken."""
    copied: dict[str, int] = {}
    for path in sorted(store.glob("*/*/*")):
        if not SHA256.fullmatch(path.name):
            continue  # being written
        content = path.read_bytes()
        if digest(content) != path.name:
            say(f"! {gettext(SPOILT, sha256=path.name)}")
            continue
        write(target / path.relative_to(store), content)
        copied[path.name] = len(content)
        if len(copied) % EVERY == 0:
            say(gettext(COPYING, n=f"{len(copied):,}"))
    return copied


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.1f}"
