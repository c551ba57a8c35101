"""For how long the clock of a task stood still, and the names of areas as a search compares them.

Follows: 0020
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
QUESTIONS = sa.text(
    "SELECT q.task_id, q.held_from, q.held_until, e.at FROM questions q LEFT JOIN question_ends e ON e.question_id = q.id "
    "WHERE q.held_until > q.held_from ORDER BY q.task_id, q.held_from"
).columns(sa.column("task_id", sa.String()), *(sa.column(name, MOMENT) for name in ("held_from", "held_until", "at")))


def upgrade() -> None:
    """Add the columns, and fill them in from the questions and names that are there."""
    op.add_column("tasks", sa.Column("paused_s", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tasks", sa.Column("held_from", MOMENT))
    op.add_column("tasks", sa.Column("held_until", MOMENT))
    op.add_column("questions", sa.Column("follow_up_before", MOMENT))
    op.add_column("areas", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    _count_pauses()
    _fill_in_words()


def downgrade() -> None:
    """Take them back."""
    op.drop_column("areas", "words")
    op.drop_column("questions", "follow_up_before")
    for column in ("held_until", "held_from", "paused_s"):
        op.drop_column("tasks", column)


def _count_pauses() -> None:
    tasks = sa.table(
        "tasks", sa.column("id"), sa.column("paused_s"), sa.column("held_from", MOMENT), sa.column("held_until", MOMENT)
    )
    for task_id, asked in groupby(op.get_bind().execute(QUESTIONS).all(), key=lambda row: row.task_id):
        *over, last = _pauses([tuple(row)[1:] for row in asked])
        paused = sum(round((until - since).total_seconds()) for since, until, _ in over)
        since, until, is_open = last
        said: dict[str, Any] = {"held_from": since, "held_until": until} if is_open else {}
        paused += 0 if is_open else round((until - since).total_seconds())
        op.get_bind().execute(tasks.update().where(tasks.c.id == task_id).values(paused_s=paused, **said))


def _pauses(asked: list[Any]) -> Iterator[tuple[datetime, datetime, bool]]:
    """Say from when to when the clock stood, and whether it still may: questions that share a beginning hold it together."""
    for since, together in groupby(asked, key=lambda row: row[0]):
        rows = list(together)
        is_open = any(at is None for _, _, at in rows)
        longest = max(until for _, until, _ in rows)
        yield since, longest if is_open else min(longest, max(at for _, _, at in rows)), is_open


def _fill_in_words() -> None:
    areas = sa.table("areas", sa.column("code"), sa.column("name", sa.JSON()), sa.column("words"))
    for code, name in op.get_bind().execute(sa.select(areas.c.code, areas.c.name)).all():
        words = _words_of(*(name or {}).values())
        op.get_bind().execute(areas.update().where(areas.c.code == code).values(words=words))


def _words_of(*texts: str | None) -> str:
    folded = unicodedata.normalize("NFKD", " ".join(text or "" for text in texts).casefold())
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    spaced = re.sub(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])", r" \1 ", bare)
    return "".join(f" {word}" for word in dict.fromkeys(re.findall(r"[^\W_]+", spaced)))[:10000]
