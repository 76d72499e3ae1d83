"""runs that operators asked for again, and parts of steps that were done by hand."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"{table}_{column}_refers"))


def indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    op.create_table(
        "reruns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        reference("reruns", "by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("reruns_key")),
    )
    indexed("reruns", "by")
    op.create_table(
        "rerun_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rerun_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("bell_id", sa.Uuid(), nullable=True),
        sa.Column("failed_run", sa.Uuid(), nullable=True),
        sa.Column("foretold", JSONB(), nullable=False),
        sa.Column("leads_to", TEXT(length=60), nullable=False),
        sa.Column("refused", TEXT(length=20), nullable=False),
        sa.CheckConstraint("(bell_id IS NULL) = (refused <> '')", name=op.f("rerun_cases_asked_or_refused")),
        reference("rerun_cases", "bell_id", "bells"),
        reference("rerun_cases", "case_id", "cases"),
        reference("rerun_cases", "failed_run", "runs"),
        reference("rerun_cases", "rerun_id", "reruns"),
        sa.PrimaryKeyConstraint("id", name=op.f("rerun_cases_key")),
        sa.UniqueConstraint("rerun_id", "case_id", name="a_case_once_a_rerun"),
    )
    indexed("rerun_cases", "rerun_id", "case_id", "bell_id")
    waivers()


def waivers() -> None:
    op.create_table(
        "step_waivers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("step", TEXT(length=60), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("stage", TEXT(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", TEXT(length=500), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("step_waivers_by_two_persons")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR confirmed_by IS NOT NULL OR part NOT IN ('letters', 'notice')",
            name=op.f("step_waivers_irrevocable_needs_two"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_at IS NOT NULL", name=op.f("step_waivers_confirmed_at_an_instant")
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR confirmed_at IS NOT NULL", name=op.f("step_waivers_used_when_confirmed")
        ),
        sa.CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name=op.f("step_waivers_used_is_not_withdrawn")),
        sa.CheckConstraint("reason <> ''", name=op.f("step_waivers_with_a_reason")),
        reference("step_waivers", "case_id", "cases"),
        reference("step_waivers", "proposed_by", "users"),
        reference("step_waivers", "confirmed_by", "users"),
        reference("step_waivers", "withdrawn_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("step_waivers_key")),
    )
    indexed("step_waivers", "case_id", "proposed_by", "confirmed_by", "withdrawn_by")
    op.create_index(
        "one_standing_waiver",
        "step_waivers",
        ["case_id", "step", "part", "stage", "round"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("step_waivers")
    op.drop_table("rerun_cases")
    op.drop_table("reruns")
