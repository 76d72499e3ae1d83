"""the chain of the journal, its seals, and tables that only grow."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOBODY = "00000000-0000-0000-0000-000000000000"
"""The chain of the lines that are about no case."""

TEXT_OF_ENTRY = """
CREATE FUNCTION text_of_entry(line journal) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        line.previous, line.number, line.id, to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        line.case_id, line.by, line.act, line.stage, line.round, line.detail
    )::text
$$
"""
"""What a line's hash is of; `casework.trust.chains` says the same without asking this function."""

CHAIN_ENTRY = f"""
CREATE FUNCTION chain_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of uuid := coalesce(NEW.case_id, '{NOBODY}');
BEGIN
    -- The case's row orders its writers. It is the lock that every act on the case takes first, so nothing can wait
    -- in a circle for this one; without a case, the chain's own row orders them.
    PERFORM FROM cases WHERE id = NEW.case_id FOR NO KEY UPDATE;
    SELECT lines + 1, hash INTO NEW.number, NEW.previous FROM journal_chains WHERE chain = of FOR UPDATE;
    IF NOT FOUND THEN
        NEW.number := 1;
        NEW.previous := '';
    END IF;
    NEW.hash := encode(sha256(convert_to(text_of_entry(NEW), 'UTF8')), 'hex');
    IF FOUND THEN
        UPDATE journal_chains SET lines = NEW.number, hash = NEW.hash WHERE chain = of;
    ELSE
        INSERT INTO journal_chains (chain, lines, hash) VALUES (of, NEW.number, NEW.hash);
    END IF;
    RETURN NEW;
END $$
"""  # noqa: S608 - a constant of ours

CHAIN_WHAT_IS_THERE = """
DO $$
DECLARE
    line journal;
    head journal_chains;
BEGIN
    FOR line IN SELECT * FROM journal ORDER BY case_id, id LOOP
        IF head.chain IS DISTINCT FROM coalesce(line.case_id, '{nobody}') THEN
            head := row(coalesce(line.case_id, '{nobody}'), 0, '');
        END IF;
        line.number := head.lines + 1;
        line.previous := head.hash;
        line.hash := encode(sha256(convert_to(text_of_entry(line), 'UTF8')), 'hex');
        UPDATE journal SET number = line.number, previous = line.previous, hash = line.hash WHERE id = line.id;
        head.lines := line.number;
        head.hash := line.hash;
    END LOOP;
END $$
""".replace("{nobody}", NOBODY)

HEADS = f"""
INSERT INTO journal_chains (chain, lines, hash)
SELECT DISTINCT ON (case_id) coalesce(case_id, '{NOBODY}'), number, hash FROM journal ORDER BY case_id, number DESC
"""  # noqa: S608 - a constant of ours

VOID_ONCE = """
CREATE FUNCTION refuse_all_but_voiding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL
        AND to_jsonb(NEW) - ARRAY['voided_at', 'voided_reason'] = to_jsonb(OLD) - ARRAY['voided_at', 'voided_reason'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'table % only grows: its rows are neither changed nor deleted, at most voided, once', TG_TABLE_NAME;
END $$
"""

GROWING = (
    "journal_seals",
    "sealed_heads",
    "findings",
    "line_findings",
    "examinations",
    "objection_notes",
    "visit_signatures",
)
"""Written once by design; journal, submissions, policy changes and extensions have their trigger already."""
GROWN_BEFORE = ("journal", "decisions", "submissions", "policy_changes", "call_extensions")


def upgrade() -> None:
    op.create_table(
        "journal_chains",
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("journal_chains_key")),
    )
    op.create_table(
        "journal_seals",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("previous", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("journal_seals_key")),
        sa.UniqueConstraint("hash", name=op.f("journal_seals_hash_once")),
    )
    op.create_table(
        "sealed_heads",
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["seal"], ["journal_seals.number"], name=op.f("sealed_heads_seal_refers")),
        sa.PrimaryKeyConstraint("seal", "chain", name=op.f("sealed_heads_key")),
    )
    op.create_index("sealed_by_chain", "sealed_heads", ["chain", "lines"])
    chain_the_journal()
    op.execute(VOID_ONCE)
    op.execute(
        "CREATE TRIGGER reviews_only_grows BEFORE UPDATE OR DELETE ON reviews "
        "FOR EACH ROW EXECUTE FUNCTION refuse_all_but_voiding()"
    )
    for table in GROWING:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    for table in (*GROWN_BEFORE, *GROWING, "reviews", "journal_chains"):
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def chain_the_journal() -> None:
    for column, kind in (("number", sa.Integer()), ("previous", sa.String(64)), ("hash", sa.String(64))):
        op.add_column("journal", sa.Column(column, kind, nullable=True))
    op.execute(TEXT_OF_ENTRY)
    op.execute("ALTER TABLE journal DISABLE TRIGGER journal_only_grows")
    op.execute(CHAIN_WHAT_IS_THERE)
    op.execute("ALTER TABLE journal ENABLE TRIGGER journal_only_grows")
    op.execute(HEADS)
    for column in ("number", "previous", "hash"):
        op.alter_column("journal", column, nullable=False)
    op.create_index(
        "one_line_a_number", "journal", ["case_id", "number"], unique=True, postgresql_nulls_not_distinct=True
    )
    op.execute(f"INSERT INTO journal_chains (chain, lines, hash) VALUES ('{NOBODY}', 0, '') ON CONFLICT DO NOTHING")  # noqa: S608
    op.execute(CHAIN_ENTRY)
    op.execute("CREATE TRIGGER journal_is_chained BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION chain_entry()")


def downgrade() -> None:
    for table in (*GROWN_BEFORE, "findings", "line_findings", "examinations", "objection_notes", "visit_signatures"):
        op.execute(f"DROP TRIGGER {table}_never_emptied ON {table}")
    for table in ("findings", "line_findings", "examinations", "objection_notes", "visit_signatures", "reviews"):
        op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
    op.execute("DROP TRIGGER reviews_never_emptied ON reviews")
    op.execute("DROP FUNCTION refuse_all_but_voiding")
    op.execute("DROP TRIGGER journal_is_chained ON journal")
    op.execute("DROP FUNCTION chain_entry")
    op.execute("DROP FUNCTION text_of_entry")
    op.drop_index("one_line_a_number", table_name="journal")
    for column in ("number", "previous", "hash"):
        op.drop_column("journal", column)
    for table in ("sealed_heads", "journal_seals", "journal_chains"):
        op.drop_table(table)
