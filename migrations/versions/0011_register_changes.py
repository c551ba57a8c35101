"""Changes and exports of registers, and what lists of registers are sorted and filtered by.

Follows: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()
TABLE = "register_changes"
ACTS = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Create the table, and let the database itself refuse to change or remove its rows."""
    op.create_table(
        TABLE,
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("register", sa.String(64), nullable=False),
        sa.Column("entry", sa.String(120)),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(10000), nullable=False),
        sa.Column("before", JSON),
        sa.Column("after", JSON, nullable=False),
        sa.CheckConstraint("act IN ('ADDED', 'CHANGED', 'EXPORTED')", name=op.f("ck_register_changes_act")),
        sa.CheckConstraint("(act = 'EXPORTED') = (entry IS NULL)", name=op.f("ck_register_changes_entry")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_register_changes")),
    )
    op.create_index(op.f("ix_register_changes_register_entry"), TABLE, ["register", "entry", "number"])
    op.create_index(op.f("ix_register_changes_at"), TABLE, ["at"])
    _protect()


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {TABLE}_append_only() CASCADE")
    op.drop_table(TABLE)


def _protect() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ACTS:
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{TABLE} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_append_only()"
    )
