"""Why a certificate is suspended, and how critical a journey is, by which those who wait for a place are ordered.

Follows: 0025
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CERTIFICATES = sa.table(
    "certificates",
    sa.column("number", sa.String()),
    sa.column("status", sa.String()),
    sa.column("acknowledged_at", sa.DateTime(timezone=True)),
    sa.column("stops", sa.JSON()),
    sa.column("holds", sa.JSON()),
)


def upgrade() -> None:
    """Add the columns; a certificate that is suspended waits for its conditions where nobody has confirmed them."""
    op.add_column("certificates", sa.Column("holds", sa.JSON(), nullable=False, server_default=json.dumps([])))
    op.add_column("clearances", sa.Column("pc_level", sa.String(8)))
    suspended = sa.select(CERTIFICATES).where(CERTIFICATES.c.status == "SUSPENDED")
    for row in op.get_bind().execute(suspended).all():
        waits = row.acknowledged_at is None and any(stop.get("conditions") for stop in row.stops)
        reason = "CONDITIONS" if waits else "HOLD"
        op.execute(CERTIFICATES.update().where(CERTIFICATES.c.number == row.number).values(holds=[reason]))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("clearances", "pc_level")
    op.drop_column("certificates", "holds")
