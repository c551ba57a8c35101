"""Surveys of premises and access breaches name their cases, and what is to be put right is kept.

Follows: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CASES = ("premises", "premises_surveys", "access_breaches")
_PEOPLE = {"premises_surveys": ("confirmed_by",), "access_breaches": ("reported_by", "reviewed_by")}
_BREACH = {
    "place": sa.String(200),
    "who": sa.String(16),
    "how": sa.String(16),
    "findings": sa.String(2000),
    "reviewed_at": _MOMENT,
}


def upgrade() -> None:
    """Add the columns and the table; what is there comes from no case."""
    for table in _CASES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("case_id", sa.String(36)))
            batch.create_foreign_key(op.f(f"fk_{table}_case_id"), "cases", ["case_id"], ["id"])
            for column in _PEOPLE.get(table, ()):
                batch.add_column(sa.Column(column, sa.String(64)))
                batch.create_foreign_key(op.f(f"fk_{table}_{column}"), "people", [column], ["code"])
            for column, kind in _BREACH.items() if table == "access_breaches" else ():
                batch.add_column(sa.Column(column, kind))
            if table == "premises_surveys":
                batch.add_column(sa.Column("score_pct", sa.Float))
                batch.create_check_constraint(
                    op.f("ck_premises_surveys_score_pct"), "score_pct IS NULL OR (score_pct >= 0 AND score_pct <= 100)"
                )
        op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"])
    _create_actions()


def _create_actions() -> None:
    op.create_table(
        "premises_actions",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("premises", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("breach", sa.String(32)),
        sa.Column("finding", sa.String(2000), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("owner_role", sa.String(16), nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("evidence", sa.String(4000)),
        sa.Column("done_at", _MOMENT),
        sa.Column("done_by", sa.String(64)),
        sa.Column("closed_at", _MOMENT),
        sa.Column("closed_by", sa.String(64)),
        sa.Column("reasons", sa.String(2000)),
        sa.CheckConstraint("priority IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')", name=op.f("ck_premises_actions_priority")),
        sa.CheckConstraint("status IN ('OPEN', 'DONE', 'VERIFIED', 'ACCEPTED')", name=op.f("ck_premises_actions_status")),
        sa.CheckConstraint(
            "(status IN ('VERIFIED', 'ACCEPTED')) = (closed_at IS NOT NULL)", name=op.f("ck_premises_actions_closed")
        ),
        sa.ForeignKeyConstraint(["premises"], ["premises.code"], name=op.f("fk_premises_actions_premises")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_premises_actions_case_id")),
        sa.ForeignKeyConstraint(["breach"], ["access_breaches.number"], name=op.f("fk_premises_actions_breach")),
        sa.ForeignKeyConstraint(["done_by"], ["people.code"], name=op.f("fk_premises_actions_done_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.code"], name=op.f("fk_premises_actions_closed_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_premises_actions")),
    )
    for column in ("premises", "case_id", "breach"):
        op.create_index(op.f(f"ix_premises_actions_{column}"), "premises_actions", [column])
    op.create_index("ix_premises_actions_due_at", "premises_actions", ["status", "due_at"])


def downgrade() -> None:
    """Take them back."""
    op.drop_table("premises_actions")
    for table in _CASES:
        op.drop_index(op.f(f"ix_{table}_case_id"), table_name=table)
        with op.batch_alter_table(table) as batch:
            if table == "premises_surveys":
                batch.drop_constraint(op.f("ck_premises_surveys_score_pct"), type_="check")
                batch.drop_column("score_pct")
            for column in _BREACH if table == "access_breaches" else ():
                batch.drop_column(column)
            for column in (*_PEOPLE.get(table, ()), "case_id"):
                batch.drop_constraint(op.f(f"fk_{table}_{column}"), type_="foreignkey")
                batch.drop_column(column)
