"""What people keep about their inbox: tasks that they put off, and views by name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Prose, Ref, Word


class PutOff(Base):
    """A task that a person does not want to see before a moment. Nobody else notices.

    `assignee` and `claimed_by` are those of the task when it was put off: in other hands it comes back at once.
    """

    __tablename__ = "tasks_put_off"
    __table_args__ = (Index("ix_tasks_put_off_task_id", "task_id"),)

    person: Mapped[Code] = mapped_column(primary_key=True)
    task_id: Mapped[Ref] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    until: Mapped[datetime]
    since: Mapped[datetime]
    assignee: Mapped[Code | None]
    claimed_by: Mapped[Code | None]


class SavedView(Base):
    """A view of the inbox under a name: the query of its address, which says everything."""

    __tablename__ = "inbox_views"
    __table_args__ = (UniqueConstraint("person", "name"),)

    id: Mapped[Id]
    person: Mapped[Code]
    name: Mapped[Word]
    query: Mapped[Prose]
    created_at: Mapped[datetime]
