"""the facts."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % only grows: its rows are neither changed nor deleted', TG_TABLE_NAME;
END $$
"""


def upgrade() -> None:
    op.execute(REFUSE_CHANGE)
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("credit_code", sqlmodel.sql.sqltypes.AutoString(length=18), nullable=True),
        sa.Column("area_code", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind <> 'area-bureau' OR area_code <> ''", name=op.f("organisations_bureau_has_area")),
        sa.CheckConstraint(
            "kind <> 'institution' OR credit_code IS NOT NULL", name=op.f("organisations_institution_has_credit_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("organisations_key")),
        sa.UniqueConstraint("credit_code", name=op.f("organisations_credit_code_once")),
        sa.UniqueConstraint("name", name=op.f("organisations_name_once")),
    )
    op.create_table(
        "series",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("series_key")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("users_organisation_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("users_key")),
        sa.UniqueConstraint("email", name=op.f("users_email_once")),
    )
    op.create_index(op.f("users_organisation_id"), "users", ["organisation_id"], unique=False)
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("api_tokens_user_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("api_tokens_key")),
        sa.UniqueConstraint("token_hash", name=op.f("api_tokens_token_hash_once")),
    )
    op.create_index(op.f("api_tokens_user_id"), "api_tokens", ["user_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("notice", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("calls_window_is_a_period")),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("calls_opened_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("calls_key")),
        sa.UniqueConstraint("code", name=op.f("calls_code_once")),
    )
    op.create_index(op.f("calls_opened_by"), "calls", ["opened_by"], unique=False)
    op.create_index(op.f("calls_opens_at"), "calls", ["opens_at"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("request_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("idempotency_keys_user_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("idempotency_keys_key")),
        sa.UniqueConstraint("user_id", "key", name=op.f("idempotency_keys_user_id_key_once")),
    )
    op.create_index(op.f("idempotency_keys_user_id"), "idempotency_keys", ["user_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("agent", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=45), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("sign_ins_user_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_ins_key")),
        sa.UniqueConstraint("token_hash", name=op.f("sign_ins_token_hash_once")),
    )
    op.create_index(op.f("sign_ins_user_id"), "sign_ins", ["user_id"], unique=False)
    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("user_roles_user_id_refers")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("user_roles_key")),
    )
    op.create_table(
        "applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("recommender_id", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("applications_call_id_refers")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("applications_created_by_refers")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("applications_organisation_id_refers")
        ),
        sa.ForeignKeyConstraint(
            ["recommender_id"], ["organisations.id"], name=op.f("applications_recommender_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("applications_key")),
        sa.UniqueConstraint("call_id", "organisation_id", name="one_application_a_call"),
    )
    op.create_index(op.f("applications_call_id"), "applications", ["call_id"], unique=False)
    op.create_index(op.f("applications_created_by"), "applications", ["created_by"], unique=False)
    op.create_index(op.f("applications_organisation_id"), "applications", ["organisation_id"], unique=False)
    op.create_index(op.f("applications_recommender_id"), "applications", ["recommender_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("procedure", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("stalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("cases_closed_with_an_outcome")),
        sa.CheckConstraint("closed_at IS NULL OR stalled_at IS NULL", name=op.f("cases_closed_is_not_stalled")),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("cases_application_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("cases_key")),
        sa.UniqueConstraint("application_id", name=op.f("cases_application_id_once")),
        sa.UniqueConstraint("reference", name=op.f("cases_reference_once")),
    )
    op.create_index(
        "open_cases_by_stage", "cases", ["stage"], unique=False, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("filename", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("documents_application_id_refers")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("documents_uploaded_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("documents_key")),
    )
    op.create_index(op.f("documents_application_id"), "documents", ["application_id"], unique=False)
    op.create_index(op.f("documents_uploaded_by"), "documents", ["uploaded_by"], unique=False)
    op.create_index(
        "one_document_a_kind",
        "documents",
        ["application_id", "kind"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("documents", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("submissions_application_id_refers")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["users.id"], name=op.f("submissions_submitted_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("submissions_key")),
        sa.UniqueConstraint("application_id", "number", name="one_submission_a_number"),
    )
    op.create_index(op.f("submissions_application_id"), "submissions", ["application_id"], unique=False)
    op.create_index(op.f("submissions_submitted_by"), "submissions", ["submitted_by"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("token", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("holder", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("base_name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("credit_code", sqlmodel.sql.sqltypes.AutoString(length=18), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revocation_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revocation_reason = '')", name=op.f("certificates_revoked_with_a_reason")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("certificates_case_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("certificates_key")),
        sa.UniqueConstraint("number", name=op.f("certificates_number_once")),
        sa.UniqueConstraint("token", name=op.f("certificates_token_once")),
    )
    op.create_index(op.f("certificates_case_id"), "certificates", ["case_id"], unique=False)
    op.create_index(
        "one_live_certificate_a_case",
        "certificates",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reasons", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("corrections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("by_system", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("outcome = 'approved' OR reasons <> ''", name=op.f("decisions_unfavourable_with_reasons")),
        sa.CheckConstraint("by_system = (decided_by IS NULL)", name=op.f("decisions_by_a_person_or_by_the_system")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("decisions_case_id_refers")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("decisions_decided_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("decisions_key")),
        sa.UniqueConstraint("case_id", "stage", "round", name="one_decision_a_round"),
    )
    op.create_index(op.f("decisions_case_id"), "decisions", ["case_id"], unique=False)
    op.create_index(op.f("decisions_decided_by"), "decisions", ["decided_by"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("act", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("journal_by_refers")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("journal_case_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("journal_key")),
    )
    op.create_index(op.f("journal_by"), "journal", ["by"], unique=False)
    op.create_index(op.f("journal_case_id"), "journal", ["case_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("letter", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("recipient", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("locale", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("html", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("message_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("messages_case_id_refers")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("messages_user_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("messages_key")),
        sa.UniqueConstraint("key", name=op.f("messages_key_once")),
        sa.UniqueConstraint("message_id", name=op.f("messages_message_id_once")),
    )
    op.create_index(
        "letters_due", "messages", ["next_attempt_at"], unique=False, postgresql_where=sa.text("state = 'due'")
    )
    op.create_index(op.f("messages_case_id"), "messages", ["case_id"], unique=False)
    op.create_index(op.f("messages_state"), "messages", ["state"], unique=False)
    op.create_index(op.f("messages_user_id"), "messages", ["user_id"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("flow_run_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_in", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_step", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("error", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("traceback", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name=op.f("runs_running_until_ended")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("runs_case_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("runs_key")),
        sa.UniqueConstraint("flow_run_id", name=op.f("runs_flow_run_id_once")),
    )
    op.create_index("running_runs", "runs", ["started_at"], unique=False, postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index(op.f("runs_case_id"), "runs", ["case_id"], unique=False)
    op.create_table(
        "stage_rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("stage_rounds_round_closed_with_an_outcome")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("stage_rounds_case_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("stage_rounds_key")),
        sa.UniqueConstraint("case_id", "stage", "round", name="one_round_a_number"),
    )
    op.create_index(
        "one_open_round_a_case", "stage_rounds", ["case_id"], unique=True, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_index(op.f("stage_rounds_case_id"), "stage_rounds", ["case_id"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done_at IS NULL OR ended_at IS NOT NULL", name=op.f("assignments_done_is_ended")),
        sa.CheckConstraint(
            "user_id IS NULL OR organisation_id IS NULL", name=op.f("assignments_person_or_organisation_or_role")
        ),
        sa.ForeignKeyConstraint(["assigned_by"], ["users.id"], name=op.f("assignments_assigned_by_refers")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("assignments_case_id_refers")),
        sa.ForeignKeyConstraint(["done_by"], ["users.id"], name=op.f("assignments_done_by_refers")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("assignments_organisation_id_refers")
        ),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("assignments_stage_round_id_refers")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("assignments_user_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("assignments_key")),
    )
    op.create_index(op.f("assignments_case_id"), "assignments", ["case_id"], unique=False)
    op.create_index(op.f("assignments_organisation_id"), "assignments", ["organisation_id"], unique=False)
    op.create_index(op.f("assignments_stage_round_id"), "assignments", ["stage_round_id"], unique=False)
    op.create_index(op.f("assignments_user_id"), "assignments", ["user_id"], unique=False)
    op.create_index("one_assignment_a_person", "assignments", ["stage_round_id", "duty", "user_id"], unique=True)
    op.create_index(
        "one_assignment_a_role",
        "assignments",
        ["stage_round_id", "duty"],
        unique=True,
        postgresql_where=sa.text("user_id IS NULL"),
    )
    op.create_index(
        "open_assignments", "assignments", ["due_on"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "bells",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flow_run_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["runs.id"], name=op.f("bells_answered_by_refers")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("bells_by_refers")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("bells_case_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("bells_key")),
    )
    op.create_index(op.f("bells_by"), "bells", ["by"], unique=False)
    op.create_index(op.f("bells_case_id"), "bells", ["case_id"], unique=False)
    op.create_index(
        "unanswered_bells", "bells", ["created_at"], unique=False, postgresql_where=sa.text("answered_at IS NULL")
    )
    op.create_table(
        "inspections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("summary", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("inspections_recorded_by_refers")),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("inspections_stage_round_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("inspections_key")),
        sa.UniqueConstraint("stage_round_id", name=op.f("inspections_stage_round_id_once")),
    )
    op.create_index(op.f("inspections_recorded_by"), "inspections", ["recorded_by"], unique=False)
    op.create_table(
        "register_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("base_name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("area_code", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("fields", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("register_entries_certificate_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("register_entries_key")),
        sa.UniqueConstraint("certificate_id", name=op.f("register_entries_certificate_id_once")),
    )
    op.create_index(op.f("register_entries_published_on"), "register_entries", ["published_on"], unique=False)
    op.create_table(
        "run_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("did", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("run_steps_run_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("run_steps_key")),
        sa.UniqueConstraint("run_id", "number", name="one_step_a_number"),
    )
    op.create_index(op.f("run_steps_run_id"), "run_steps", ["run_id"], unique=False)
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("declared", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("found", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("matches", sa.Boolean(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("findings_inspection_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("findings_key")),
        sa.UniqueConstraint("inspection_id", "item", name="one_finding_an_item"),
    )
    op.create_index(op.f("findings_inspection_id"), "findings", ["inspection_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("recommendation", sa.String(), nullable=False),
        sa.Column("opinion", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("reviews_score_of_a_hundred")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("reviews_assignment_id_refers")),
        sa.ForeignKeyConstraint(["stage_round_id"], ["stage_rounds.id"], name=op.f("reviews_stage_round_id_refers")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("reviews_submission_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("reviews_key")),
        sa.UniqueConstraint("assignment_id", name=op.f("reviews_assignment_id_once")),
    )
    op.create_index(op.f("reviews_stage_round_id"), "reviews", ["stage_round_id"], unique=False)
    op.create_index(op.f("reviews_submission_id"), "reviews", ["submission_id"], unique=False)

    for table in ("journal", "decisions", "submissions"):
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_index(op.f("reviews_submission_id"), table_name="reviews")
    op.drop_index(op.f("reviews_stage_round_id"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_index(op.f("findings_inspection_id"), table_name="findings")
    op.drop_table("findings")
    op.drop_index(op.f("run_steps_run_id"), table_name="run_steps")
    op.drop_table("run_steps")
    op.drop_index(op.f("register_entries_published_on"), table_name="register_entries")
    op.drop_table("register_entries")
    op.drop_index(op.f("inspections_recorded_by"), table_name="inspections")
    op.drop_table("inspections")
    op.drop_index("unanswered_bells", table_name="bells", postgresql_where=sa.text("answered_at IS NULL"))
    op.drop_index(op.f("bells_case_id"), table_name="bells")
    op.drop_index(op.f("bells_by"), table_name="bells")
    op.drop_table("bells")
    op.drop_index("open_assignments", table_name="assignments", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index("one_assignment_a_role", table_name="assignments", postgresql_where=sa.text("user_id IS NULL"))
    op.drop_index("one_assignment_a_person", table_name="assignments")
    op.drop_index(op.f("assignments_user_id"), table_name="assignments")
    op.drop_index(op.f("assignments_stage_round_id"), table_name="assignments")
    op.drop_index(op.f("assignments_organisation_id"), table_name="assignments")
    op.drop_index(op.f("assignments_case_id"), table_name="assignments")
    op.drop_table("assignments")
    op.drop_index(op.f("stage_rounds_case_id"), table_name="stage_rounds")
    op.drop_index("one_open_round_a_case", table_name="stage_rounds", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_table("stage_rounds")
    op.drop_index(op.f("runs_case_id"), table_name="runs")
    op.drop_index("running_runs", table_name="runs", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_table("runs")
    op.drop_index(op.f("messages_user_id"), table_name="messages")
    op.drop_index(op.f("messages_state"), table_name="messages")
    op.drop_index(op.f("messages_case_id"), table_name="messages")
    op.drop_index("letters_due", table_name="messages", postgresql_where=sa.text("state = 'due'"))
    op.drop_table("messages")
    op.drop_index(op.f("journal_case_id"), table_name="journal")
    op.drop_index(op.f("journal_by"), table_name="journal")
    op.drop_table("journal")
    op.drop_index(op.f("decisions_decided_by"), table_name="decisions")
    op.drop_index(op.f("decisions_case_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(
        "one_live_certificate_a_case", table_name="certificates", postgresql_where=sa.text("revoked_at IS NULL")
    )
    op.drop_index(op.f("certificates_case_id"), table_name="certificates")
    op.drop_table("certificates")
    op.drop_index(op.f("submissions_submitted_by"), table_name="submissions")
    op.drop_index(op.f("submissions_application_id"), table_name="submissions")
    op.drop_table("submissions")
    op.drop_index("one_document_a_kind", table_name="documents", postgresql_where=sa.text("removed_at IS NULL"))
    op.drop_index(op.f("documents_uploaded_by"), table_name="documents")
    op.drop_index(op.f("documents_application_id"), table_name="documents")
    op.drop_table("documents")
    op.drop_index("open_cases_by_stage", table_name="cases", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_table("cases")
    op.drop_index(op.f("applications_recommender_id"), table_name="applications")
    op.drop_index(op.f("applications_organisation_id"), table_name="applications")
    op.drop_index(op.f("applications_created_by"), table_name="applications")
    op.drop_index(op.f("applications_call_id"), table_name="applications")
    op.drop_table("applications")
    op.drop_table("user_roles")
    op.drop_index(op.f("sign_ins_user_id"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index(op.f("idempotency_keys_user_id"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_index(op.f("calls_opens_at"), table_name="calls")
    op.drop_index(op.f("calls_opened_by"), table_name="calls")
    op.drop_table("calls")
    op.drop_index(op.f("api_tokens_user_id"), table_name="api_tokens")
    op.drop_table("api_tokens")
    op.drop_index(op.f("users_organisation_id"), table_name="users")
    op.drop_table("users")
    op.drop_table("series")
    op.drop_table("organisations")
    op.execute("DROP FUNCTION refuse_change()")
