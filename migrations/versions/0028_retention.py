"""Cases are emptied and removed when their time is over, unless they are held.

Follows: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CODE = sa.String(64)
PROSE = sa.String(10_000)
NOT_EMPTIED = sa.text("ended_at IS NOT NULL AND emptied_at IS NULL")
EMPTIED = sa.text("emptied_at IS NOT NULL")
_LISTED = "(SELECT case_id FROM headcount_persons WHERE id = OLD.listed)"
_ASKED = "(SELECT case_id FROM questions WHERE id = OLD.question_id)"
_HELD = "(SELECT case_id FROM case_holds WHERE id = OLD.hold_id)"
#: How the case of a row is found, of tables whose rows are only ever added; and whether they go with the record alone.
PROTECTED = {
    "decisions": ("OLD.case_id", True),
    "audit": ("OLD.case_id", True),
    "case_holds": ("OLD.case_id", True),
    "case_hold_ends": (_HELD, True),
    "questions": ("OLD.case_id", False),
    "question_ends": (_ASKED, False),
    "headcount_answers": (_LISTED, False),
}
NEW = ("case_holds", "case_hold_ends")


def upgrade() -> None:
    """Add the tables, and let the history of a case go when the case is being forgotten, and only then."""
    op.add_column("cases", sa.Column("emptied_at", MOMENT))
    op.create_index("ix_cases_ended_at_kept", "cases", ["ended_at"], sqlite_where=NOT_EMPTIED, postgresql_where=NOT_EMPTIED)
    op.create_index("ix_cases_ended_at_emptied", "cases", ["ended_at"], sqlite_where=EMPTIED, postgresql_where=EMPTIED)
    _create_holds()
    op.create_table(
        "forgettings",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_forgettings")),
    )
    op.create_table(
        "forgotten_totals",
        sa.Column("process_key", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.CheckConstraint("cases > 0", name=op.f("ck_forgotten_totals_cases")),
        sa.PrimaryKeyConstraint("process_key", "day", name=op.f("pk_forgotten_totals")),
    )
    for table, (case, whole) in PROTECTED.items():
        if table not in NEW:
            _drop(table)
        _protect(table, case, whole=whole)


def downgrade() -> None:
    """Take them back; what was emptied or removed stays so."""
    for table in PROTECTED:
        _drop(table)
        if op.get_bind().dialect.name != "sqlite":
            op.execute(f"DROP FUNCTION {table}_goes_with_case()")
        if table not in NEW:
            _protect_for_good(table)
        elif op.get_bind().dialect.name != "sqlite":
            op.execute(f"DROP FUNCTION {table}_append_only()")
    for table in ("forgotten_totals", "forgettings", "case_hold_ends", "case_holds"):
        op.drop_table(table)
    op.drop_index("ix_cases_ended_at_emptied", table_name="cases")
    op.drop_index("ix_cases_ended_at_kept", table_name="cases")
    op.drop_column("cases", "emptied_at")


def _create_holds() -> None:
    op.create_table(
        "case_holds",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("by", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", PROSE, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_holds_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_holds")),
    )
    op.create_index("ix_case_holds_case_id", "case_holds", ["case_id"])
    op.create_table(
        "case_hold_ends",
        sa.Column("hold_id", sa.String(36), nullable=False),
        sa.Column("by", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", PROSE, nullable=False),
        sa.ForeignKeyConstraint(["hold_id"], ["case_holds.id"], name=op.f("fk_case_hold_ends_hold_id")),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_case_hold_ends")),
    )


def _drop(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
        return
    op.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
    op.execute(f"DROP TRIGGER IF EXISTS {table}_goes_with_case ON {table}")


def _protect(table: str, case: str, *, whole: bool) -> None:
    """Refuse every change, and every removal but that with a case that is being forgotten."""
    of_case = f"SELECT 1 FROM forgettings WHERE case_id = {case}{' AND whole' if whole else ''}"  # noqa: S608  names of ours
    if op.get_bind().dialect.name == "sqlite":
        refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refusal}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT EXISTS ({of_case}) {refusal}")
        return
    refusal = f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'"
    op.execute(f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal}; END $$")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
    op.execute(
        f"CREATE FUNCTION {table}_goes_with_case() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT EXISTS ({of_case}) THEN {refusal}; END IF; RETURN OLD; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_goes_with_case BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_goes_with_case()"
    )


def _protect_for_good(table: str) -> None:
    """Refuse every change and every removal, as before."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
