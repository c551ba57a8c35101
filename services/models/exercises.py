"""Exercises of plans: what was to be shown, what evaluators saw, what the report says, and what has to be put right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json, Ref, UtcDateTime

#: From the best to the worst, but for what nobody saw.
MARKS = ("MET", "PARTLY", "NOT_MET")
NOT_OBSERVED = "NOT_OBSERVED"
_MARK = "mark IN ('MET', 'PARTLY', 'NOT_MET', 'NOT_OBSERVED')"


class Exercise(Base):
    """An exercise of a plan, or a real event that may count as one."""

    __tablename__ = "exercises"
    __table_args__ = (
        CheckConstraint("kind IN ('EXERCISE', 'REAL_EVENT')", name="kind"),
        CheckConstraint("ex_type IN ('ORIENTATION', 'TABLETOP', 'DRILL', 'FUNCTIONAL', 'FULL_SCALE')", name="ex_type"),
        CheckConstraint(
            "status IN ('DESIGNED', 'APPROVED', 'CHANGED', 'REFUSED', 'RUNNING', 'ABORTED', 'RAN', 'RATED',"
            " 'TRAINING', 'FAILED', 'TESTED', 'NO_CREDIT', 'CANCELLED')",
            name="status",
        ),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="period"),
        Index("ix_exercises_plan", "plan", "starts_at"),
        Index("ix_exercises_case_id", "case_id"),
    )

    number: Mapped[str] = mapped_column(String(72), primary_key=True)
    cycle: Mapped[str] = mapped_column(ForeignKey("plan_cycles.number"))
    plan: Mapped[str] = mapped_column(ForeignKey("plans.code"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16), default="EXERCISE")
    ex_type: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    design: Mapped[dict[str, Any]] = mapped_column(Json)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    no_notice: Mapped[bool] = mapped_column(default=False)
    meets_min: Mapped[bool] = mapped_column(default=False)
    coordinator: Mapped[str | None] = mapped_column(String(64))
    approver: Mapped[str | None] = mapped_column(String(16))
    approved_by: Mapped[str | None] = mapped_column(String(64))
    host_answer: Mapped[str | None] = mapped_column(String(16))
    ran_on: Mapped[date | None] = mapped_column(Date)
    log: Mapped[list[Any]] = mapped_column(Json, default=list)
    attendance: Mapped[list[Any]] = mapped_column(Json, default=list)
    score_pct: Mapped[float | None] = mapped_column(Float)
    critical_unmet: Mapped[int | None] = mapped_column(Integer)
    rating: Mapped[str | None] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="DESIGNED")


class ExerciseObjective(Base):
    """One thing that an exercise is to show, and the mark it got in the end."""

    __tablename__ = "exercise_objectives"
    __table_args__ = (CheckConstraint(f"mark IS NULL OR {_MARK}", name="mark"),)

    exercise: Mapped[str] = mapped_column(ForeignKey("exercises.number"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(String(500))
    critical: Mapped[bool] = mapped_column(default=False)
    mark: Mapped[str | None] = mapped_column(String(16))


class ObjectiveMark(Base):
    """What one evaluator saw of one objective. Nobody reads it before having marked the exercise too."""

    __tablename__ = "objective_marks"
    __table_args__ = (
        CheckConstraint(_MARK, name="mark"),
        ForeignKeyConstraint(["exercise", "no"], ["exercise_objectives.exercise", "exercise_objectives.no"]),
    )

    exercise: Mapped[str] = mapped_column(String(72), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    evaluator: Mapped[str] = mapped_column(ForeignKey("people.code"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(16))
    evidence: Mapped[str | None] = mapped_column(String(2000))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AfterActionReport(Base):
    """The report on an exercise or a real event."""

    __tablename__ = "after_action_reports"

    exercise: Mapped[str] = mapped_column(ForeignKey("exercises.number"), primary_key=True)
    summary: Mapped[str] = mapped_column(String(4000))
    went_well: Mapped[str | None] = mapped_column(String(4000))
    findings: Mapped[list[Any]] = mapped_column(Json)
    plan_change_needed: Mapped[bool] = mapped_column(default=False)
    reported_by: Mapped[str] = mapped_column(String(64))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CorrectiveAction(Base):
    """Something to be put right after an exercise: by whom, until when, and who says that it is done."""

    __tablename__ = "corrective_actions"
    __table_args__ = (
        CheckConstraint("priority IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')", name="priority"),
        CheckConstraint("status IN ('OPEN', 'DONE', 'CLOSED', 'CANCELLED')", name="status"),
        CheckConstraint("(status = 'CLOSED') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_corrective_actions_exercise", "exercise"),
        Index("ix_corrective_actions_owner", "owner", "status"),
    )

    number: Mapped[str] = mapped_column(String(80), primary_key=True)
    exercise: Mapped[str] = mapped_column(ForeignKey("exercises.number"))
    plan: Mapped[str] = mapped_column(ForeignKey("plans.code"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    text: Mapped[str] = mapped_column(String(1000))
    owner: Mapped[str] = mapped_column(ForeignKey("people.code"))
    priority: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by_role: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="OPEN")
    evidence: Mapped[str | None] = mapped_column(String(4000))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(String(64))
    overdue_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
