"""Visits of senior officials say until when they last, how they are protected and how it came out, and name their case.

Follows: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_TABLE = "travel_notifications"
_TEXTS = {"visit": 8, "measure": 16, "outcome": 16, "replaced_by": 32, "case_id": 32}


def upgrade() -> None:
    """Add the columns; what is there was entered by hand and comes from no case."""
    with op.batch_alter_table(_TABLE) as batch:
        batch.add_column(sa.Column("ends_at", sa.DateTime(timezone=True)))
        for name, length in _TEXTS.items():
            batch.add_column(sa.Column(name, sa.String(length)))
        batch.create_foreign_key(op.f("fk_travel_notifications_replaced_by"), _TABLE, ["replaced_by"], ["number"])
        batch.create_foreign_key(op.f("fk_travel_notifications_case_id"), "cases", ["case_id"], ["id"])
    op.create_index("ix_travel_notifications_official", _TABLE, ["official"])
    op.create_index("ix_travel_notifications_case_id", _TABLE, ["case_id"])


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_travel_notifications_case_id", table_name=_TABLE)
    op.drop_index("ix_travel_notifications_official", table_name=_TABLE)
    with op.batch_alter_table(_TABLE) as batch:
        batch.drop_constraint(op.f("fk_travel_notifications_case_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_travel_notifications_replaced_by"), type_="foreignkey")
        for name in (*_TEXTS, "ends_at"):
            batch.drop_column(name)
