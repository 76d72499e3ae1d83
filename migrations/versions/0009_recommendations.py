"""recommendations: check lists, signed scans, ranks, places, notices of acceptance."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "examinations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("handled_by", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("signed_by", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("examinations_case_id_refers")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("examinations_recorded_by_refers")),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("examinations_stage_round_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("examinations_key")),
        sa.UniqueConstraint("stage_round_id", name=op.f("examinations_stage_round_id_once")),
    )
    op.create_index(op.f("examinations_case_id"), "examinations", ["case_id"], unique=False)
    op.create_index(op.f("examinations_recorded_by"), "examinations", ["recorded_by"], unique=False)
    op.create_table(
        "signed_scans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("signed_scans_case_id_refers")),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("signed_scans_stage_round_id_refers")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("signed_scans_uploaded_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("signed_scans_key")),
    )
    op.create_index(
        "one_scan_a_round",
        "signed_scans",
        ["stage_round_id"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(op.f("signed_scans_case_id"), "signed_scans", ["case_id"], unique=False)
    op.create_index(op.f("signed_scans_uploaded_by"), "signed_scans", ["uploaded_by"], unique=False)
    op.create_table(
        "rankings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ranked_by", sa.Uuid(), nullable=False),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place >= 1", name=op.f("rankings_place_counts_from_one")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("rankings_case_id_refers")),
        sa.ForeignKeyConstraint(["ranked_by"], ["users.id"], name=op.f("rankings_ranked_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("rankings_key")),
        sa.UniqueConstraint("case_id", name=op.f("rankings_case_id_once")),
    )
    op.create_index(op.f("rankings_ranked_by"), "rankings", ["ranked_by"], unique=False)
    op.create_table(
        "call_quotas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("recommender_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("places >= 0", name=op.f("call_quotas_places_are_counted")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("call_quotas_call_id_refers")),
        sa.ForeignKeyConstraint(
            ["recommender_id"], ["organisations.id"], name=op.f("call_quotas_recommender_id_refers")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("call_quotas_set_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("call_quotas_key")),
        sa.UniqueConstraint("call_id", "recommender_id", name="one_quota_a_body"),
    )
    op.create_index(op.f("call_quotas_call_id"), "call_quotas", ["call_id"], unique=False)
    op.create_index(op.f("call_quotas_recommender_id"), "call_quotas", ["recommender_id"], unique=False)
    op.create_index(op.f("call_quotas_set_by"), "call_quotas", ["set_by"], unique=False)
    op.create_table(
        "acceptance_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("acceptance_notices_case_id_refers")),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("acceptance_notices_stage_round_id_refers")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("acceptance_notices_submission_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("acceptance_notices_key")),
        sa.UniqueConstraint("number", name=op.f("acceptance_notices_number_once")),
        sa.UniqueConstraint("stage_round_id", name=op.f("acceptance_notices_stage_round_id_once")),
    )
    op.create_index(op.f("acceptance_notices_case_id"), "acceptance_notices", ["case_id"], unique=False)
    op.create_index(op.f("acceptance_notices_submission_id"), "acceptance_notices", ["submission_id"], unique=False)
