"""Mails that tell people what happened to their account, and accounts of people whose contract ended.

Follows: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WAITING = sa.text("given_up_at IS NULL")


def upgrade() -> None:
    """Create the table, which begins empty, and the column: nobody was told of any ended contract yet."""
    op.add_column("accounts", sa.Column("end_told", sa.Date()))
    op.create_table(
        "account_mails",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("happened_at", _MOMENT, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("given_up_at", _MOMENT),
        sa.Column("error", sa.String(500)),
        sa.CheckConstraint("what IN ('PASSWORD', 'OPENED', 'CLOSED', 'ADDRESS')", name=op.f("ck_account_mails_what")),
        sa.ForeignKeyConstraint(["person"], ["people.code"], name=op.f("fk_account_mails_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_mails")),
    )
    op.create_index("ix_account_mails_person", "account_mails", ["person"])
    op.create_index(
        "ix_account_mails_not_before_waiting",
        "account_mails",
        ["not_before"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Drop both; mails that have not left yet are lost."""
    op.drop_table("account_mails")
    op.drop_column("accounts", "end_told")
