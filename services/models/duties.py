"""What people need for their duties: trainings that they were told to take, and tools that their functions use."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, new_id


class TrainingAssignment(Base):
    """A course that somebody has to pass by a day. Whether it was passed is told by the trainings, not here."""

    __tablename__ = "training_assignments"
    __table_args__ = (
        UniqueConstraint("person", "course", "due_on"),
        CheckConstraint("audience IN ('MANAGERS', 'SECURITY', 'PERSONNEL')", name="audience"),
        CheckConstraint("due_on >= assigned_on", name="period"),
        Index("ix_training_assignments_due_on", "due_on"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    course: Mapped[str] = mapped_column(ForeignKey("training_courses.code"))
    audience: Mapped[str] = mapped_column(String(16))
    assigned_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)


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
