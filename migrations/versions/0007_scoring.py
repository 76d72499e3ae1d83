"""marks on a two-level sheet, clarifications."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("marks", "remarks"):
        op.add_column("reviews", sa.Column(name, postgresql.JSONB(), nullable=False, server_default="{}"))
        op.alter_column("reviews", name, server_default=None)
    op.create_table(
        "review_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("typed", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("review_drafts_assignment_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("review_drafts_key")),
        sa.UniqueConstraint("assignment_id", name=op.f("review_drafts_assignment_id_once")),
    )
    op.create_table(
        "clarifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("clarifications_answered_with_words")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("clarifications_answered_by_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("clarifications_case_id_refers")),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("clarifications_stage_round_id_refers")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("clarifications_asked_by_refers")),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("clarifications_answered_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("clarifications_key")),
        sa.UniqueConstraint("case_id", "number", name=op.f("clarifications_one_question_a_number")),
    )
    for column in ("case_id", "stage_round_id", "asked_by", "answered_by"):
        op.create_index(op.f(f"clarifications_{column}"), "clarifications", [column], unique=False)
