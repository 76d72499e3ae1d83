"""replaced members: a duty that the office gave to another says which one came in its place."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignments", sa.Column("replaced_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("assignments_replaced_by_refers"), "assignments", "assignments", ["replaced_by"], ["id"])
    op.create_check_constraint(
        op.f("assignments_replaced_is_ended_undone"),
        "assignments",
        "replaced_by IS NULL OR (ended_at IS NOT NULL AND done_at IS NULL)",
    )


def downgrade() -> None:
    op.drop_column("assignments", "replaced_by")
