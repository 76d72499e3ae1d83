"""What the running application may do to the tables when it has a database role of its own.

The owner of a table can switch its triggers off; a role that has no right to change a row cannot. So on real servers
the owner migrates, and the application runs under a role that these statements are made for.
"""

from collections.abc import Iterator

from psycopg import sql
from sqlmodel import Session

from core.errors import Conflict, NotFound
from core.i18n import marked
from models.tables import METADATA

NEVER_CHANGED = frozenset({
    "journal", "journal_seals", "sealed_heads", "submissions", "policy_changes", "policy_rulings", "call_extensions",
    "findings", "line_findings", "examinations", "objection_notes", "visit_signatures", "unmaskings",
})  # fmt: skip
"""Written once: rows are read and added."""
READ_ONLY = frozenset({"journal_chains", "alembic_version"})
"""Written by the trigger, or by the owner."""
NEVER_DELETED = frozenset({
    "acceptance_notices", "announcement_items", "announcements", "applications", "assignments", "bells", "calls",
    "cases", "certificates", "clarifications", "conflicts", "decisions", "delegations", "documents", "draws",
    "inspections", "invitations", "meetings", "messages", "objection_files", "objections", "organisations", "plaques",
    "publicities", "publicity_items", "register_entries", "resolutions", "reviews", "revocations", "runs", "series",
    "stage_rounds", "users", "visit_photos",
})  # fmt: skip
"""Facts that go on (a duty is done, a decision undone), but do not go."""

NO_ROLE = marked("数据库中没有角色 {role}。请先由数据库管理员建立：CREATE ROLE {role} LOGIN PASSWORD '……'")
TOO_MUCH = marked("角色 {role} 是超级用户、表的所有者或其成员，权限无法限制。请另建一个普通角色。")


def rights_on(table: str) -> str:
    """Return what the application may do to a table."""
    if table in READ_ONLY:
        return "SELECT"
    if table in NEVER_CHANGED:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if table in NEVER_DELETED else "SELECT, INSERT, UPDATE, DELETE"


def statements(role: str) -> Iterator[sql.Composed]:
    """Return the statements that give the application's role what it needs and take away what it must not have."""
    name = sql.Identifier(role)
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name)
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(name)
    for table in (*sorted(METADATA.tables), "alembic_version"):
        rights = sql.SQL(rights_on(table))
        yield sql.SQL("GRANT {} ON {} TO {}").format(rights, sql.Identifier(table), name)


def grant_to(session: Session, role: str) -> None:
    """Give a role the rights of the application; raises `NotFound` for no role, `Conflict` for one that owns tables."""
    connection = session.connection().connection.driver_connection
    assert connection  # noqa: S101 - an open transaction has one
    found = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if not found:
        raise NotFound(NO_ROLE, role=role)
    owns = connection.execute(
        "SELECT pg_has_role(%s, relowner, 'MEMBER') FROM pg_class WHERE oid = 'journal'::regclass", [role]
    ).fetchone()
    if found[0] or owns[0]:
        raise Conflict(TOO_MUCH, role=role)
    for statement in statements(role):
        connection.execute(statement)


def roles_granted(session: Session) -> list[str]:
    """Return the roles that were given the application's rights, to be given those on new tables as well."""
    connection = session.connection().connection.driver_connection
    assert connection  # noqa: S101 - as above
    found = connection.execute("""
        SELECT DISTINCT grantee::regrole::text FROM pg_class, aclexplode(relacl)
        WHERE oid = 'journal'::regclass AND privilege_type = 'INSERT' AND grantee NOT IN (0, relowner) ORDER BY 1
    """).fetchall()
    return [name.strip('"') for (name,) in found]
