"""Whether the pages of a person are light or dark.

Follows: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: everybody begins with what their system shows."""
    op.add_column("accounts", sa.Column("appearance", sa.String(8), nullable=False, server_default="system"))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("accounts", "appearance")
