"""announcements, plaques, and until when a certificate is valid."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.add_column("certificates", sa.Column("valid_until", sa.Date(), nullable=True))
    op.create_check_constraint(op.f("certificates_valid_for_a_time"), "certificates", "valid_until >= issued_on")
    op.create_table(
        "announcements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("number", text(length=60), nullable=False),
        sa.Column("title", text(length=100), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("sha256", text(length=64), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("announcements_call_id_refers")),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("announcements_published_by_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("announcements_key")),
        sa.UniqueConstraint("number", name=op.f("announcements_number_once")),
    )
    for column in ("call_id", "dated_on", "published_by"):
        op.create_index(op.f(f"announcements_{column}"), "announcements", [column], unique=False)
    op.create_table(
        "announcement_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("announcement_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("recommender", text(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("announcement_items_announcement_id_refers")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("announcement_items_certificate_id_refers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("announcement_items_key")),
        sa.UniqueConstraint("announcement_id", "place", name="one_line_a_place"),
        sa.UniqueConstraint("certificate_id", name=op.f("announcement_items_certificate_id_once")),
    )
    op.create_index(op.f("announcement_items_announcement_id"), "announcement_items", ["announcement_id"], unique=False)
    op.create_table(
        "plaques",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("number", text(length=40), nullable=False),
        sa.Column("text", text(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("handed_to", text(length=100), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending", sa.String(), nullable=True),
        sa.CheckConstraint("(handed_on IS NULL) = (handed_to = '')", name=op.f("plaques_handed_to_somebody")),
        sa.CheckConstraint("handed_on IS NULL OR handed_on >= made_on", name=op.f("plaques_made_before_handed")),
        sa.CheckConstraint("handed_on IS NULL OR made_on IS NOT NULL", name=op.f("plaques_handed_when_made")),
        sa.CheckConstraint("(ended_on IS NULL) = (ending IS NULL)", name=op.f("plaques_ended_one_way")),
        sa.CheckConstraint("ended_on IS NULL OR made_on IS NOT NULL", name=op.f("plaques_ended_when_made")),
        sa.CheckConstraint("ended_on >= coalesce(handed_on, made_on)", name=op.f("plaques_ended_last")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name=op.f("plaques_certificate_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f("plaques_key")),
        sa.UniqueConstraint("certificate_id", name=op.f("plaques_certificate_id_once")),
        sa.UniqueConstraint("number", name=op.f("plaques_number_once")),
    )
