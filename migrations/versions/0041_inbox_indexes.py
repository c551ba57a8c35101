"""Indexes that have all that the inbox asks of them: queues without assigned tasks, parties and decisions by person and case.

Follows: 0040
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_QUEUES = {
    "due": ("due_at", "opened_at"),
    "departure": ("departs_at", "due_at"),
    "risk": ("risk_rank", "due_at"),
    "opened": ("opened_at", "due_at"),
}


def upgrade() -> None:
    """Build the new ones in place of the old."""
    _build_queues("state = 'OPEN' AND assignee IS NULL", ["id", "claimed_by", "organisation"])
    op.drop_index("ix_case_parties_person", "case_parties")
    op.create_index("ix_case_parties_person_case_id_kind", "case_parties", ["person", "case_id", "kind"])
    op.drop_index("ix_area_within_ancestor", "area_within")
    op.create_index("ix_area_within_ancestor_area", "area_within", ["ancestor", "area"])
    op.create_index("ix_decisions_actor_person_case_id", "decisions", ["actor_person", "case_id"])


def downgrade() -> None:
    """Build the old ones again."""
    op.drop_index("ix_decisions_actor_person_case_id", "decisions")
    op.drop_index("ix_area_within_ancestor_area", "area_within")
    op.create_index("ix_area_within_ancestor", "area_within", ["ancestor"])
    op.drop_index("ix_case_parties_person_case_id_kind", "case_parties")
    op.create_index("ix_case_parties_person", "case_parties", ["person"])
    _build_queues("state = 'OPEN'", ["id", "assignee", "claimed_by", "organisation"])


def _build_queues(waiting: str, beside: list[str]) -> None:
    for order, keys in _QUEUES.items():
        name, where = f"ix_tasks_queue_{order}_open", sa.text(waiting)
        op.drop_index(name, "tasks")
        columns = ["role", "area", *keys, *beside]
        op.create_index(name, "tasks", columns, sqlite_where=where, postgresql_where=where)
