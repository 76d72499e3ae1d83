"""whoever proposed a change of the policy may withdraw it, as long as nobody has decided it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("policy_rulings", sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("policy_rulings", "withdrawn", server_default=None)
    checked("by_two_persons", "(decided_by = proposed_by) = withdrawn")
    checked("declined_with_reasons", "confirmed OR withdrawn OR answer <> ''")
    checked("withdrawn_is_not_confirmed", "NOT (withdrawn AND confirmed)", new=True)


def downgrade() -> None:
    op.drop_constraint(op.f("policy_rulings_withdrawn_is_not_confirmed"), "policy_rulings")
    op.execute("ALTER TABLE policy_rulings DISABLE TRIGGER policy_rulings_only_grows")
    op.execute("DELETE FROM policy_rulings WHERE withdrawn")  # they wait again: without the column nothing says so
    op.execute("ALTER TABLE policy_rulings ENABLE TRIGGER policy_rulings_only_grows")
    checked("by_two_persons", "decided_by <> proposed_by")
    checked("declined_with_reasons", "confirmed OR answer <> ''")
    op.drop_column("policy_rulings", "withdrawn")


def checked(name: str, condition: str, *, new: bool = False) -> None:
    if not new:
        op.drop_constraint(op.f(f"policy_rulings_{name}"), "policy_rulings")
    op.create_check_constraint(op.f(f"policy_rulings_{name}"), "policy_rulings", condition)
