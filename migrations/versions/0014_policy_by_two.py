"""a change of the policy waits for a second person; a recommendation is due no later than its window."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint("a_change_and_its_proposer", "policy_changes", ["id", "recorded_by"])
    op.create_table(
        "policy_rulings",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("policy_rulings_by_two_persons")),
        sa.CheckConstraint("decided_by IS NOT NULL OR confirmed", name=op.f("policy_rulings_declined_by_somebody")),
        sa.CheckConstraint("confirmed OR answer <> ''", name=op.f("policy_rulings_declined_with_reasons")),
        sa.ForeignKeyConstraint(
            ["change_id", "proposed_by"],
            ["policy_changes.id", "policy_changes.recorded_by"],
            name="of_the_change_as_proposed",
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("policy_rulings_decided_by_refers")),
        sa.PrimaryKeyConstraint("change_id", name=op.f("policy_rulings_key")),
    )
    op.create_index(op.f("policy_rulings_decided_by"), "policy_rulings", ["decided_by"], unique=False)
    op.execute(
        "INSERT INTO policy_rulings (change_id, proposed_by, confirmed, answer, decided_at) "
        "SELECT id, recorded_by, true, '', recorded_at FROM policy_changes"
    )
    op.execute(
        "CREATE TRIGGER policy_rulings_only_grows BEFORE UPDATE OR DELETE ON policy_rulings "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(  # a recommendation is due no later than its window
        "UPDATE assignments SET due_on = windows.last_on, provisional = false FROM ("
        "  SELECT cases.id, ((calls.recommend_by - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date AS last_on"
        "  FROM cases JOIN applications ON applications.id = cases.application_id"
        "  JOIN calls ON calls.id = applications.call_id WHERE calls.recommend_by IS NOT NULL"
        ") AS windows WHERE windows.id = assignments.case_id AND assignments.duty = 'recommend'"
        " AND assignments.ended_at IS NULL AND assignments.due_on > windows.last_on"
    )


def downgrade() -> None:
    op.drop_table("policy_rulings")
    op.drop_constraint("a_change_and_its_proposer", "policy_changes")
