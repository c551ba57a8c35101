"""Queues, and the tasks beside them, are read from their indexes alone.

Follows: 0022
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OPEN, FORMERLY = sa.text("state = 'OPEN'"), sa.text("state = 'OPEN' AND widened")
WIDENED = sa.text("state = 'OPEN' AND added_roles <> ''")
BESIDE = "ix_tasks_widened_open"
READ = ("added_roles", "id", "organisation", "claimed_by", "due_at", "opened_at", "departs_at", "risk_rank")
QUEUES = {
    "ix_tasks_queue_due_open": ("role", "area", "due_at", "opened_at"),
    "ix_tasks_queue_departure_open": ("role", "area", "departs_at", "due_at"),
    "ix_tasks_queue_risk_open": ("role", "area", "risk_rank", "due_at"),
}
WAITING = "ix_tasks_queue_opened_open"
IN_QUEUE = ("id", "assignee", "claimed_by", "organisation")
JOINED = {
    "postgresql": "string_agg(role || ' ', '' ORDER BY role)",
    "sqlite": "group_concat(role || ' ', '')",
}


def upgrade() -> None:
    """Write the further roles beside the task, and add the columns to the indexes."""
    op.add_column("tasks", sa.Column("added_roles", sa.Text(), nullable=False, server_default=""))
    joined = JOINED[op.get_bind().dialect.name]
    roles = f"SELECT {joined} FROM task_candidates WHERE task_id = tasks.id AND role IS NOT NULL"  # noqa: S608 - fixed above
    op.execute(
        f"UPDATE tasks SET widened = true, added_roles = coalesce(({roles}), '') "  # noqa: S608 - fixed above
        "WHERE id IN (SELECT task_id FROM task_candidates)"
    )
    for name, columns in QUEUES.items():
        _index(name, (*columns, *IN_QUEUE), OPEN)
    _index(WAITING, ("role", "area", "opened_at", "due_at", *IN_QUEUE), OPEN)
    _index(BESIDE, ("area", *READ), WIDENED)


def downgrade() -> None:
    """Make the indexes as they were."""
    for name, columns in QUEUES.items():
        _index(name, columns, OPEN)
    _index(WAITING, ("role", "area", "opened_at"), OPEN)
    _index(BESIDE, ("area",), FORMERLY)
    op.drop_column("tasks", "added_roles")


def _index(name: str, columns: Sequence[str], only: sa.TextClause) -> None:
    op.drop_index(name, table_name="tasks")
    op.create_index(name, "tasks", list(columns), sqlite_where=only, postgresql_where=only)
