"""personal data is hidden, and shown for a while for a reason."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unmaskings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until > at", name=op.f("unmaskings_ends_after_it_begins")),
        sa.CheckConstraint("reason <> ''", name=op.f("unmaskings_has_a_reason")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("unmaskings_case_id_refers")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("unmaskings_user_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("unmaskings_key")),
    )
    op.create_index(op.f("unmaskings_case_id"), "unmaskings", ["case_id"], unique=False)
    op.create_index(op.f("unmaskings_user_id"), "unmaskings", ["user_id"], unique=False)
    op.execute(
        "CREATE TRIGGER unmaskings_only_grows BEFORE UPDATE OR DELETE ON unmaskings "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER unmaskings_never_emptied BEFORE TRUNCATE ON unmaskings "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("unmaskings")
