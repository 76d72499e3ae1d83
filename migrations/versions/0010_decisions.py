"""meetings, objections, announcements, plaques, revocation by two."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes_number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("meetings_call_id_refers")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("meetings_recorded_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("meetings_key")),
        sa.UniqueConstraint("call_id", "minutes_number", name="one_meeting_a_number"),
    )
    op.create_index(op.f("meetings_call_id"), "meetings", ["call_id"], unique=False)
    op.create_index(op.f("meetings_recorded_by"), "meetings", ["recorded_by"], unique=False)
    op.create_table(
        "resolutions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("deviates", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("resolutions_case_id_refers")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("resolutions_decision_id_refers")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("resolutions_meeting_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("resolutions_key")),
        sa.UniqueConstraint("decision_id", name=op.f("resolutions_decision_id_once")),
    )
    op.create_index(op.f("resolutions_case_id"), "resolutions", ["case_id"], unique=False)
    op.create_index(op.f("resolutions_meeting_id"), "resolutions", ["meeting_id"], unique=False)
    op.create_table(
        "revocations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("reasons", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("confirmed IS NOT FALSE OR answer <> ''", name=op.f("revocations_declined_with_reasons")),
        sa.CheckConstraint("(decided_at IS NULL) = (confirmed IS NULL)", name=op.f("revocations_decided_one_way")),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("revocations_decided_by_somebody")),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name=op.f("revocations_by_two_persons")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("revocations_certificate_id_refers")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("revocations_decided_by_refers")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("revocations_proposed_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("revocations_key")),
    )
    op.create_index(
        "one_open_proposal_a_certificate",
        "revocations",
        ["certificate_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_index(op.f("revocations_certificate_id"), "revocations", ["certificate_id"], unique=False)
    op.create_index(op.f("revocations_decided_by"), "revocations", ["decided_by"], unique=False)
    op.create_index(op.f("revocations_proposed_by"), "revocations", ["proposed_by"], unique=False)
    op.create_table(
        "objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("token", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("publicity_item_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("contact", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("locale", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("facts", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grounds", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("origin", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("examined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("examined_by", sa.Uuid(), nullable=True),
        sa.Column("gist", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("statement", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stated_by", sa.Uuid(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_by", sa.Uuid(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(stated_at IS NULL) = (statement = '')", name=op.f("objections_stated_in_words")),
        sa.CheckConstraint("accepted IS NOT FALSE OR answer <> ''", name=op.f("objections_refused_with_reasons")),
        sa.CheckConstraint(
            "concluded_at IS NULL OR (accepted AND answer <> '')", name=op.f("objections_concluded_with_reasons")
        ),
        sa.CheckConstraint("(concluded_at IS NULL) = (result IS NULL)", name=op.f("objections_concluded_one_way")),
        sa.CheckConstraint("(examined_at IS NULL) = (accepted IS NULL)", name=op.f("objections_examined_one_way")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("objections_case_id_refers")),
        sa.ForeignKeyConstraint(["concluded_by"], ["users.id"], name=op.f("objections_concluded_by_refers")),
        sa.ForeignKeyConstraint(["examined_by"], ["users.id"], name=op.f("objections_examined_by_refers")),
        sa.ForeignKeyConstraint(
            ["publicity_item_id"], ["publicity_items.id"], name=op.f("objections_publicity_item_id_refers")
        ),
        sa.ForeignKeyConstraint(["stated_by"], ["users.id"], name=op.f("objections_stated_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("objections_key")),
        sa.UniqueConstraint("number", name=op.f("objections_number_once")),
        sa.UniqueConstraint("token", name=op.f("objections_token_once")),
    )
    op.create_index("objections_by_origin", "objections", ["origin", "filed_at"], unique=False)
    op.create_index(op.f("objections_case_id"), "objections", ["case_id"], unique=False)
    op.create_index(op.f("objections_publicity_item_id"), "objections", ["publicity_item_id"], unique=False)
    op.create_index(
        "open_objections",
        "objections",
        ["case_id"],
        unique=False,
        postgresql_where=sa.text("accepted IS NOT FALSE AND concluded_at IS NULL"),
    )
    op.create_table(
        "objection_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("filename", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name=op.f("objection_files_objection_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("objection_files_key")),
    )
    op.create_index(op.f("objection_files_objection_id"), "objection_files", ["objection_id"], unique=False)
    op.create_table(
        "objection_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name=op.f("objection_notes_objection_id_refers")),
        sa.ForeignKeyConstraint(["written_by"], ["users.id"], name=op.f("objection_notes_written_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("objection_notes_key")),
    )
    op.create_index(op.f("objection_notes_objection_id"), "objection_notes", ["objection_id"], unique=False)
    op.create_index(op.f("objection_notes_written_by"), "objection_notes", ["written_by"], unique=False)
    op.add_column(
        "publicities",
        sa.Column("contact", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False, server_default=""),
    )
    op.alter_column("publicities", "contact", server_default=None)
