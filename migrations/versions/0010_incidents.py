"""What failed and how it is repaired; moving running cases to another version.

Follows: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()
STATES = "state IN ('FAILED', 'RETRYING', 'STOPPED', 'CLOSED')"
NOT_CLOSED = sa.text("closed_at IS NULL")
UNFINISHED = sa.text("finished_at IS NULL")
WAITING = sa.text("state = 'WAITING'")


def upgrade() -> None:
    """Create the tables and columns; incidents that are open stay open."""
    op.add_column("cases", sa.Column("retry_at", MOMENT))
    op.add_column("cases", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("former_ids", JSON))
    op.execute("CREATE TABLE kept_incidents AS SELECT * FROM case_incidents")
    op.drop_table("case_incidents")
    _create_case_incidents()
    op.execute(
        "INSERT INTO case_incidents (id, case_id, process_key, version_id, state, act, actor, element, cause, detail, attempts, "
        "opened_at, failed_at, closed_at) "
        "SELECT k.id, k.case_id, c.process_key, c.version_id, CASE WHEN k.closed_at IS NULL THEN 'STOPPED' ELSE 'CLOSED' END, "
        "'timer', 'system', k.element, k.cause, k.detail, 1, k.opened_at, k.opened_at, k.closed_at "
        "FROM kept_incidents k JOIN cases c ON c.id = k.case_id"
    )
    op.execute(
        "UPDATE cases SET failures = (SELECT COUNT(*) FROM kept_incidents k WHERE k.case_id = cases.id AND k.closed_at IS NULL) "
        "WHERE state = 'INCIDENT'"
    )
    op.drop_table("kept_incidents")
    _create_migrations()


def downgrade() -> None:
    """Take them back; what failed without a case is lost."""
    op.drop_table("migrated_cases")
    op.drop_table("migrations")
    op.execute("CREATE TABLE kept_incidents AS SELECT * FROM case_incidents")
    op.drop_table("case_incidents")
    _create_former_incidents()
    op.execute(
        "INSERT INTO case_incidents (id, case_id, element, cause, detail, opened_at, closed_at) "
        "SELECT id, case_id, element, cause, detail, opened_at, closed_at FROM kept_incidents WHERE case_id IS NOT NULL"
    )
    op.drop_table("kept_incidents")
    for name in ("former_ids", "failures", "retry_at"):
        op.drop_column("cases", name)


def _create_case_incidents() -> None:
    op.create_table(
        "case_incidents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("process_key", sa.String(64), nullable=False),
        sa.Column("version_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("task_id", sa.String(36)),
        sa.Column("about", sa.String(120)),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("element", sa.String(120)),
        sa.Column("place", sa.String(500)),
        sa.Column("operation", sa.String(120)),
        sa.Column("cause", sa.String(500), nullable=False),
        sa.Column("detail", sa.String(10000), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("failed_at", MOMENT, nullable=False),
        sa.Column("retry_at", MOMENT),
        sa.Column("orders", JSON),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.String(64)),
        sa.Column("closed_how", sa.String(64)),
        sa.CheckConstraint(STATES, name=op.f("ck_case_incidents_state")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_incidents_case_id")),
        sa.ForeignKeyConstraint(["version_id"], ["process_versions.id"], name=op.f("fk_case_incidents_version_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_case_incidents_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_incidents")),
    )
    op.create_index(op.f("ix_case_incidents_case_id"), "case_incidents", ["case_id"])
    op.create_index(
        op.f("ix_case_incidents_process_key_open"),
        "case_incidents",
        ["process_key"],
        sqlite_where=NOT_CLOSED,
        postgresql_where=NOT_CLOSED,
    )


def _create_migrations() -> None:
    op.create_table(
        "migrations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("process_key", sa.String(64), nullable=False),
        sa.Column("from_version_id", sa.String(36), nullable=False),
        sa.Column("to_version_id", sa.String(36), nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("renew_due", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.ForeignKeyConstraint(["from_version_id"], ["process_versions.id"], name=op.f("fk_migrations_from_version_id")),
        sa.ForeignKeyConstraint(["to_version_id"], ["process_versions.id"], name=op.f("fk_migrations_to_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migrations")),
    )
    op.create_index(
        op.f("ix_migrations_unfinished"), "migrations", ["asked_at"], sqlite_where=UNFINISHED, postgresql_where=UNFINISHED
    )
    op.create_index(op.f("ix_migrations_process_key"), "migrations", ["process_key", "asked_at"])
    op.create_table(
        "migrated_cases",
        sa.Column("migration_id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("said", JSON),
        sa.Column("at", MOMENT),
        sa.CheckConstraint("state IN ('WAITING', 'MOVED', 'REFUSED', 'GONE')", name=op.f("ck_migrated_cases_state")),
        sa.ForeignKeyConstraint(["migration_id"], ["migrations.id"], name=op.f("fk_migrated_cases_migration_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_migrated_cases_case_id")),
        sa.PrimaryKeyConstraint("migration_id", "case_id", name=op.f("pk_migrated_cases")),
    )
    op.create_index(
        op.f("ix_migrated_cases_waiting"), "migrated_cases", ["migration_id"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def _create_former_incidents() -> None:
    op.create_table(
        "case_incidents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("element", sa.String(120)),
        sa.Column("token", sa.String(36)),
        sa.Column("cause", sa.String(500), nullable=False),
        sa.Column("detail", sa.String(10000), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_incidents_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_incidents")),
    )
    op.create_index(op.f("ix_case_incidents_case_id"), "case_incidents", ["case_id"])
