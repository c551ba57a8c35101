"""Support to Security Management Teams is a process: who asked for what, who is sent, and when they arrived.

Follows: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_CANCELLED = "cancelled_at IS NULL OR (arrived_at IS NULL AND refused_at IS NULL)"


def upgrade() -> None:
    """Add what is known of a request, and the people who are sent; rows that are there come from no case."""
    with op.batch_alter_table("deployments") as batch:
        batch.add_column(sa.Column("case_id", sa.String(32)))
        batch.add_column(sa.Column("incident", sa.String(32)))
        batch.add_column(sa.Column("skills", sa.String(1000)))
        batch.add_column(sa.Column("days", sa.Integer()))
        batch.add_column(sa.Column("asked_by", sa.String(64)))
        batch.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("complete_at", sa.DateTime(timezone=True)))
        batch.create_foreign_key(op.f("fk_deployments_case_id"), "cases", ["case_id"], ["id"])
        batch.create_foreign_key(op.f("fk_deployments_asked_by"), "people", ["asked_by"], ["code"])
        batch.create_check_constraint(op.f("ck_deployments_cancelled"), _CANCELLED)
    op.create_index("ix_deployments_case_id", "deployments", ["case_id"])
    op.create_table(
        "deployment_members",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("deployment", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32)),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("released_by", sa.String(64), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("travel_request", sa.String(32)),
        sa.Column("arrived_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("arrived_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_deployment_members_one_end")),
        sa.ForeignKeyConstraint(["deployment"], ["deployments.number"], name=op.f("fk_deployment_members_deployment")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deployment_members_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_deployment_members_person")),
        sa.ForeignKeyConstraint(["released_by"], ["people.code"], name=op.f("fk_deployment_members_released_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_members")),
        sa.UniqueConstraint("deployment", "person", name=op.f("uq_deployment_members_deployment_person")),
    )
    op.create_index("ix_deployment_members_case_id", "deployment_members", ["case_id"])
    op.create_index("ix_deployment_members_person", "deployment_members", ["person"])


def downgrade() -> None:
    """Take them back."""
    op.drop_table("deployment_members")
    op.drop_index("ix_deployments_case_id", table_name="deployments")
    with op.batch_alter_table("deployments") as batch:
        batch.drop_constraint(op.f("ck_deployments_cancelled"), type_="check")
        batch.drop_constraint(op.f("fk_deployments_asked_by"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_deployments_case_id"), type_="foreignkey")
        for name in ("complete_at", "cancelled_at", "asked_by", "days", "skills", "incident", "case_id"):
            batch.drop_column(name)
