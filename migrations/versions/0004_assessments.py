"""The assessment tables: versions, the events that may happen, and the measures against them.

Follows: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON()


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    _create_assessments()
    _create_risk_events()
    _create_measures()


def downgrade() -> None:
    """Drop them again."""
    for table in ("measures", "risk_events", "assessments"):
        op.drop_table(table)


def _create_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("variant", sa.String(8), nullable=False),
        sa.Column("trigger", sa.String(24), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(2000)),
        sa.Column("activity", sa.String(500)),
        sa.Column("activity_from", sa.Date()),
        sa.Column("activity_to", sa.Date()),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("base", sa.String(32)),
        sa.Column("superseded_by", sa.String(32)),
        sa.Column("under_review", sa.Boolean(), nullable=False),
        sa.Column("frame", JSON, nullable=False),
        sa.Column("situation", JSON, nullable=False),
        sa.Column("programmes", JSON, nullable=False),
        sa.Column("threats", JSON, nullable=False),
        sa.Column("proposals", JSON, nullable=False),
        sa.Column("residual", JSON, nullable=False),
        sa.Column("meeting", JSON, nullable=False),
        sa.Column("level", sa.Integer()),
        sa.Column("residual_max", sa.String(16)),
        sa.Column("endorser", sa.String(16)),
        sa.Column("observations", sa.String(4000)),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("endorsed_at", MOMENT),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("interim_review_on", sa.Date()),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["superseded_by"], ["assessments.number"], name=op.f("fk_assessments_superseded_by")),
        sa.CheckConstraint(
            "valid_to IS NULL OR (valid_from IS NOT NULL AND valid_to >= valid_from)", name=op.f("ck_assessments_validity")
        ),
        sa.CheckConstraint(
            "residual_max IS NULL OR residual_max IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH', 'UNACCEPTABLE')",
            name=op.f("ck_assessments_residual_max"),
        ),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_assessments_area")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_assessments_case_id")),
        sa.ForeignKeyConstraint(["base"], ["assessments.number"], name=op.f("fk_assessments_base")),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'IN_CONSULTATION', 'WITH_SMT', 'WITH_DO', 'APPROVED', 'WITH_DESK', 'RETURNED', 'WITH_DIRECTOR', "
            "'WITH_USG', 'ENDORSED', 'ENDORSED_WITH_OBSERVATIONS', 'REFUSED', 'REJECTED', 'WITHDRAWN', 'SUPERSEDED', 'EXPIRED')",
            name=op.f("ck_assessments_status"),
        ),
        sa.CheckConstraint("superseded_by IS NULL OR superseded_by <> number", name=op.f("ck_assessments_superseded_by_another")),
        sa.CheckConstraint("variant IN ('FULL', 'UPDATE', 'AD_HOC')", name=op.f("ck_assessments_variant")),
        sa.CheckConstraint("level IS NULL OR level BETWEEN 1 AND 6", name=op.f("ck_assessments_level")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_assessments")),
    )
    op.create_index(op.f("ix_assessments_area_valid_from"), "assessments", ["area", "valid_from"])
    op.create_index(op.f("ix_assessments_case_id"), "assessments", ["case_id"])
    op.create_index(op.f("ix_assessments_status_valid_to"), "assessments", ["status", "valid_to"])


def _create_risk_events() -> None:
    op.create_table(
        "risk_events",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("assessment", sa.String(32), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("category", sa.String(16), nullable=False),
        sa.Column("affected", sa.String(500)),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("risk", sa.String(16), nullable=False),
        sa.Column("residual_likelihood", sa.Integer(), nullable=False),
        sa.Column("residual_impact", sa.Integer(), nullable=False),
        sa.Column("residual_risk", sa.String(16), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.number"], name=op.f("fk_risk_events_assessment")),
        sa.UniqueConstraint("assessment", "code", name=op.f("uq_risk_events_assessment_code")),
        sa.CheckConstraint(
            "residual_likelihood BETWEEN 1 AND likelihood AND residual_impact BETWEEN 1 AND impact",
            name=op.f("ck_risk_events_residual"),
        ),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5", name=op.f("ck_risk_events_current")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_events")),
    )


def _create_measures() -> None:
    op.create_table(
        "measures",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("assessment", sa.String(32), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("lowers", JSON, nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("one_off_cost", sa.Integer(), nullable=False),
        sa.Column("yearly_cost", sa.Integer(), nullable=False),
        sa.Column("cost_share", sa.String(200)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("settled_on", sa.Date()),
        sa.Column("remarks", sa.String(1000)),
        sa.ForeignKeyConstraint(["assessment"], ["assessments.number"], name=op.f("fk_measures_assessment")),
        sa.CheckConstraint(
            "kind IN ('PREVENT', 'MITIGATE', 'AVOID', 'RESIDENTIAL', 'TRAINING', 'MOVEMENT')", name=op.f("ck_measures_kind")
        ),
        sa.ForeignKeyConstraint(["owner"], ["organisations.code"], name=op.f("fk_measures_owner")),
        sa.CheckConstraint("state IN ('PLANNED', 'IN_PROGRESS', 'DONE', 'DROPPED', 'OVERDUE')", name=op.f("ck_measures_state")),
        sa.CheckConstraint("one_off_cost >= 0 AND yearly_cost >= 0", name=op.f("ck_measures_costs")),
        sa.UniqueConstraint("assessment", "code", name=op.f("uq_measures_assessment_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
    )
    op.create_index(op.f("ix_measures_owner_state"), "measures", ["owner", "state"])
