"""Whom PostgreSQL runs as: it refuses the superuser, so root hands it to the powerless account every system has.

Files below a private folder (`/root`, a home of mode 750) stay out of that account's sight. Rather than opening the
folder to everybody, the child is given the folder's group, and only where the group may not pass either is that one
permission added.
"""

import os
import pwd
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

POWERLESS = "nobody"


@dataclass(frozen=True)
class Account:
    """An identity for a child process: ourselves, or the one that root hands it to."""

    uid: int
    gid: int
    groups: list[int] = field(default_factory=list)
    opened: list[Path] = field(default_factory=list)

    def own(self, path: Path) -> None:
        """Hand a file or folder to this account."""
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)

    def identity(self) -> dict[str, Any]:
        """Return what `subprocess` needs to run a child as this account."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": self.groups, "cwd": "/"}


def myself() -> Account:
    """Return the account this process runs as."""
    return Account(os.geteuid(), os.getegid())


def unprivileged(data: Path, *reads: Path) -> Account:
    """Return the account that may own the data: ourselves or, for root, an account able to reach every path named.

    Data that an ordinary user made stays that user's.
    """
    if os.geteuid() != 0:
        return myself()
    folders = {folder for path in (data, *reads) for folder in path.resolve().parents}
    blocked = sorted(folder for folder in folders if not _may_pass(folder, stat.S_IXOTH))
    opened = [folder for folder in blocked if not _may_pass(folder, stat.S_IXGRP)]
    for folder in opened:
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXGRP)
    groups = sorted({folder.stat().st_gid for folder in blocked})
    uid, gid = _owner(data)
    return Account(uid, gid, groups, opened)


def _owner(data: Path) -> tuple[int, int]:
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    known = pwd.getpwnam(POWERLESS)
    return known.pw_uid, known.pw_gid


def _may_pass(folder: Path, bit: int) -> bool:
    return bool(folder.stat().st_mode & bit)
