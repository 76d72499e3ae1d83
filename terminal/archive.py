"""`jidi archive`: the archive package of one case, as a file."""

from collections.abc import Callable
from pathlib import Path

from casework.cases import by_reference
from casework.trust.package import opened_for_archive, write_package
from core.db import reading
from core.errors import Conflict
from core.i18n import gettext, marked

THERE = marked("{file} 已存在，不会覆盖。请换一个文件名。")
PACKED = marked("归档包：{file}（{n} 个文件，{size} MB）")
HASH = marked("清单校验值：{hash}")


def archive(reference: str, file: Path | None, say: Callable[[str], None]) -> None:
    """Write the package of a case; nothing is left of one that could not be finished."""
    target = file or Path(f"{reference}.zip")
    if target.exists():
        raise Conflict(THERE, file=str(target))
    unfinished = target.with_name(f".{target.name}.new")
    told: list[str] = []
    try:
        with reading() as session, unfinished.open("wb") as package:
            case = opened_for_archive(session, lambda session: by_reference(session, reference))
            sha256 = write_package(session, case, package, told.append)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    say(gettext(PACKED, file=str(target), n=len(told), size=f"{target.stat().st_size / 2**20:,.1f}"))
    say(gettext(HASH, hash=sha256))
