"""The first tables: clearances and all that belongs to cases of the domain.

Follows: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    _create_certificates()
    _create_event_bus()
    _create_kpi_events()
    _create_breaches()
    _create_clearances()
    _create_event_receipts()
    _create_movements()
    _create_waivers()


def downgrade() -> None:
    """Drop everything again."""
    for table in (
        "waivers",
        "movements",
        "event_receipts",
        "clearances",
        "breaches",
        "kpi_events",
        "event_bus",
        "certificates",
    ):
        op.drop_table(table)


def _create_certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("void_at", MOMENT),
        sa.Column("void_reason", sa.String(32)),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("stops", JSON, nullable=False),
        sa.Column("check_code", sa.String(32), nullable=False),
        sa.CheckConstraint("status IN ('VALID', 'SUSPENDED', 'VOID')", name=op.f("ck_certificates_status")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_certificates_case_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificates")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_certificates_case_id_version")),
        sa.UniqueConstraint("check_code", name=op.f("uq_certificates_check_code")),
    )
    op.create_index(op.f("ix_certificates_case_id"), "certificates", ["case_id"])


def _create_event_bus() -> None:
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


def _create_kpi_events() -> None:
    op.create_table(
        "kpi_events",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(48), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("area", sa.String(32)),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_kpi_events_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_events")),
    )
    op.create_index(op.f("ix_kpi_events_case_id"), "kpi_events", ["case_id"])
    op.create_index(op.f("ix_kpi_events_name_at"), "kpi_events", ["name", "at"])


def _create_breaches() -> None:
    op.create_table(
        "breaches",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("stop_key", sa.String(40), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("reviewed_at", MOMENT),
        sa.Column("findings", sa.String(2000)),
        sa.Column("measure", sa.String(2000)),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_breaches_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_breaches_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_breaches_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaches")),
        sa.UniqueConstraint("stop_key", "person", name=op.f("uq_breaches_stop_key_person")),
    )
    op.create_index(op.f("ix_breaches_case_id"), "breaches", ["case_id"])


def _create_clearances() -> None:
    op.create_table(
        "clearances",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("stop_key", sa.String(40), nullable=False),
        sa.Column("unit_key", sa.String(48), nullable=False),
        sa.Column("stop_no", sa.Integer(), nullable=False),
        sa.Column("extends", sa.String(40)),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("place", sa.String(80)),
        sa.Column("arrive_at", MOMENT, nullable=False),
        sa.Column("depart_at", MOMENT, nullable=False),
        sa.Column("travel_kind", sa.String(16), nullable=False),
        sa.Column("stop_type", sa.String(16), nullable=False),
        sa.Column("operator", sa.String(80)),
        sa.Column("flight_number", sa.String(16)),
        sa.Column("requirement", sa.String(16)),
        sa.Column("mode", sa.String(8)),
        sa.Column("tier", sa.Integer()),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("reconsidered", sa.Boolean(), nullable=False),
        sa.Column("conflict", sa.String(16)),
        sa.Column("conditions", JSON, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("decision_id", sa.String(32)),
        sa.Column("valid_from", MOMENT),
        sa.Column("valid_to", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("depart_at > arrive_at", name=op.f("ck_clearances_stay")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_clearances_validity")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_clearances_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_clearances_case_id")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_clearances_organisation")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_clearances_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearances")),
        sa.UniqueConstraint("stop_key", "person", name=op.f("uq_clearances_stop_key_person")),
    )
    op.create_index(op.f("ix_clearances_area_arrive_at"), "clearances", ["area", "arrive_at"])
    op.create_index(op.f("ix_clearances_case_id"), "clearances", ["case_id"])
    op.create_index(op.f("ix_clearances_flight"), "clearances", ["operator", "flight_number", "arrive_at"])
    op.create_index(op.f("ix_clearances_person_arrive_at"), "clearances", ["person", "arrive_at"])
    op.create_index(op.f("ix_clearances_unit_key"), "clearances", ["unit_key"])


def _create_event_receipts() -> None:
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


def _create_movements() -> None:
    op.create_table(
        "movements",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("stop_key", sa.String(40)),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("place", sa.String(120)),
        sa.Column("safe", sa.String(16)),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_movements_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_movements_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_movements_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movements")),
    )
    op.create_index(op.f("ix_movements_area_at"), "movements", ["area", "at"])
    op.create_index(op.f("ix_movements_case_id"), "movements", ["case_id"])
    op.create_index(op.f("ix_movements_person_at"), "movements", ["person", "at"])


def _create_waivers() -> None:
    op.create_table(
        "waivers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("stop_key", sa.String(48), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("area", sa.String(32)),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("mitigation", sa.String(2000)),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decision_id", sa.String(32)),
        sa.Column("valid_to", sa.Date()),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_waivers_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_waivers_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_waivers_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waivers")),
        sa.UniqueConstraint("case_id", "person", "code", "stop_key", name=op.f("uq_waivers_case_id_person_code_stop_key")),
    )
    op.create_index(op.f("ix_waivers_case_id"), "waivers", ["case_id"])
