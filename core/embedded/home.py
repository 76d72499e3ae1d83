"""The folder of the embedded mode: one owner at a time, writable, with room left."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Conflict, Unavailable
from core.i18n import marked

ROOM_MEGABYTES = 300

NOT_WRITABLE = marked("无法写入目录 {home}（{reason}）。请换一个目录（JIDI_HOME），或换一个有权写入的账户。")
IN_USE = marked("目录 {home} 正由另一个 jidi 进程（{process}）使用。请先停止它，或用 JIDI_HOME 另选一个目录。")
DISK_FULL = marked("磁盘空间不足：{home} 所在磁盘仅剩 {free} MB，至少需要 {needed} MB。")


@contextmanager
def claimed(home: Path) -> Iterator[bool]:
    """Hold the folder for this process; yield whether its last owner ended without saying goodbye.

    The kernel drops the lock with its owner, however that ended, so a left-over file never blocks anybody.
    """
    lock = _open_lock(home)
    try:
        _take(lock, home)
        unclean = bool(os.pread(lock, 20, 0))
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        try:
            yield unclean
        finally:
            os.ftruncate(lock, 0)
    finally:
        os.close(lock)


def is_claimed(home: Path) -> bool:
    """Say whether some process holds the folder now."""
    try:
        lock = os.open(home / "lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def require_room(home: Path) -> None:
    """Make the folder if need be; refuse, in one sentence, one that cannot be written or has no room."""
    os.close(_open_lock(home))
    free = shutil.disk_usage(home).free // 2**20
    if free < ROOM_MEGABYTES:
        raise Unavailable(DISK_FULL, home=str(home), free=free, needed=ROOM_MEGABYTES)


def _open_lock(home: Path) -> int:
    try:
        (home / "logs").mkdir(parents=True, exist_ok=True)
        return os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unavailable(NOT_WRITABLE, home=str(home), reason=str(error.strerror)) from error


def _take(lock: int, home: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(lock, 20, 0).decode().strip() or "?"
        raise Conflict(IN_USE, home=str(home), process=owner) from None
