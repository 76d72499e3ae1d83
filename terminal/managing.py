"""Whether somebody manages the accounts: an older installation has no administrator until one is opened."""

from collections.abc import Callable

from casework.people import holders_of
from core.db import reading
from core.i18n import gettext, marked
from regulation.roles import Role

NOBODY = marked("没有人管理账号：尚无在用的系统管理员账号")
OPEN_ONE = marked("请运行 jidi account 邮箱 姓名，开通系统管理员账号；由旧版本升级的，更新数据库结构后运行一次。")


def managers() -> list[str]:
    """Return the names of those who manage accounts."""
    with reading() as session:
        return [user.name for user in holders_of(session, Role.ADMINISTRATOR)]


def warn(say: Callable[[str], None]) -> None:
    """Say so where nobody manages the accounts, and what to do; say nothing where somebody does."""
    if not managers():
        say(f"! {gettext(NOBODY)}")
        say(f"    → {gettext(OPEN_ONE)}")
