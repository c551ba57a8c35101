"""Security incidents, crises, what was done to get people out of danger, and the security plans behind it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json, UtcDateTime, new_id


class Incident(Base):
    """A version of what is known of a security incident; a correction after the endorsement is the next version."""

    __tablename__ = "incidents"
    __table_args__ = (
        UniqueConstraint("number", "version"),
        CheckConstraint("severity IS NULL OR severity IN ('MINOR', 'MODERATE', 'MAJOR', 'CRITICAL')", name="severity"),
        CheckConstraint(
            "status IN ('REPORTED', 'TRIAGED', 'RECORDED', 'CLOSED', 'DUPLICATE', 'NOT_SECURITY', 'FALSE_ALARM', 'SUPERSEDED')",
            name="status",
        ),
        Index("ix_incidents_area_happened_at", "area", "happened_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    status: Mapped[str] = mapped_column(String(16))
    confidential: Mapped[bool] = mapped_column(Boolean, default=False)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    place: Mapped[str | None] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(2000))
    reported_kind: Mapped[str] = mapped_column(String(24))
    category: Mapped[str | None] = mapped_column(String(24))
    severity: Mapped[str | None] = mapped_column(String(16))
    un_related: Mapped[bool | None] = mapped_column(Boolean)
    duplicate_of: Mapped[str | None] = mapped_column(String(32))
    account: Mapped[str | None] = mapped_column(String(10_000))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reported_by: Mapped[str] = mapped_column(ForeignKey("people.code"))
    confidant: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    triaged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AffectedPerson(Base):
    """Somebody whom an incident harmed or threatened; support is offered to each."""

    __tablename__ = "affected_persons"
    __table_args__ = (CheckConstraint("person IS NOT NULL OR name IS NOT NULL", name="named"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"), index=True)
    person: Mapped[str | None] = mapped_column(ForeignKey("people.code"), index=True)
    name: Mapped[str | None] = mapped_column(String(120))
    effect: Mapped[str] = mapped_column(String(16))
    support_offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Crisis(Base):
    """A crisis of an area, from the report to its end. Its moments are what the indicator of timely activation is made of."""

    __tablename__ = "crises"
    __table_args__ = (
        CheckConstraint("status IN ('REPORTED', 'NOT_CONFIRMED', 'ACTIVE', 'CLOSED')", name="status"),
        CheckConstraint("activated_at IS NULL OR activated_at >= reported_at", name="activation"),
        Index("ix_crises_area_status", "area", "status"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(2000))
    incident: Mapped[str | None] = mapped_column(String(32))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    activated_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    provisional: Mapped[bool] = mapped_column(Boolean, default=False)
    ratified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reports: Mapped[int] = mapped_column(Integer, default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))


class RiskAvoidance(Base):
    """Other ways of working, a relocation or an evacuation: who leaves where, on whose word, and until when."""

    __tablename__ = "risk_avoidances"
    __table_args__ = (
        CheckConstraint("measure IN ('ALTERNATE', 'RELOCATION', 'EVACUATION')", name="measure"),
        CheckConstraint("status IN ('PROPOSED', 'REFUSED', 'IN_FORCE', 'RETURNED')", name="status"),
        Index("ix_risk_avoidances_area_status", "area", "status"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    status: Mapped[str] = mapped_column(String(16))
    measure: Mapped[str] = mapped_column(String(16))
    groups: Mapped[list[Any]] = mapped_column(Json)
    essential: Mapped[list[Any]] = mapped_column(Json)
    destination: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    reason: Mapped[str] = mapped_column(String(2000))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    decided_as: Mapped[str | None] = mapped_column(String(16))
    alone_because: Mapped[str | None] = mapped_column(String(24))
    begins_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecurityPlan(Base):
    """A version of the security plan of a designated area."""

    __tablename__ = "security_plans"
    __table_args__ = (
        UniqueConstraint("area", "version"),
        CheckConstraint(
            "status IN ('DRAFT', 'APPROVED', 'ENDORSED', 'STALE', 'SUPERSEDED', 'REFUSED', 'WITHDRAWN')", name="status"
        ),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="period"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    version: Mapped[int] = mapped_column(Integer)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    status: Mapped[str] = mapped_column(String(16))
    editorial: Mapped[bool] = mapped_column(Boolean, default=False)
    sections: Mapped[dict[str, Any]] = mapped_column(Json)
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    endorsed_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    endorsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
