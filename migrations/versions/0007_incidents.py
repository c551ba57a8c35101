"""The tables of incidents, crises, risk avoidance and security plans.

Follows: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    _create_incidents()
    _create_affected_persons()
    _create_crises()
    _create_risk_avoidances()
    _create_security_plans()


def downgrade() -> None:
    """Drop them again."""
    for table in ("security_plans", "risk_avoidances", "crises", "affected_persons", "incidents"):
        op.drop_table(table)


def _create_incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("place", sa.String(120)),
        sa.Column("what", sa.String(2000), nullable=False),
        sa.Column("reported_kind", sa.String(24), nullable=False),
        sa.Column("category", sa.String(24)),
        sa.Column("severity", sa.String(16)),
        sa.Column("un_related", sa.Boolean()),
        sa.Column("duplicate_of", sa.String(32)),
        sa.Column("account", sa.String(10000)),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("reported_by", sa.String(64), nullable=False),
        sa.Column("confidant", sa.String(64)),
        sa.Column("triaged_at", MOMENT),
        sa.Column("recorded_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.CheckConstraint(
            "severity IS NULL OR severity IN ('MINOR', 'MODERATE', 'MAJOR', 'CRITICAL')",
            name=op.f("ck_incidents_severity"),
        ),
        sa.CheckConstraint(
            "status IN ('REPORTED', 'TRIAGED', 'RECORDED', 'CLOSED', 'DUPLICATE', 'NOT_SECURITY', 'FALSE_ALARM', 'SUPERSEDED')",
            name=op.f("ck_incidents_status"),
        ),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_incidents_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incidents_case_id")),
        sa.ForeignKeyConstraint(["confidant"], ["people.code"], name=op.f("fk_incidents_confidant")),
        sa.ForeignKeyConstraint(["reported_by"], ["people.code"], name=op.f("fk_incidents_reported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("number", "version", name=op.f("uq_incidents_number_version")),
    )
    op.create_index(op.f("ix_incidents_area_happened_at"), "incidents", ["area", "happened_at"])
    op.create_index(op.f("ix_incidents_case_id"), "incidents", ["case_id"])


def _create_affected_persons() -> None:
    op.create_table(
        "affected_persons",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("incident_id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64)),
        sa.Column("name", sa.String(120)),
        sa.Column("effect", sa.String(16), nullable=False),
        sa.Column("support_offered_at", MOMENT),
        sa.CheckConstraint(
            "person IS NOT NULL OR name IS NOT NULL",
            name=op.f("ck_affected_persons_named"),
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_affected_persons_incident_id")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_affected_persons_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affected_persons")),
    )
    op.create_index(op.f("ix_affected_persons_incident_id"), "affected_persons", ["incident_id"])
    op.create_index(op.f("ix_affected_persons_person"), "affected_persons", ["person"])


def _create_crises() -> None:
    op.create_table(
        "crises",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("incident", sa.String(32)),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("activated_at", MOMENT),
        sa.Column("activated_by", sa.String(64)),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("ratified_at", MOMENT),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.String(64)),
        sa.CheckConstraint(
            "activated_at IS NULL OR activated_at >= reported_at",
            name=op.f("ck_crises_activation"),
        ),
        sa.CheckConstraint(
            "status IN ('REPORTED', 'NOT_CONFIRMED', 'ACTIVE', 'CLOSED')",
            name=op.f("ck_crises_status"),
        ),
        sa.ForeignKeyConstraint(["activated_by"], ["people.code"], name=op.f("fk_crises_activated_by")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_crises_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_crises_case_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.code"], name=op.f("fk_crises_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crises")),
        sa.UniqueConstraint("number", name=op.f("uq_crises_number")),
    )
    op.create_index(op.f("ix_crises_area_status"), "crises", ["area", "status"])
    op.create_index(op.f("ix_crises_case_id"), "crises", ["case_id"])


def _create_risk_avoidances() -> None:
    op.create_table(
        "risk_avoidances",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("measure", sa.String(16), nullable=False),
        sa.Column("groups", JSON, nullable=False),
        sa.Column("essential", JSON, nullable=False),
        sa.Column("destination", sa.String(32)),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided_as", sa.String(16)),
        sa.Column("alone_because", sa.String(24)),
        sa.Column("begins_at", MOMENT),
        sa.Column("reviewed_at", MOMENT),
        sa.Column("returned_at", MOMENT),
        sa.CheckConstraint(
            "measure IN ('ALTERNATE', 'RELOCATION', 'EVACUATION')",
            name=op.f("ck_risk_avoidances_measure"),
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'REFUSED', 'IN_FORCE', 'RETURNED')",
            name=op.f("ck_risk_avoidances_status"),
        ),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_risk_avoidances_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_risk_avoidances_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.code"], name=op.f("fk_risk_avoidances_decided_by")),
        sa.ForeignKeyConstraint(["destination"], ["areas.code"], name=op.f("fk_risk_avoidances_destination")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_avoidances")),
        sa.UniqueConstraint("number", name=op.f("uq_risk_avoidances_number")),
    )
    op.create_index(op.f("ix_risk_avoidances_area_status"), "risk_avoidances", ["area", "status"])
    op.create_index(op.f("ix_risk_avoidances_case_id"), "risk_avoidances", ["case_id"])


def _create_security_plans() -> None:
    op.create_table(
        "security_plans",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("editorial", sa.Boolean(), nullable=False),
        sa.Column("sections", JSON, nullable=False),
        sa.Column("signed_by", sa.String(64)),
        sa.Column("signed_at", MOMENT),
        sa.Column("endorsed_by", sa.String(64)),
        sa.Column("endorsed_at", MOMENT),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_security_plans_period"),
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'APPROVED', 'ENDORSED', 'STALE', 'SUPERSEDED', 'REFUSED', 'WITHDRAWN')",
            name=op.f("ck_security_plans_status"),
        ),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_security_plans_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_security_plans_case_id")),
        sa.ForeignKeyConstraint(["endorsed_by"], ["people.code"], name=op.f("fk_security_plans_endorsed_by")),
        sa.ForeignKeyConstraint(["signed_by"], ["people.code"], name=op.f("fk_security_plans_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_plans")),
        sa.UniqueConstraint("area", "version", name=op.f("uq_security_plans_area_version")),
        sa.UniqueConstraint("number", name=op.f("uq_security_plans_number")),
    )
    op.create_index(op.f("ix_security_plans_case_id"), "security_plans", ["case_id"])
