"""New missions and offices are a process: what was asked for, what security needs there, and how it ended.

Follows: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_TYPES = "ds_type IN ('HQ_MAIN', 'REGIONAL_COMMISSION', 'FIELD_CAPITAL', 'FIELD_SUB')"
_OUTCOMES = "outcome IS NULL OR outcome IN ('OPENED', 'REFUSED', 'RETURNED', 'WITHDRAWN')"
_OPENED = "outcome IS NULL OR outcome <> 'OPENED' OR duty_station IS NOT NULL"


def upgrade() -> None:
    """Add the requests, and the list of requirements of each."""
    op.create_table(
        "office_requests",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("ds_type", sa.String(24), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("organisation", sa.String(32)),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assessment", sa.String(32)),
        sa.Column("duty_station", sa.String(32)),
        sa.Column("outcome", sa.String(16)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(_TYPES, name=op.f("ck_office_requests_ds_type")),
        sa.CheckConstraint("people > 0", name=op.f("ck_office_requests_people")),
        sa.CheckConstraint(_OUTCOMES, name=op.f("ck_office_requests_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_office_requests_ended")),
        sa.CheckConstraint(_OPENED, name=op.f("ck_office_requests_opened")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_office_requests_case_id")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_office_requests_area")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_office_requests_organisation")),
        sa.ForeignKeyConstraint(["asked_by"], ["people.code"], name=op.f("fk_office_requests_asked_by")),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.number"], name=op.f("fk_office_requests_assessment")),
        sa.ForeignKeyConstraint(["duty_station"], ["duty_stations.code"], name=op.f("fk_office_requests_duty_station")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_office_requests")),
    )
    op.create_index("ix_office_requests_area", "office_requests", ["area"])
    op.create_index("ix_office_requests_case_id", "office_requests", ["case_id"])
    op.create_table(
        "office_requirements",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("request", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("one_off_cost", sa.Integer(), nullable=False),
        sa.Column("yearly_cost", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('STAFF', 'MOSS', 'RSM', 'OTHER')", name=op.f("ck_office_requirements_kind")),
        sa.CheckConstraint("one_off_cost >= 0 AND yearly_cost >= 0", name=op.f("ck_office_requirements_costs")),
        sa.ForeignKeyConstraint(["request"], ["office_requests.number"], name=op.f("fk_office_requirements_request")),
        sa.ForeignKeyConstraint(["organisation"], ["organisations.code"], name=op.f("fk_office_requirements_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_requirements")),
    )
    op.create_index("ix_office_requirements_request", "office_requirements", ["request"])
    op.create_index("ix_office_requirements_organisation", "office_requirements", ["organisation"])


def downgrade() -> None:
    """Take them back."""
    op.drop_table("office_requirements")
    op.drop_table("office_requests")
