"""What the inbox sorts, narrows and searches by, tasks put off, views by name, and whether keys act.

Follows: 0012
"""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state = 'OPEN'")
FORMER = "ix_tasks_role_due_at_open"
QUEUES = {
    "ix_tasks_queue_due_open": ["role", "area", "due_at", "opened_at"],
    "ix_tasks_queue_departure_open": ["role", "area", "departs_at", "due_at"],
    "ix_tasks_queue_risk_open": ["role", "area", "risk_rank", "due_at"],
    "ix_tasks_queue_opened_open": ["role", "area", "opened_at"],
    "ix_tasks_role_due_open": ["role", "due_at", "opened_at"],
}
WIDENED = sa.text("state = 'OPEN' AND widened")
FLAGS = ("flags", "red_flags", "warnings")
ROWS_AT_ONCE = 500


def upgrade() -> None:
    """Add the columns, fill them in for what is there, and create the tables."""
    _add_columns()
    _fill_in("cases", ("subject",))
    _fill_in("tasks", ("name", "subject"))
    _fill_in("people", ("name",), key="code")
    _flag_open_tasks()
    op.execute("UPDATE tasks SET widened = true WHERE id IN (SELECT task_id FROM task_candidates WHERE role IS NOT NULL)")
    _create_indexes()
    op.create_table(
        "tasks_put_off",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("task_id", sa.String(36), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("assignee", sa.String(64)),
        sa.Column("claimed_by", sa.String(64)),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_tasks_put_off_task_id")),
        sa.PrimaryKeyConstraint("person", "task_id", name=op.f("pk_tasks_put_off")),
    )
    op.create_index("ix_tasks_put_off_task_id", "tasks_put_off", ["task_id"])
    op.create_table(
        "inbox_views",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("query", sa.String(10000), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_views")),
        sa.UniqueConstraint("person", "name", name=op.f("uq_inbox_views_person_name")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("inbox_views")
    op.drop_table("tasks_put_off")
    if op.get_bind().dialect.name == "postgresql":
        for table in ("cases", "tasks"):
            op.drop_index(f"ix_{table}_words", table)
    for name in (*QUEUES, "ix_tasks_widened_open"):
        op.drop_index(name, "tasks")
    op.create_index(FORMER, "tasks", ["role", "area", "due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    for table, columns in {
        "accounts": ("keys",),
        "cases": ("words",),
        "people": ("words",),
        "tasks": ("words", "widened", "flagged", "risk_rank", "departs_at"),
    }.items():
        for column in columns:
            op.drop_column(table, column)


def _add_columns() -> None:
    op.add_column("accounts", sa.Column("keys", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("cases", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.add_column("people", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.add_column("tasks", sa.Column("departs_at", MOMENT))
    op.add_column("tasks", sa.Column("risk_rank", sa.Integer()))
    op.add_column("tasks", sa.Column("flagged", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("tasks", sa.Column("widened", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("tasks", sa.Column("words", sa.Text(), nullable=False, server_default=""))


def _create_indexes() -> None:
    op.drop_index(FORMER, "tasks")
    for name, columns in QUEUES.items():
        op.create_index(name, "tasks", columns, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_tasks_widened_open", "tasks", ["area"], sqlite_where=WIDENED, postgresql_where=WIDENED)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("cases", "tasks"):
            op.create_index(f"ix_{table}_words", table, [sa.text("to_tsvector('simple', words)")], postgresql_using="gin")


def _fill_in(table: str, columns: tuple[str, ...], *, key: str = "id") -> None:
    """Write the words of rows that are there, as later ones have them from the beginning."""
    rows = sa.table(table, sa.column(key), sa.column("words"), *(sa.column(name) for name in columns))
    change = rows.update().where(rows.c[key] == sa.bindparam("row")).values(words=sa.bindparam("found"))
    found = op.get_bind().execute(sa.select(rows.c[key], *(rows.c[name] for name in columns)))
    written = [{"row": row[0], "found": _words_of(*row[1:])} for row in found.all()]
    for start in range(0, len(written), ROWS_AT_ONCE):
        op.get_bind().execute(change, written[start : start + ROWS_AT_ONCE])


def _words_of(*texts: str | None) -> str:
    folded = unicodedata.normalize("NFKD", " ".join(text or "" for text in texts).casefold())
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    spaced = re.sub(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])", r" \1 ", bare)
    return "".join(f" {word}" for word in dict.fromkeys(re.findall(r"[^\W_]+", spaced)))[:10000]


def _flag_open_tasks() -> None:
    tasks = sa.table("tasks", sa.column("id"), sa.column("state"), sa.column("card", sa.JSON()), sa.column("flagged"))
    found = op.get_bind().execute(sa.select(tasks.c.id, tasks.c.card).where(tasks.c.state == "OPEN"))
    flagged = [row.id for row in found if _warns(row.card)]
    for start in range(0, len(flagged), ROWS_AT_ONCE):
        some = flagged[start : start + ROWS_AT_ONCE]
        op.get_bind().execute(tasks.update().where(tasks.c.id.in_(some)).values(flagged=sa.true()))


def _warns(card: object) -> bool:
    if isinstance(card, dict):
        return any(card.get(name) for name in FLAGS)
    if isinstance(card, list):
        return any((isinstance(each, dict) and "value" in each and bool(each.get("flag"))) or _warns(each) for each in card)
    return False
