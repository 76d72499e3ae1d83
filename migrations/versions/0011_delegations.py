"""delegations, superiors, daily digests, reminders after the day, and who acted in whose place."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


UNDO_ONCE = """
CREATE FUNCTION refuse_all_but_undoing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL
        AND to_jsonb(NEW) - ARRAY['undone_at', 'undone_by', 'undoing_reason']
            = to_jsonb(OLD) - ARRAY['undone_at', 'undone_by', 'undoing_reason'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'table % only grows: its rows are neither changed nor deleted, at most undone, once', TG_TABLE_NAME;
END $$
"""


def upgrade() -> None:
    op.execute(UNDO_ONCE)
    op.execute("DROP TRIGGER decisions_only_grows ON decisions")
    op.execute(
        "CREATE TRIGGER decisions_only_grows BEFORE UPDATE OR DELETE ON decisions "
        "FOR EACH ROW EXECUTE FUNCTION refuse_all_but_undoing()"
    )
    op.create_table(
        "delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("absent_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_on >= first_on", name=op.f("delegations_period_is_a_period")),
        sa.CheckConstraint("absent_id <> deputy_id", name=op.f("delegations_of_two_people")),
        sa.ForeignKeyConstraint(["absent_id"], ["users.id"], name=op.f("delegations_absent_id_refers")),
        sa.ForeignKeyConstraint(["deputy_id"], ["users.id"], name=op.f("delegations_deputy_id_refers")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("delegations_made_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("delegations_key")),
    )
    op.create_index(op.f("delegations_absent_id"), "delegations", ["absent_id"], unique=False)
    op.create_index(op.f("delegations_deputy_id"), "delegations", ["deputy_id"], unique=False)
    op.add_column("users", sa.Column("superior_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("users_superior_id_refers"), "users", "users", ["superior_id"], ["id"])
    op.create_check_constraint(op.f("users_superior_is_another"), "users", "superior_id <> id")
    op.add_column("users", sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.alter_column("users", "digest", server_default=None)
    op.add_column("assignments", sa.Column("pressed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assignments", sa.Column("done_for", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("assignments_done_for_refers"), "assignments", "users", ["done_for"], ["id"])
    op.add_column(
        "decisions",
        sa.Column("in_place_of", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False, server_default=""),
    )
    op.alter_column("decisions", "in_place_of", server_default=None)
