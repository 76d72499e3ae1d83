"""second factors, single-use links, external identities, who looked at what."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, AutoString(length=length) if length else AutoString(), nullable=False)


def of_a_user(table: str, *columns: sa.Column, once: tuple[str, ...] = ()) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"{table}_user_id_refers")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"{table}_key")),
        *(sa.UniqueConstraint(name, name=op.f(f"{table}_{name}_once")) for name in once),
    )
    op.create_index(op.f(f"{table}_user_id"), table, ["user_id"], unique=False)


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("awaits_code", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("sign_ins", "awaits_code", server_default=None)
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        text("secret"),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        moment("begun_at"),
        moment("confirmed_at", nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("second_factors_user_id_refers")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("second_factors_key")),
    )
    of_a_user("recovery_codes", text("code_hash"), moment("used_at", nullable=True), once=("code_hash",))
    of_a_user(
        "single_use_links", sa.Column("purpose", sa.String(), nullable=False), text("token_hash"), moment("made_at"),
        moment("expires_at"), moment("ended_at", nullable=True), once=("token_hash",),
    )  # fmt: skip
    of_a_user("external_identities", text("issuer", 200), text("subject", 255), moment("linked_at"))
    for other in ("subject", "user_id"):
        op.create_unique_constraint(
            op.f(f"external_identities_issuer_{other}_once"), "external_identities", ["issuer", other]
        )
    op.create_table(
        "counters",
        text("key", 100),
        sa.Column("counted", sa.Integer(), nullable=False),
        moment("since"),
        sa.PrimaryKeyConstraint("key", name=op.f("counters_key")),
    )


def downgrade() -> None:
    for table in ("counters", "external_identities", "single_use_links", "recovery_codes", "second_factors"):
        op.drop_table(table)
    op.drop_column("sign_ins", "awaits_code")
