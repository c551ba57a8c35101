"""The residence tables: schedules of measures, homes and who lives in them, surveys, bills, claims and payments.

Follows: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    _create_residences()
    _create_rsm_schedules()
    _create_residence_addresses()
    _create_residence_occupants()
    _create_residence_surveys()
    _create_rsm_claims()
    _create_rsm_invoices()
    _create_rsm_lines()
    _create_rsm_payments()


def downgrade() -> None:
    """Drop them again."""
    for table in (
        "rsm_payments",
        "rsm_lines",
        "rsm_invoices",
        "rsm_claims",
        "residence_surveys",
        "residence_occupants",
        "residence_addresses",
        "rsm_schedules",
        "residences",
    ):
        op.drop_table(table)


def _create_residences() -> None:
    op.create_table(
        "residences",
        sa.Column("code", sa.String(48), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("town", sa.String(80), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_to", sa.Date()),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_residences_area")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_residences")),
    )
    op.create_index(op.f("ix_residences_area"), "residences", ["area"])


def _create_rsm_schedules() -> None:
    op.create_table(
        "rsm_schedules",
        sa.Column("number", sa.String(48), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("authority", sa.String(12)),
        sa.Column("residual_residential", sa.String(16), nullable=False),
        sa.Column("residence_count", sa.Integer(), nullable=False),
        sa.Column("yearly_total_cents", sa.BigInteger(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("superseded_by", sa.String(48)),
        sa.CheckConstraint(
            "status IN ('SUBMITTED', 'INTERIM', 'IN_FORCE', 'SUPERSEDED', 'EXPIRED', 'LAPSED', 'REFUSED', 'REJECTED', 'RETURNED',"
            " 'WITHDRAWN')",
            name=op.f("ck_rsm_schedules_status"),
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_rsm_schedules_validity")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_rsm_schedules_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rsm_schedules_case_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rsm_schedules")),
    )
    op.create_index(op.f("ix_rsm_schedules_area_valid_from"), "rsm_schedules", ["area", "valid_from"])
    op.create_index(op.f("ix_rsm_schedules_case_id"), "rsm_schedules", ["case_id"])
    op.create_index(
        op.f("uq_rsm_schedules_area_in_force"),
        "rsm_schedules",
        ["area"],
        unique=True,
        sqlite_where=sa.text("status = 'IN_FORCE'"),
        postgresql_where=sa.text("status = 'IN_FORCE'"),
    )
    op.create_index(
        op.f("uq_rsm_schedules_area_interim"),
        "rsm_schedules",
        ["area"],
        unique=True,
        sqlite_where=sa.text("status = 'INTERIM'"),
        postgresql_where=sa.text("status = 'INTERIM'"),
    )


def _create_residence_addresses() -> None:
    op.create_table(
        "residence_addresses",
        sa.Column("residence", sa.String(48), nullable=False),
        sa.Column("address", sa.String(400), nullable=False),
        sa.ForeignKeyConstraint(["residence"], ["residences.code"], name=op.f("fk_residence_addresses_residence")),
        sa.PrimaryKeyConstraint("residence", name=op.f("pk_residence_addresses")),
    )


def _create_residence_occupants() -> None:
    op.create_table(
        "residence_occupants",
        sa.Column("residence", sa.String(48), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("moved_in_on", sa.Date(), nullable=False),
        sa.Column("moved_out_on", sa.Date()),
        sa.CheckConstraint("moved_out_on IS NULL OR moved_out_on >= moved_in_on", name=op.f("ck_residence_occupants_period")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_residence_occupants_person")),
        sa.ForeignKeyConstraint(["residence"], ["residences.code"], name=op.f("fk_residence_occupants_residence")),
        sa.PrimaryKeyConstraint("residence", "person", "moved_in_on", name=op.f("pk_residence_occupants")),
    )
    op.create_index(op.f("ix_residence_occupants_person"), "residence_occupants", ["person"])


def _create_residence_surveys() -> None:
    op.create_table(
        "residence_surveys",
        sa.Column("residence", sa.String(48), nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=False),
        sa.Column("surveyor", sa.String(64), nullable=False),
        sa.Column("occupants", JSON, nullable=False),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("advice", sa.String(4000)),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.CheckConstraint("valid_to > surveyed_on", name=op.f("ck_residence_surveys_validity")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_residence_surveys_case_id")),
        sa.ForeignKeyConstraint(["residence"], ["residences.code"], name=op.f("fk_residence_surveys_residence")),
        sa.ForeignKeyConstraint(["surveyor"], ["people.code"], name=op.f("fk_residence_surveys_surveyor")),
        sa.PrimaryKeyConstraint("residence", "surveyed_on", name=op.f("pk_residence_surveys")),
    )
    op.create_index(op.f("ix_residence_surveys_case_id"), "residence_surveys", ["case_id"])


def _create_rsm_claims() -> None:
    op.create_table(
        "rsm_claims",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("residence", sa.String(48), nullable=False),
        sa.Column("measure", sa.String(8), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("cost_kind", sa.String(12), nullable=False),
        sa.Column("invoice_no", sa.String(64)),
        sa.Column("invoice_on", sa.Date(), nullable=False),
        sa.Column("period_from", sa.Date()),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(16)),
        sa.Column("route", sa.String(16)),
        sa.Column("reason", sa.String(500)),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("payable_cents", sa.BigInteger()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "status IN ('OPEN', 'PREAPPROVED', 'PAID', 'REJECTED', 'WITHDRAWN')", name=op.f("ck_rsm_claims_status")
        ),
        sa.CheckConstraint("amount_cents > 0 AND months > 0", name=op.f("ck_rsm_claims_amount")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rsm_claims_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_rsm_claims_person")),
        sa.ForeignKeyConstraint(["residence"], ["residences.code"], name=op.f("fk_rsm_claims_residence")),
        sa.PrimaryKeyConstraint("case_id", "line_no", name=op.f("pk_rsm_claims")),
    )
    op.create_index(op.f("ix_rsm_claims_person"), "rsm_claims", ["person"])
    op.create_index(op.f("ix_rsm_claims_residence_measure"), "rsm_claims", ["residence", "measure"])


def _create_rsm_invoices() -> None:
    op.create_table(
        "rsm_invoices",
        sa.Column("residence", sa.String(48), nullable=False),
        sa.Column("measure", sa.String(8), nullable=False),
        sa.Column("invoice_no", sa.String(64), nullable=False),
        sa.Column("invoice_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_rsm_invoices_amount")),
        sa.CheckConstraint("paid_cents >= 0 AND paid_cents <= amount_cents", name=op.f("ck_rsm_invoices_never_more_than_billed")),
        sa.ForeignKeyConstraint(["residence"], ["residences.code"], name=op.f("fk_rsm_invoices_residence")),
        sa.PrimaryKeyConstraint("residence", "measure", "invoice_no", name=op.f("pk_rsm_invoices")),
    )


def _create_rsm_lines() -> None:
    op.create_table(
        "rsm_lines",
        sa.Column("schedule", sa.String(48), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(8), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("residence_kinds", JSON, nullable=False),
        sa.Column("risk_ref", sa.String(160)),
        sa.Column("cost_kind", sa.String(12), nullable=False),
        sa.Column("cap_cents", sa.BigInteger(), nullable=False),
        sa.Column("share_rule", sa.String(16), nullable=False),
        sa.Column("includes_local", sa.Boolean(), nullable=False),
        sa.Column("armed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("cost_kind IN ('ONE_OFF', 'RECURRING')", name=op.f("ck_rsm_lines_cost_kind")),
        sa.CheckConstraint("share_rule IN ('PER_RESIDENCE', 'PER_PERSON')", name=op.f("ck_rsm_lines_share_rule")),
        sa.CheckConstraint("cap_cents > 0", name=op.f("ck_rsm_lines_cap")),
        sa.ForeignKeyConstraint(["schedule"], ["rsm_schedules.number"], name=op.f("fk_rsm_lines_schedule")),
        sa.PrimaryKeyConstraint("schedule", "no", name=op.f("pk_rsm_lines")),
        sa.UniqueConstraint("schedule", "measure", name=op.f("uq_rsm_lines_schedule_measure")),
    )


def _create_rsm_payments() -> None:
    op.create_table(
        "rsm_payments",
        sa.Column("number", sa.String(48), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("residence", sa.String(48), nullable=False),
        sa.Column("measure", sa.String(8), nullable=False),
        sa.Column("invoice_no", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("cost_kind", sa.String(12), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("installed_on", sa.Date(), nullable=False),
        sa.Column("budget_line", sa.String(64)),
        sa.Column("order_ref", sa.String(64)),
        sa.Column("paid_at", MOMENT, nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_rsm_payments_amount")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rsm_payments_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_rsm_payments_person")),
        sa.ForeignKeyConstraint(
            ["residence", "measure", "invoice_no"],
            ["rsm_invoices.residence", "rsm_invoices.measure", "rsm_invoices.invoice_no"],
            name=op.f("fk_rsm_payments_residence_measure_invoice_no"),
        ),
        sa.ForeignKeyConstraint(["residence"], ["residences.code"], name=op.f("fk_rsm_payments_residence")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rsm_payments")),
    )
    op.create_index(op.f("ix_rsm_payments_case_id"), "rsm_payments", ["case_id"])
    op.create_index(op.f("ix_rsm_payments_person_measure"), "rsm_payments", ["person", "measure"])
    op.create_index(op.f("ix_rsm_payments_residence_measure"), "rsm_payments", ["residence", "measure"])
