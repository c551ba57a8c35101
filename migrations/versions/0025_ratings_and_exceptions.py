"""From when the rating of an activity counts, and who asked for a waiver in which role.

Follows: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: ratings that are there have always counted, and of old waivers nobody knows more than their case says."""
    with op.batch_alter_table("activities") as batch:
        batch.add_column(sa.Column("pc_valid_from", sa.Date()))
        batch.create_check_constraint(op.f("ck_activities_period"), "pc_valid_from IS NULL OR pc_valid_to >= pc_valid_from")
    op.add_column("waivers", sa.Column("asked_by", sa.String(64)))
    op.add_column("waivers", sa.Column("asked_as", sa.String(16)))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("waivers", "asked_as")
    op.drop_column("waivers", "asked_by")
    with op.batch_alter_table("activities") as batch:
        batch.drop_constraint(op.f("ck_activities_period"), type_="check")
        batch.drop_column("pc_valid_from")
