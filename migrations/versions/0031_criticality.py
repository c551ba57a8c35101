"""Ratings of activities follow each other, and name the case in which they were approved.

Follows: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; ratings that are there follow none and come from no case."""
    with op.batch_alter_table("activities") as batch:
        batch.add_column(sa.Column("follows", sa.String(48)))
        batch.add_column(sa.Column("case_id", sa.String(32)))
        batch.create_foreign_key(op.f("fk_activities_follows"), "activities", ["follows"], ["code"])
        batch.create_foreign_key(op.f("fk_activities_case_id"), "cases", ["case_id"], ["id"])
    op.create_index("ix_activities_follows", "activities", ["follows"])
    op.create_index("ix_activities_case_id", "activities", ["case_id"])


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_activities_case_id", table_name="activities")
    op.drop_index("ix_activities_follows", table_name="activities")
    with op.batch_alter_table("activities") as batch:
        batch.drop_constraint(op.f("fk_activities_case_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_activities_follows"), type_="foreignkey")
        batch.drop_column("case_id")
        batch.drop_column("follows")
