"""How cases react to each other: what they wait for, messages and daily rounds on the bus, one open case per key.

The tables of the bus are made anew, because SQLite cannot change the columns of a table that another one points to.

Follows: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()
PENDING = sa.text("handled_at IS NULL AND buffered_at IS NULL")
BUFFERED = sa.text("handled_at IS NULL AND buffered_at IS NOT NULL")
OWED = sa.text("settled_at IS NULL")
NOT_OVER = sa.text("state IN ('OPEN', 'INCIDENT')")
WAITS_UNKNOWN = sa.text("state IN ('OPEN', 'INCIDENT') AND waits IS NULL")


def upgrade() -> None:
    """Create the tables and columns; what is on the bus stays there."""
    _set_aside()
    _create_event_bus()
    _create_event_receipts()
    op.execute(
        "INSERT INTO event_bus (id, channel, kind, area, payload, created_by, created_by_case, at, effective_at, handled_at) "
        "SELECT id, 'event', kind, area, payload, created_by, created_by_case, at, effective_at, handled_at FROM kept_bus"
    )
    op.execute(
        "INSERT INTO event_receipts (event_id, receiver, case_id, action, at, settled_at, attempts) "
        "SELECT event_id, case_id, case_id, 'TOLD', MIN(at), MIN(at), 0 FROM kept_receipts GROUP BY event_id, case_id"
    )
    _drop_kept()
    _create_case_waits()
    _create_daily_rounds()
    op.add_column("cases", sa.Column("once_key", sa.String(120)))
    op.add_column("cases", sa.Column("waits", sa.String(64)))
    for name, columns, unique, where in (
        ("uq_cases_process_key_once_key_open", ["process_key", "once_key"], True, NOT_OVER),
        ("ix_cases_version_id_area_open", ["version_id", "area"], False, NOT_OVER),
        ("ix_cases_waits_unknown", ["id"], False, WAITS_UNKNOWN),
    ):
        op.create_index(op.f(name), "cases", columns, unique=unique, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take them back; events without a known area are lost with the columns that made them possible."""
    for name in ("ix_cases_waits_unknown", "ix_cases_version_id_area_open", "uq_cases_process_key_once_key_open"):
        op.drop_index(op.f(name), "cases")
    op.drop_column("cases", "waits")
    op.drop_column("cases", "once_key")
    op.drop_table("daily_rounds")
    op.drop_table("case_waits")
    _set_aside()
    _create_former_bus()
    op.execute(
        "INSERT INTO event_bus (id, kind, area, payload, created_by, created_by_case, at, effective_at, handled_at) "
        "SELECT id, SUBSTR(kind, 1, 32), area, payload, created_by, created_by_case, at, effective_at, handled_at FROM kept_bus "
        "WHERE channel = 'event' AND area IN (SELECT code FROM areas)"
    )
    op.execute(
        "INSERT INTO event_receipts (event_id, unit_key, case_id, action, at) "
        "SELECT event_id, case_id, case_id, action, at FROM kept_receipts "
        "WHERE receiver = case_id AND settled_at IS NOT NULL AND event_id IN (SELECT id FROM event_bus)"
    )
    _drop_kept()


def _set_aside() -> None:
    op.execute("CREATE TABLE kept_bus AS SELECT * FROM event_bus")
    op.execute("CREATE TABLE kept_receipts AS SELECT * FROM event_receipts")
    op.drop_table("event_receipts")
    op.drop_table("event_bus")


def _drop_kept() -> None:
    op.drop_table("kept_receipts")
    op.drop_table("kept_bus")


def _create_event_bus() -> None:
    op.create_table(
        "event_bus",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120)),
        sa.Column("area", sa.String(64)),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_by_case", sa.String(36)),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("effective_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("buffered_at", MOMENT),
        sa.Column("handled_at", MOMENT),
        sa.CheckConstraint("channel IN ('event', 'message', 'due')", name=op.f("ck_event_bus_channel")),
        sa.ForeignKeyConstraint(["created_by_case"], ["cases.id"], name=op.f("fk_event_bus_created_by_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_bus")),
    )
    op.create_index(
        op.f("ix_event_bus_effective_at_pending"),
        "event_bus",
        ["effective_at", "id"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    op.create_index(
        op.f("ix_event_bus_kind_key_buffered"), "event_bus", ["kind", "key"], sqlite_where=BUFFERED, postgresql_where=BUFFERED
    )


def _create_event_receipts() -> None:
    op.create_table(
        "event_receipts",
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("receiver", sa.String(120), nullable=False),
        sa.Column("case_id", sa.String(36)),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", MOMENT),
        sa.Column("error", sa.String(500)),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_event_receipts_case_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event_bus.id"], name=op.f("fk_event_receipts_event_id")),
        sa.PrimaryKeyConstraint("event_id", "receiver", name=op.f("pk_event_receipts")),
    )
    op.create_index(op.f("ix_event_receipts_case_id"), "event_receipts", ["case_id"])
    op.create_index(
        op.f("ix_event_receipts_retry_at_owed"), "event_receipts", ["retry_at"], sqlite_where=OWED, postgresql_where=OWED
    )


def _create_case_waits() -> None:
    op.create_table(
        "case_waits",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.CheckConstraint("kind IN ('message', 'signal')", name=op.f("ck_case_waits_kind")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_waits_case_id")),
        sa.PrimaryKeyConstraint("case_id", "kind", "name", "key", name=op.f("pk_case_waits")),
    )
    op.create_index(op.f("ix_case_waits_name_key"), "case_waits", ["name", "key"])


def _create_daily_rounds() -> None:
    op.create_table(
        "daily_rounds",
        sa.Column("operation", sa.String(120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("operation", "day", name=op.f("pk_daily_rounds")),
    )


def _create_former_bus() -> None:
    op.create_table(
        "event_bus",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_by_case", sa.String(32)),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("effective_at", MOMENT, nullable=False),
        sa.Column("handled_at", MOMENT),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_event_bus_area")),
        sa.ForeignKeyConstraint(["created_by_case"], ["cases.id"], name=op.f("fk_event_bus_created_by_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_bus")),
    )
    op.create_index(op.f("ix_event_bus_pending"), "event_bus", ["handled_at", "effective_at"])
    op.create_table(
        "event_receipts",
        sa.Column("event_id", sa.String(32), nullable=False),
        sa.Column("unit_key", sa.String(48), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_event_receipts_case_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event_bus.id"], name=op.f("fk_event_receipts_event_id")),
        sa.PrimaryKeyConstraint("event_id", "unit_key", name=op.f("pk_event_receipts")),
    )
