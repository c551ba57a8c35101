"""Head counts: who is counted, and every answer that came.

Follows: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CODE = sa.String(64)
APPEND_ONLY = "headcount_answers"
ACTS = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Create the tables, and keep answers from being changed."""
    _create_headcounts()
    _create_persons()
    _create_answers()
    _protect()


def downgrade() -> None:
    """Take them back."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {APPEND_ONLY}_append_only() CASCADE")
    for table in (APPEND_ONLY, "headcount_persons", "headcounts"):
        op.drop_table(table)


def _create_headcounts() -> None:
    op.create_table(
        "headcounts",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("number", CODE, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("reason", sa.String(10_000), nullable=False),
        sa.Column("exercise", sa.Boolean(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("outcome", CODE, nullable=True),
        sa.Column("signed_by", CODE, nullable=True),
        sa.Column("sign_reason", sa.String(10_000), nullable=True),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('ALL_ACCOUNTED', 'SIGNED_OFF', 'EXERCISE')", name=op.f("ck_headcounts_outcome")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name=op.f("ck_headcounts_end")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_headcounts_case_id")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_headcounts_area")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_headcounts")),
        sa.UniqueConstraint("number", name=op.f("uq_headcounts_number")),
    )
    op.create_index("ix_headcounts_area_started_at", "headcounts", ["area", "started_at"])


def _create_persons() -> None:
    op.create_table(
        "headcount_persons",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("person", CODE, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("because", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("help", CODE, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", CODE, nullable=True),
        sa.Column("source", CODE, nullable=True),
        sa.Column("place", sa.String(120), nullable=True),
        sa.Column("words", sa.String(500), nullable=True),
        sa.CheckConstraint(
            "state IN ('WAITING', 'SAFE', 'NEED_HELP', 'UNREACHED', 'OUT_OF_AREA', 'WRONG_RECORD')",
            name=op.f("ck_headcount_persons_state"),
        ),
        sa.CheckConstraint(
            "because IN ('TRAVELLER', 'EXPECTED', 'RESIDENT', 'DEPENDANT', 'NAMED')", name=op.f("ck_headcount_persons_because")
        ),
        sa.CheckConstraint("help IS NULL OR help IN ('CALLED', 'TAKEN')", name=op.f("ck_headcount_persons_help")),
        sa.ForeignKeyConstraint(["case_id"], ["headcounts.case_id"], name=op.f("fk_headcount_persons_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_headcount_persons_person")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_headcount_persons_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcount_persons")),
        sa.UniqueConstraint("case_id", "person", name=op.f("uq_headcount_persons_case_id_person")),
        sa.UniqueConstraint("case_id", "no", name=op.f("uq_headcount_persons_case_id_no")),
    )
    op.create_index("ix_headcount_persons_person", "headcount_persons", ["person"])


def _create_answers() -> None:
    op.create_table(
        "headcount_answers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("listed", sa.String(36), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("source", CODE, nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("by", CODE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("place", sa.String(120), nullable=True),
        sa.Column("words", sa.String(500), nullable=True),
        sa.CheckConstraint(
            "state IN ('SAFE', 'NEED_HELP', 'UNREACHED', 'OUT_OF_AREA', 'WRONG_RECORD')",
            name=op.f("ck_headcount_answers_state"),
        ),
        sa.CheckConstraint("source IN ('PERSON', 'SPONSOR', 'CHECK_IN', 'WDN', 'CSA')", name=op.f("ck_headcount_answers_source")),
        sa.ForeignKeyConstraint(["listed"], ["headcount_persons.id"], name=op.f("fk_headcount_answers_listed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcount_answers")),
    )
    op.create_index("ix_headcount_answers_listed", "headcount_answers", ["listed", "at"])


def _protect() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ACTS:
            op.execute(
                f"CREATE TRIGGER {APPEND_ONLY}_no_{act.lower()} BEFORE {act} ON {APPEND_ONLY} "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {APPEND_ONLY}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {APPEND_ONLY}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {APPEND_ONLY} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {APPEND_ONLY}_append_only()"
    )
