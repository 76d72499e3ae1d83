"""`jidi grant`: a database role for the running application, which cannot alter what only grows."""

from collections.abc import Callable

from casework.trust.privileges import NEVER_CHANGED, grant_to, roles_granted
from core.db import transaction
from core.i18n import gettext, marked

GRANTED = marked("角色 {role}：已授权；台账等 {n} 个表只可查询和添加。请将 JIDI_DATABASE_URL 改为以该角色连接。")
RENEWED = marked("角色 {role}：已按最新结构重新授权")


def grant(role: str, say: Callable[[str], None]) -> None:
    """Give a role the rights of the application, run by the owner of the tables."""
    with transaction() as session:
        grant_to(session, role)
    say(gettext(GRANTED, role=role, n=len(NEVER_CHANGED)))


def renew(say: Callable[[str], None]) -> None:
    """Give the roles that were granted before what the newest tables need."""
    with transaction() as session:
        for role in roles_granted(session):
            grant_to(session, role)
            say(gettext(RENEWED, role=role))
