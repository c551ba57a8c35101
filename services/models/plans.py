"""Crisis, evacuation and contingency plans of duty stations: their versions, their cycles of update and test, and who signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json, Ref, UtcDateTime, new_id

#: How a cycle went; one without a result is still going on.
RESULTS = ("TESTED", "UPDATED", "LAPSED", "CANCELLED")
_RUNNING = text("closed_at IS NULL")


class DutyStation(Base):
    """A place where the system has people, and the phase of its life that says which cycle its plans keep."""

    __tablename__ = "duty_stations"
    __table_args__ = (
        CheckConstraint("ds_type IN ('HQ_MAIN', 'REGIONAL_COMMISSION', 'FIELD_CAPITAL', 'FIELD_SUB')", name="ds_type"),
        CheckConstraint("phase IN ('STARTUP', 'ESTABLISHED', 'DRAWDOWN', 'CRISIS', 'CLOSED')", name="phase"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="period"),
    )

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[dict[str, Any]] = mapped_column(Json)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    ds_type: Mapped[str] = mapped_column(String(24))
    phase: Mapped[str] = mapped_column(String(16), default="ESTABLISHED")
    phase_since: Mapped[date] = mapped_column(Date)
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)


class Plan(Base):
    """A plan that a duty station must keep, with what is in force and what was last tested.

    `starts_on` is where the first periods count from; the months are those of the cycle table when it was last asked.
    """

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("duty_station", "plan_type", "scenario"),
        CheckConstraint("plan_type IN ('CRISIS', 'EVACUATION', 'CONTINGENCY')", name="plan_type"),
        CheckConstraint("version >= 0", name="version"),
    )

    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    duty_station: Mapped[str] = mapped_column(ForeignKey("duty_stations.code"))
    plan_type: Mapped[str] = mapped_column(String(16))
    scenario: Mapped[str] = mapped_column(String(24), default="")
    name: Mapped[dict[str, Any]] = mapped_column(Json)
    owner: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    starts_on: Mapped[date] = mapped_column(Date)
    retired_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=0)
    updated_on: Mapped[date | None] = mapped_column(Date)
    tested_on: Mapped[date | None] = mapped_column(Date)
    test_type: Mapped[str | None] = mapped_column(String(16))
    test_is_conditional: Mapped[bool] = mapped_column(default=False)
    update_months: Mapped[int] = mapped_column(Integer, default=12)
    test_months: Mapped[int] = mapped_column(Integer, default=12)
    min_test: Mapped[str] = mapped_column(String(16), default="TABLETOP")


class PlanVersion(Base):
    """One version of a plan, or the statement that nothing had to be changed."""

    __tablename__ = "plan_versions"
    __table_args__ = (
        CheckConstraint("kind IN ('NEW_VERSION', 'REVIEWED')", name="kind"),
        CheckConstraint("status IN ('DRAFT', 'RETURNED', 'IN_FORCE', 'SUPERSEDED', 'DROPPED')", name="status"),
        Index(
            "uq_plan_versions_plan_in_force",
            "plan",
            unique=True,
            sqlite_where=text("status = 'IN_FORCE'"),
            postgresql_where=text("status = 'IN_FORCE'"),
        ),
    )

    plan: Mapped[str] = mapped_column(ForeignKey("plans.code"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16))
    document: Mapped[str | None] = mapped_column(String(500))
    checklist: Mapped[dict[str, Any]] = mapped_column(Json)
    contacts_verified_on: Mapped[date | None] = mapped_column(Date)
    prepared_by: Mapped[str] = mapped_column(String(64))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(16), default="DRAFT")


class PlanCycle(Base):
    """One round of update and test of a plan. A plan never has two that are open; the database keeps that.

    `stage` says where an interrupted cycle goes on; paused days are added to its dates.
    """

    __tablename__ = "plan_cycles"
    __table_args__ = (
        CheckConstraint(
            "stage IN ('UPDATE', 'DESIGN', 'WAIT', 'EVALUATE', 'REPORT', 'GATE', 'CONDITION', 'CLOSED')", name="stage"
        ),
        CheckConstraint("result IS NULL OR result IN ('TESTED', 'UPDATED', 'LAPSED', 'CANCELLED')", name="result"),
        CheckConstraint("(closed_at IS NULL) = (result IS NULL)", name="closed"),
        Index("uq_plan_cycles_plan_open", "plan", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_plan_cycles_case_id", "case_id"),
    )

    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    plan: Mapped[str] = mapped_column(ForeignKey("plans.code"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    update_due: Mapped[date] = mapped_column(Date)
    test_due: Mapped[date | None] = mapped_column(Date)
    test_in_cycle: Mapped[bool] = mapped_column(default=True)
    min_test: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(16), default="UPDATE")
    update_done_on: Mapped[date | None] = mapped_column(Date)
    update_pending: Mapped[bool] = mapped_column(default=False)
    pending_reason: Mapped[str | None] = mapped_column(String(500))
    postponements: Mapped[int] = mapped_column(Integer, default=0)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_days: Mapped[int] = mapped_column(Integer, default=0)
    overdue_since: Mapped[date | None] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str | None] = mapped_column(String(16))


class PlanSignOff(Base):
    """What the Designated Official signed of a test, and what the plan went back to when a condition was not met."""

    __tablename__ = "plan_sign_offs"
    __table_args__ = (
        CheckConstraint("decision IN ('SIGN', 'SIGN_CONDITIONAL', 'REFUSE')", name="decision"),
        CheckConstraint("status IN ('IN_FORCE', 'CONDITIONAL', 'LAPSED', 'REFUSED')", name="status"),
        CheckConstraint("status <> 'CONDITIONAL' OR conditional_until IS NOT NULL", name="conditional_until"),
        Index("ix_plan_sign_offs_cycle", "cycle"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    cycle: Mapped[str] = mapped_column(ForeignKey("plan_cycles.number"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    exercise: Mapped[str] = mapped_column(ForeignKey("exercises.number"))
    decision: Mapped[str] = mapped_column(String(24))
    status: Mapped[str] = mapped_column(String(16))
    remarks: Mapped[str | None] = mapped_column(String(4000))
    signed_by: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    conditional_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tested_before: Mapped[date | None] = mapped_column(Date)
    test_type_before: Mapped[str | None] = mapped_column(String(16))
