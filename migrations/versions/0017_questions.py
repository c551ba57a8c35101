"""Questions about open tasks, and what a person has seen of them.

Follows: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()
APPEND_ONLY = ("questions", "question_ends")
ACTS = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Create the tables, and the index by which earlier decisions on the same step are found."""
    _create_questions()
    op.create_table(
        "question_ends",
        sa.Column("question_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.String(10_000), nullable=False),
        sa.CheckConstraint("kind IN ('ANSWERED', 'TAKEN_BACK')", name=op.f("ck_question_ends_kind")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_question_ends_question_id")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_ends")),
    )
    op.create_table(
        "seen_cards",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("line", sa.String(120), nullable=False),
        sa.Column("card", JSON, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("before_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_seen_cards_case_id")),
        sa.PrimaryKeyConstraint("case_id", "person", "element", "line", name=op.f("pk_seen_cards")),
    )
    op.create_index("ix_decisions_element_area_decided_at", "decisions", ["element", "area", "decided_at"])
    for table in APPEND_ONLY:
        _protect(table)


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_decisions_element_area_decided_at", table_name="decisions")
    op.drop_table("seen_cards")
    for table in reversed(APPEND_ONLY):
        if op.get_bind().dialect.name != "sqlite":
            op.execute(f"DROP FUNCTION {table}_append_only() CASCADE")
        op.drop_table(table)


def _create_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("task_id", sa.String(36), nullable=False),
        sa.Column("area", sa.String(64), nullable=True),
        sa.Column("line", sa.String(120), nullable=True),
        sa.Column("audience", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_role", sa.String(64), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("text", sa.String(10_000), nullable=False),
        sa.Column("held_from", MOMENT, nullable=False),
        sa.Column("held_until", MOMENT, nullable=False),
        sa.Column("due_before", MOMENT, nullable=True),
        sa.CheckConstraint("audience IN ('DECIDERS', 'CASE')", name=op.f("ck_questions_audience")),
        sa.CheckConstraint("held_until >= held_from", name=op.f("ck_questions_held")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_questions_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_questions_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_case_id", "questions", ["case_id"])
    op.create_index("ix_questions_task_id", "questions", ["task_id"])
    op.create_index("ix_questions_asked_by", "questions", ["asked_by"])


def _protect(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ACTS:
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
