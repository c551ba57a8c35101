"""Trainings: the courses, and who holds a valid one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, new_id


class TrainingCourse(Base):
    """A security course. Without a number of months its certificate does not expire."""

    __tablename__ = "training_courses"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    validity_months: Mapped[int | None] = mapped_column(Integer)


class TrainingRecord(Base):
    """A course that a person passed; `evidence` is the number of the case in which the certificate was checked, if any."""

    __tablename__ = "training_records"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= issued_on", name="period"),
        Index("ix_training_records_person_course", "person", "course"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    course: Mapped[str] = mapped_column(ForeignKey("training_courses.code"))
    issued_on: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    verified_by: Mapped[str | None] = mapped_column(String(64))
    revoked: Mapped[bool] = mapped_column(Boolean, default=False)
    evidence: Mapped[str | None] = mapped_column(String(64))
