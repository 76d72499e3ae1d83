"""`jidi restore`: a backup into an empty place; hashes are verified first, counts and journal in the end."""

import json
from pathlib import Path

from core.dumps import undump
from core.embedded.postgres import create_database
from core.errors import Conflict, JidiError
from core.files import path_of, write
from core.i18n import gettext, marked
from core.schema import migrate
from core.settings import settings
from terminal.backup import DATABASE, FILES, Manifest, Say, connected, counts, digest_of, manifest_of, the_database
from terminal.verify import verify

DAMAGED = marked("备份已损坏：{what} 与备份时的校验值不符。未作任何恢复。")
FILES_THERE = marked("{folder} 中已有文件。恢复只在空的环境中进行，请另设 JIDI_HOME。")
TABLES_THERE = marked("数据库 {name} 中已有数据表。恢复只在空的数据库中进行，请另建一个数据库。")
MISCOUNTED = marked("恢复后的行数与备份不符：{tables}")

CHECKED = marked("备份：校验无误（{n} 个文件，备份于 {at}）")
FILLED = marked("数据库：已恢复（{rows} 行）")
PLACED = marked("文件：已恢复（{n} 个）")
READY = marked("恢复已完成。启动后，尚未处理的事项会自动接续；如使用单独的数据库角色，请运行 jidi grant。")


def restore(folder: Path, say: Say) -> bool:
    """Restore a backup into the empty database and home that are set; return whether all is as it was."""
    manifest = manifest_of(folder)
    require_whole(folder, manifest)
    say(gettext(CHECKED, n=f"{len(manifest.files):,}", at=manifest.made_at))
    store = settings().home / FILES
    if store.exists() and any(store.iterdir()):
        raise Conflict(FILES_THERE, folder=str(store))
    with the_database() as url:
        create_database(url)
        require_empty(url)
        undump(url, folder / DATABASE)
        require_counts(url, manifest)
        say(gettext(FILLED, rows=f"{sum(manifest.tables.values()):,}"))
        for sha256 in manifest.files:
            write(path_of(sha256), _file(folder, sha256).read_bytes())
        say(gettext(PLACED, n=f"{len(manifest.files):,}"))
        migrate()
        well = verify(say, [manifest.seal] if manifest.seal else [])
    if well:
        say(gettext(READY))
    return well


def require_whole(folder: Path, manifest: Manifest) -> None:
    """Raise `Conflict` unless everything in the backup is as it was written."""
    if not (folder / DATABASE).is_file() or digest_of(folder / DATABASE) != manifest.sha256:
        raise Conflict(DAMAGED, what=DATABASE)
    for sha256 in manifest.files:
        path = _file(folder, sha256)
        if not path.is_file() or digest_of(path) != sha256:
            raise Conflict(DAMAGED, what=f"{FILES}/{sha256}")


def require_empty(url: str) -> None:
    """Raise `Conflict` if the database has tables already."""
    with connected(url) as connection:
        found = connection.execute("SELECT current_database() FROM pg_tables WHERE schemaname = 'public' LIMIT 1")
        if row := found.fetchone():
            raise Conflict(TABLES_THERE, name=str(row[0]))


def require_counts(url: str, manifest: Manifest) -> None:
    """Raise `JidiError` unless every table has as many rows as when it was backed up."""
    with connected(url) as connection:
        there = counts(connection)
    unlike = {table: (rows, there.get(table)) for table, rows in manifest.tables.items() if there.get(table) != rows}
    if unlike:
        raise JidiError(MISCOUNTED, tables=json.dumps(unlike))


def _file(folder: Path, sha256: str) -> Path:
    return folder / FILES / sha256[:2] / sha256[2:4] / sha256
