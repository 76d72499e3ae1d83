"""what visits, panels and objections keep besides."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
RECORDED = "invitations_recorded_with_the_hour"


def upgrade() -> None:
    op.add_column("reviews", sa.Column("taken_from", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("reviews_taken_from_refers"), "reviews", "reviews", ["taken_from"], ["id"])
    op.add_column("invitations", sa.Column("recorded_by", sa.Uuid(), nullable=True))
    op.add_column("invitations", sa.Column("spoken_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f("invitations_recorded_by_refers"), "invitations", "users", ["recorded_by"], ["id"])
    op.create_check_constraint(op.f(RECORDED), "invitations", "(recorded_by IS NULL) = (spoken_at IS NULL)")
    for name in ("request_key", "request_sha256"):
        op.add_column("objections", sa.Column(name, TEXT(length=64), nullable=False, server_default=""))
        op.alter_column("objections", name, server_default=None)
    once = sa.text("request_key <> ''")
    op.create_index("one_objection_a_request", "objections", ["request_key"], unique=True, postgresql_where=once)
    keep_signed_pages()


def keep_signed_pages() -> None:
    op.create_table(
        "signed_pages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_round_id", sa.Uuid(), nullable=False),
        sa.Column("filename", TEXT(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", TEXT(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stage_round_id"], ["stage_rounds.id"], name=op.f("signed_pages_stage_round_id_refers")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("signed_pages_uploaded_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("signed_pages_key")),
        sa.UniqueConstraint("stage_round_id", name=op.f("signed_pages_stage_round_id_once")),
    )
    op.create_index(op.f("signed_pages_uploaded_by"), "signed_pages", ["uploaded_by"], unique=False)


def downgrade() -> None:
    op.drop_table("signed_pages")
    op.drop_index("one_objection_a_request", "objections")
    for name in ("request_key", "request_sha256"):
        op.drop_column("objections", name)
    op.drop_constraint(op.f(RECORDED), "invitations", type_="check")
    for table, names in {"invitations": ("spoken_at", "recorded_by"), "reviews": ("taken_from",)}.items():
        for name in names:
            op.drop_column(table, name)
