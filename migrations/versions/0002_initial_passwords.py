"""initial passwords: given by the office, changed at the first sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("initial_password", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("users", "initial_password", server_default=None)


def downgrade() -> None:
    op.drop_column("users", "initial_password")
