"""publicity, and decisions that were undone."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decisions", sa.Column("undone_by", sa.Uuid(), nullable=True))
    op.add_column(
        "decisions",
        sa.Column("undoing_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""),
    )
    op.alter_column("decisions", "undoing_reason", server_default=None)
    op.create_foreign_key(op.f("decisions_undone_by_refers"), "decisions", "users", ["undone_by"], ["id"])
    op.create_check_constraint(
        op.f("decisions_undone_with_a_reason"), "decisions", "(undone_at IS NULL) = (undoing_reason = '')"
    )
    op.create_table(
        "publicities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("publicities_period_is_a_period")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("publicities_call_id_refers")),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("publicities_published_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("publicities_key")),
    )
    op.create_index(op.f("publicities_call_id"), "publicities", ["call_id"], unique=False)
    op.create_index(op.f("publicities_first_on"), "publicities", ["first_on"], unique=False)
    op.create_index(op.f("publicities_published_by"), "publicities", ["published_by"], unique=False)
    op.create_table(
        "publicity_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("publicity_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["publicity_id"], ["publicities.id"], name=op.f("publicity_items_publicity_id_refers")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("publicity_items_case_id_refers")),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("publicity_items_stage_round_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("publicity_items_key")),
        sa.UniqueConstraint("stage_round_id", name=op.f("publicity_items_stage_round_id_once")),
    )
    op.create_index(op.f("publicity_items_publicity_id"), "publicity_items", ["publicity_id"], unique=False)
    op.create_index(op.f("publicity_items_case_id"), "publicity_items", ["case_id"], unique=False)
