"""the pool of experts, panels, invitations, conflicts; reviews and duties that are void."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    void_what_counts_no_longer()
    make_the_pool()
    make_the_draws()
    make_the_invitations()
    make_the_conflicts()


def void_what_counts_no_longer() -> None:
    op.add_column("assignments", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("assignments_replaced_is_ended_undone"), "assignments", type_="check")
    op.create_check_constraint(
        op.f("assignments_replaced_is_undone_or_void"),
        "assignments",
        "replaced_by IS NULL OR (ended_at IS NOT NULL AND (done_at IS NULL OR voided_at IS NOT NULL))",
    )
    op.create_check_constraint(
        op.f("assignments_voided_is_ended"), "assignments", "voided_at IS NULL OR ended_at IS NOT NULL"
    )
    op.drop_index("one_assignment_a_person", "assignments")
    op.create_index(
        "one_assignment_a_person",
        "assignments",
        ["stage_round_id", "duty", "user_id"],
        unique=True,
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.add_column("reviews", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reviews", sa.Column("voided_reason", TEXT(), nullable=False, server_default=""))
    op.alter_column("reviews", "voided_reason", server_default=None)
    op.create_check_constraint(
        op.f("reviews_voided_with_a_reason"), "reviews", "(voided_at IS NULL) = (voided_reason = '')"
    )


def make_the_pool() -> None:
    op.create_table(
        "experts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("title", TEXT(length=40), nullable=False),
        sa.Column("recommending_unit", TEXT(length=100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspension_reason", TEXT(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("experts_validity_is_a_period")),
        sa.CheckConstraint(
            "(suspended_at IS NULL) = (suspension_reason = '')", name=op.f("experts_suspended_with_a_reason")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("experts_user_id_refers")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("experts_entered_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("experts_key")),
        sa.UniqueConstraint("user_id", name=op.f("experts_user_id_once")),
    )
    op.create_table(
        "employments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("employer", TEXT(length=100), nullable=False),
        sa.Column("credit_code", TEXT(length=18), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("employments_employment_is_a_period")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("employments_expert_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("employments_key")),
    )
    op.create_index(op.f("employments_expert_id"), "employments", ["expert_id"], unique=False)


def make_the_draws() -> None:
    op.create_table(
        "draws",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("seed", TEXT(length=64), nullable=False),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.Column("candidates", postgresql.JSONB(), nullable=False),
        sa.Column("exclusions", postgresql.JSONB(), nullable=False),
        sa.Column("members", postgresql.JSONB(), nullable=False),
        sa.Column("chair", TEXT(length=36), nullable=False),
        sa.Column("drawn_by", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assembled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarding_reason", TEXT(), nullable=False),
        sa.CheckConstraint(
            "(discarded_at IS NULL) = (discarding_reason = '')", name=op.f("draws_discarded_with_a_reason")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR confirmed_by IS NOT NULL", name=op.f("draws_confirmed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("draws_call_id_refers")),
        sa.ForeignKeyConstraint(["drawn_by"], ["users.id"], name=op.f("draws_drawn_by_refers")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("draws_confirmed_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("draws_key")),
    )
    op.create_index(op.f("draws_call_id"), "draws", ["call_id"], unique=False)
    op.create_index(op.f("draws_drawn_by"), "draws", ["drawn_by"], unique=False)
    op.create_table(
        "drawn_for",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("drawn_for_draw_id_refers")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("drawn_for_case_id_refers")),
        sa.ForeignKeyConstraint(["stage_round_id"], ["stage_rounds.id"], name=op.f("drawn_for_stage_round_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("drawn_for_key")),
    )
    op.create_index(
        "one_draw_a_round", "drawn_for", ["stage_round_id"], unique=True, postgresql_where=sa.text("stands")
    )
    for column in ("draw_id", "case_id", "stage_round_id"):
        op.create_index(op.f(f"drawn_for_{column}"), "drawn_for", [column], unique=False)


def make_the_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("standing", postgresql.JSONB(), nullable=False),
        sa.Column("gone", postgresql.JSONB(), nullable=False),
        sa.Column("passed", postgresql.JSONB(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", TEXT(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("invitations_open_until_ended")),
        sa.CheckConstraint(
            "state <> 'accepted' OR promised_at IS NOT NULL", name=op.f("invitations_accepted_with_the_promise")
        ),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name=op.f("invitations_declined_with_a_reason")),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("invitations_draw_id_refers")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("invitations_user_id_refers")),
        sa.ForeignKeyConstraint(["seat_id"], ["assignments.id"], name=op.f("invitations_seat_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("invitations_key")),
    )
    for name, columns, where in (
        ("one_invitation_a_draw", ["draw_id", "user_id"], "seat_id IS NULL"),
        ("one_invitation_a_seat", ["seat_id", "user_id"], "seat_id IS NOT NULL"),
    ):
        op.create_index(name, "invitations", columns, unique=True, postgresql_where=sa.text(where))
    op.create_index(
        "open_invitations", "invitations", ["answer_by"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_index(op.f("invitations_draw_id"), "invitations", ["draw_id"], unique=False)
    op.create_index(op.f("invitations_user_id"), "invitations", ["user_id"], unique=False)
    op.create_table(
        "invitation_duties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("invitation_duties_invitation_id_refers")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("invitation_duties_assignment_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("invitation_duties_key")),
        sa.UniqueConstraint("assignment_id", name=op.f("invitation_duties_assignment_id_once")),
    )
    op.create_index(op.f("invitation_duties_invitation_id"), "invitation_duties", ["invitation_id"], unique=False)


def make_the_conflicts() -> None:
    op.create_table(
        "conflicts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", TEXT(length=50), nullable=False),
        sa.Column("grounds", TEXT(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("ruling_reason", TEXT(), nullable=False),
        sa.Column("ruled_by", sa.Uuid(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(ruled_at IS NULL) = (upheld IS NULL)", name=op.f("conflicts_ruled_one_way")),
        sa.CheckConstraint("(ruled_at IS NULL) = (ruling_reason = '')", name=op.f("conflicts_ruled_with_a_reason")),
        sa.CheckConstraint("ruled_by IS NULL OR ruled_by <> user_id", name=op.f("conflicts_not_ruled_by_oneself")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("conflicts_case_id_refers")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("conflicts_user_id_refers")),
        sa.ForeignKeyConstraint(["raised_by"], ["users.id"], name=op.f("conflicts_raised_by_refers")),
        sa.ForeignKeyConstraint(["ruled_by"], ["users.id"], name=op.f("conflicts_ruled_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("conflicts_key")),
    )
    op.create_index(op.f("conflicts_case_id"), "conflicts", ["case_id"], unique=False)
    op.create_index(op.f("conflicts_user_id"), "conflicts", ["user_id"], unique=False)
