"""calls: quotas, extensions, attached notices, dated policy parameters."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("recommend_by", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("calls_recommendations_end_last"), "calls", "recommend_by >= closes_at")
    op.create_table(
        "policy_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parameter", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("citation", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("citation <> ''", name=op.f("policy_changes_rests_on_something")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("policy_changes_recorded_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("policy_changes_key")),
    )
    op.create_index("of_one_parameter", "policy_changes", ["parameter", "effective_on", "recorded_at"], unique=False)
    op.create_index(op.f("policy_changes_recorded_by"), "policy_changes", ["recorded_by"], unique=False)
    op.create_table(
        "call_extensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("window", sa.String(), nullable=False),
        sa.Column("was", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reasons", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until > was", name=op.f("call_extensions_extends_to_a_later_moment")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("call_extensions_call_id_refers")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("call_extensions_decided_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("call_extensions_key")),
        sa.UniqueConstraint("call_id", "number", name="one_extension_a_number"),
    )
    op.create_index(op.f("call_extensions_call_id"), "call_extensions", ["call_id"], unique=False)
    op.create_index(op.f("call_extensions_decided_by"), "call_extensions", ["decided_by"], unique=False)
    op.create_table(
        "notice_attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("attached_by", sa.Uuid(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attached_by"], ["users.id"], name=op.f("notice_attachments_attached_by_refers")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("notice_attachments_call_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("notice_attachments_key")),
    )
    op.create_index(op.f("notice_attachments_attached_by"), "notice_attachments", ["attached_by"], unique=False)
    op.create_index(op.f("notice_attachments_call_id"), "notice_attachments", ["call_id"], unique=False)
    op.create_index(
        "one_paper_a_notice",
        "notice_attachments",
        ["call_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    for table in ("policy_changes", "call_extensions"):
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
