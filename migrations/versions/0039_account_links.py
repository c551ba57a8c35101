"""Links by which people choose the password of their account.

Follows: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WAITING = sa.text("sent_at IS NULL")


def upgrade() -> None:
    """Create the table; it begins empty."""
    op.create_table(
        "account_links",
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("purpose", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.Column("error", sa.String(500)),
        sa.CheckConstraint("purpose IN ('INVITED', 'FORGOTTEN')", name=op.f("ck_account_links_purpose")),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_account_links_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_account_links")),
        sa.UniqueConstraint("nonce", name=op.f("uq_account_links_nonce")),
    )
    op.create_index(
        "ix_account_links_not_before_waiting",
        "account_links",
        ["not_before"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Drop the table; links that were sent hold no longer."""
    op.drop_table("account_links")
