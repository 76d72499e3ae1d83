"""visits: agreed dates, photos, signatures."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXTS = {"representative": 50, "scan_name": 120, "scan_sha256": 64, "sha256": 64}


def upgrade() -> None:
    for name, length in TEXTS.items():
        of_text = sqlmodel.sql.sqltypes.AutoString(length=length)
        op.add_column("inspections", sa.Column(name, of_text, nullable=False, server_default=""))
        op.alter_column("inspections", name, server_default=None)
    op.add_column("inspections", sa.Column("basic", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("inspections", "basic", server_default=None)
    of_json = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("inspections", sa.Column("photos", of_json, nullable=False, server_default="[]"))
    op.alter_column("inspections", "photos", server_default=None)
    op.create_table(
        "visit_appointments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR reasons <> ''", name=op.f("visit_appointments_cancelled_with_reasons")
        ),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("visit_appointments_stage_round_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("visit_appointments_key")),
        sa.UniqueConstraint("stage_round_id", name=op.f("visit_appointments_stage_round_id_once")),
    )
    op.create_table(
        "visit_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["users.id"], name=op.f("visit_drafts_saved_by_refers")),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("visit_drafts_stage_round_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("visit_drafts_key")),
        sa.UniqueConstraint("stage_round_id", name=op.f("visit_drafts_stage_round_id_once")),
    )
    op.create_index(op.f("visit_drafts_saved_by"), "visit_drafts", ["saved_by"], unique=False)
    op.create_table(
        "visit_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("chosen_on", sa.Date(), nullable=True),
        sa.Column("reasons", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("proposed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answered_at IS NULL OR chosen_on IS NOT NULL OR reasons <> ''",
            name=op.f("visit_offers_declined_with_reasons"),
        ),
        sa.CheckConstraint(
            "chosen_on IS NULL OR answered_at IS NOT NULL", name=op.f("visit_offers_chosen_is_answered")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("visit_offers_answered_by_refers")),
        sa.ForeignKeyConstraint(["offered_by"], ["users.id"], name=op.f("visit_offers_offered_by_refers")),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("visit_offers_stage_round_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("visit_offers_key")),
        sa.UniqueConstraint("stage_round_id", "number", name="one_offer_a_number"),
    )
    op.create_index(
        "one_open_offer_a_round",
        "visit_offers",
        ["stage_round_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_index(op.f("visit_offers_offered_by"), "visit_offers", ["offered_by"], unique=False)
    op.create_index(op.f("visit_offers_stage_round_id"), "visit_offers", ["stage_round_id"], unique=False)
    op.create_table(
        "visit_photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("line", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("filename", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("taken_at", sqlmodel.sql.sqltypes.AutoString(length=19), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("visit_photos_stage_round_id_refers")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("visit_photos_uploaded_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("visit_photos_key")),
    )
    op.create_index(
        "one_photo_a_content",
        "visit_photos",
        ["stage_round_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(op.f("visit_photos_stage_round_id"), "visit_photos", ["stage_round_id"], unique=False)
    op.create_index(op.f("visit_photos_uploaded_by"), "visit_photos", ["uploaded_by"], unique=False)
    op.create_table(
        "visit_signatures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("visit_signatures_stage_round_id_refers")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("visit_signatures_user_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("visit_signatures_key")),
        sa.UniqueConstraint("stage_round_id", "user_id", "sha256", name="one_signature_a_record"),
    )
    op.create_index(op.f("visit_signatures_stage_round_id"), "visit_signatures", ["stage_round_id"], unique=False)
    op.create_index(op.f("visit_signatures_user_id"), "visit_signatures", ["user_id"], unique=False)
    op.create_table(
        "line_findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("about", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("declared", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("found", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("matches", sa.Boolean(), nullable=False),
        sa.Column("difference", sa.Float(), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("NOT flagged OR note <> ''", name=op.f("line_findings_flagged_with_a_note")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("line_findings_inspection_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("line_findings_key")),
        sa.UniqueConstraint("inspection_id", "line", name="one_finding_a_line"),
    )
    op.create_index(op.f("line_findings_inspection_id"), "line_findings", ["inspection_id"], unique=False)
    op.create_table(
        "visit_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("visit_days_assignment_id_refers")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("visit_days_user_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("visit_days_key")),
    )
    op.create_index(
        "one_visit_a_day",
        "visit_days",
        ["user_id", "day"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index(op.f("visit_days_assignment_id"), "visit_days", ["assignment_id"], unique=False)
    op.create_index(op.f("visit_days_user_id"), "visit_days", ["user_id"], unique=False)
