"""What people need for their duties: trainings that they were told to take, and tools that their functions use."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, new_id

_OPEN = text("withdrawn_on IS NULL")


class TrainingAssignment(Base):
    """A course that somebody has to pass by a day. Whether it was passed is told by the trainings, not here.

    `ground` is what a rule assigned it for; what was assigned by hand has none. One that does not bind is a recommendation.
    `told_days` says which delay was told already: 14 days to the person and the supervisor, 60 to the head as well.
    `ended_by_rule` says that a rule withdrew it, because its ground went or a later one took its place. One that was withdrawn
    by hand is not assigned again on the same ground.
    """

    __tablename__ = "training_assignments"
    __table_args__ = (
        UniqueConstraint("person", "course", "due_on"),
        CheckConstraint("audience IN ('MANAGERS', 'SECURITY', 'PERSONNEL')", name="audience"),
        CheckConstraint("due_on >= assigned_on", name="period"),
        Index("ix_training_assignments_due_on", "due_on"),
        Index("ix_training_assignments_person", "person", "course", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    course: Mapped[str] = mapped_column(ForeignKey("training_courses.code"))
    audience: Mapped[str] = mapped_column(String(16))
    assigned_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    ground: Mapped[str | None] = mapped_column(String(64))
    binding: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    told_days: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    ended_by_rule: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class ToolNeed(Base):
    """A role needs a tool: one line of the matrix of functions and tools."""

    __tablename__ = "tool_needs"
    __table_args__ = (
        UniqueConstraint("role", "tool", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    role: Mapped[str] = mapped_column(String(16))
    tool: Mapped[str] = mapped_column(String(24))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class ToolAccess(Base):
    """Somebody may use a tool, from a day on and perhaps up to another; the last day is included."""

    __tablename__ = "tool_access"
    __table_args__ = (
        UniqueConstraint("person", "tool", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    tool: Mapped[str] = mapped_column(String(24))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
