"""Secret addresses of calendars, and an index for how long steps usually take.

Follows: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DONE = sa.text("state = 'DONE'")


def upgrade() -> None:
    """Create the table and the index."""
    op.create_table(
        "calendar_tokens",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("window_at", MOMENT, nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_calendar_tokens_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_calendar_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_tokens_token_hash")),
    )
    op.create_index(
        "ix_tasks_element_closed_at_done", "tasks", ["element", "closed_at"], sqlite_where=DONE, postgresql_where=DONE
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_tasks_element_closed_at_done", table_name="tasks")
    op.drop_table("calendar_tokens")
