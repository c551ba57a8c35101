"""Trainings that a rule asks for: why, whether they bind, who was told of a delay; and what a training was recorded on.

Follows: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

CODE = sa.String(64)
OPEN = sa.text("withdrawn_on IS NULL")


def upgrade() -> None:
    """Add the columns. What was assigned so far was assigned by hand, and binds."""
    op.add_column("training_assignments", sa.Column("ground", CODE))
    op.add_column("training_assignments", sa.Column("binding", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("training_assignments", sa.Column("told_days", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("training_assignments", sa.Column("ended_by_rule", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_training_assignments_person",
        "training_assignments",
        ["person", "course"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.add_column("training_records", sa.Column("evidence", CODE))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("training_records", "evidence")
    op.drop_index("ix_training_assignments_person", table_name="training_assignments")
    op.drop_column("training_assignments", "ended_by_rule")
    op.drop_column("training_assignments", "told_days")
    op.drop_column("training_assignments", "binding")
    op.drop_column("training_assignments", "ground")
