"""What an act has changed, so that it can be taken back.

Follows: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


#: Only an ended case has something to forget.
UNDO_OF_ENDED = sa.text("undo_of IS NOT NULL AND ended_at IS NOT NULL")


def upgrade() -> None:
    """Keep beside a case what it takes to take its last act back."""
    op.add_column("cases", sa.Column("undo_of", sa.String(36)))
    op.add_column("cases", sa.Column("undo", sa.LargeBinary()))
    op.create_index("ix_cases_ended_at_undo", "cases", ["ended_at"], sqlite_where=UNDO_OF_ENDED, postgresql_where=UNDO_OF_ENDED)


def downgrade() -> None:
    """Forget it, column by column: a batch would write the table anew, and every task and act points at it."""
    op.drop_index("ix_cases_ended_at_undo", "cases")
    op.drop_column("cases", "undo")
    op.drop_column("cases", "undo_of")
