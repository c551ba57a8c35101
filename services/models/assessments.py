"""Security risk assessments: versions for an area, the events that may happen, and the measures against them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json, UtcDateTime, new_id

FULL, UPDATE, AD_HOC = "FULL", "UPDATE", "AD_HOC"
#: Statuses of a version that is in force between its dates. An ad hoc assessment of low risk stays at the approval.
IN_FORCE_STATUSES = ("APPROVED", "ENDORSED", "ENDORSED_WITH_OBSERVATIONS")
ENDORSED_STATUSES = ("ENDORSED", "ENDORSED_WITH_OBSERVATIONS")
#: Statuses of a version that never comes into force.
FAILED_STATUSES = ("REFUSED", "REJECTED", "WITHDRAWN")
#: States of a measure about which nothing more is to be done.
SETTLED_STATES = ("DONE", "DROPPED")


class Assessment(Base):
    """One version of the assessment of an area, or of an activity in it.

    The sections are kept as they were approved. `valid_to` is the last day on which the version is in force; a version that is
    superseded early ends the day before its successor begins.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("variant IN ('FULL', 'UPDATE', 'AD_HOC')", name="variant"),
        CheckConstraint(
            "status IN ('DRAFT', 'IN_CONSULTATION', 'WITH_SMT', 'WITH_DO', 'APPROVED', 'WITH_DESK', 'RETURNED', 'WITH_DIRECTOR', "
            "'WITH_USG', 'ENDORSED', 'ENDORSED_WITH_OBSERVATIONS', 'REFUSED', 'REJECTED', 'WITHDRAWN', 'SUPERSEDED', 'EXPIRED')",
            name="status",
        ),
        CheckConstraint("valid_to IS NULL OR (valid_from IS NOT NULL AND valid_to >= valid_from)", name="validity"),
        CheckConstraint("level IS NULL OR level BETWEEN 1 AND 6", name="level"),
        CheckConstraint(
            "residual_max IS NULL OR residual_max IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH', 'UNACCEPTABLE')", name="residual_max"
        ),
        CheckConstraint("superseded_by IS NULL OR superseded_by <> number", name="superseded_by_another"),
        Index("ix_assessments_area_valid_from", "area", "valid_from"),
        Index("ix_assessments_status_valid_to", "status", "valid_to"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    variant: Mapped[str] = mapped_column(String(8))
    trigger: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(String(2000))
    activity: Mapped[str | None] = mapped_column(String(500))
    activity_from: Mapped[date | None] = mapped_column(Date)
    activity_to: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(32), default="DRAFT")
    base: Mapped[str | None] = mapped_column(ForeignKey("assessments.number"))
    superseded_by: Mapped[str | None] = mapped_column(ForeignKey("assessments.number"))
    under_review: Mapped[bool] = mapped_column(Boolean, default=False)  # A newer version is being written.
    frame: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    situation: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    programmes: Mapped[list[Any]] = mapped_column(Json, default=list)
    threats: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    proposals: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    residual: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    meeting: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    level: Mapped[int | None] = mapped_column(Integer)
    residual_max: Mapped[str | None] = mapped_column(String(16))
    endorser: Mapped[str | None] = mapped_column(String(16))
    observations: Mapped[str | None] = mapped_column(String(4000))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(64))
    endorsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    interim_review_on: Mapped[date | None] = mapped_column(Date)
    created_by: Mapped[str] = mapped_column(String(64))


class RiskEvent(Base):
    """An event that may happen in the area, with its risk now and after the measures."""

    __tablename__ = "risk_events"
    __table_args__ = (
        UniqueConstraint("assessment", "code"),
        CheckConstraint("likelihood BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5", name="current"),
        CheckConstraint("residual_likelihood BETWEEN 1 AND likelihood AND residual_impact BETWEEN 1 AND impact", name="residual"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.number"))
    code: Mapped[str] = mapped_column(String(8))
    description: Mapped[str] = mapped_column(String(500))
    category: Mapped[str] = mapped_column(String(16))
    affected: Mapped[str | None] = mapped_column(String(500))
    likelihood: Mapped[int] = mapped_column(Integer)
    impact: Mapped[int] = mapped_column(Integer)
    risk: Mapped[str] = mapped_column(String(16))
    residual_likelihood: Mapped[int] = mapped_column(Integer)
    residual_impact: Mapped[int] = mapped_column(Integer)
    residual_risk: Mapped[str] = mapped_column(String(16))
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # Reasons and the measures there are already.


class Measure(Base):
    """What an organisation does against events, until when, and at what cost."""

    __tablename__ = "measures"
    __table_args__ = (
        UniqueConstraint("assessment", "code"),
        CheckConstraint("kind IN ('PREVENT', 'MITIGATE', 'AVOID', 'RESIDENTIAL', 'TRAINING', 'MOVEMENT')", name="kind"),
        CheckConstraint("state IN ('PLANNED', 'IN_PROGRESS', 'DONE', 'DROPPED', 'OVERDUE')", name="state"),
        CheckConstraint("one_off_cost >= 0 AND yearly_cost >= 0", name="costs"),
        Index("ix_measures_owner_state", "owner", "state"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    assessment: Mapped[str] = mapped_column(ForeignKey("assessments.number"))
    code: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(500))
    kind: Mapped[str] = mapped_column(String(16))
    lowers: Mapped[list[Any]] = mapped_column(Json, default=list)  # Codes of the events that it is against.
    owner: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    due_on: Mapped[date] = mapped_column(Date)
    one_off_cost: Mapped[int] = mapped_column(Integer, default=0)  # US dollars.
    yearly_cost: Mapped[int] = mapped_column(Integer, default=0)
    cost_share: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default="PLANNED")
    settled_on: Mapped[date | None] = mapped_column(Date)
    remarks: Mapped[str | None] = mapped_column(String(1000))
