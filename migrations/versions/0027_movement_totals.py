"""How many movements there were, of journeys that are long over.

Follows: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and the index by which movements are found that are counted next."""
    op.create_table(
        "movement_totals",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("area", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.CheckConstraint("movements > 0", name=op.f("ck_movement_totals_movements")),
        sa.ForeignKeyConstraint(["area"], ["areas.code"], name=op.f("fk_movement_totals_area_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement_totals")),
        sa.UniqueConstraint("area", "day", "kind", name=op.f("uq_movement_totals_area_day_kind")),
    )
    op.create_index("ix_movements_closed_at", "movements", ["closed_at"])


def downgrade() -> None:
    """Take them back; whose movements were counted is not known any more."""
    op.drop_index("ix_movements_closed_at", table_name="movements")
    op.drop_table("movement_totals")
