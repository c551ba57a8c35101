"""Clearances: who is cleared for which stop, the certificates, waivers and breaches."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json, UtcDateTime, new_id

#: Lines that nothing more can happen to.
CLOSED_STATUSES = ("DENIED", "REFUSED", "UNDECIDED", "REVOKED", "RELEASED", "LEFT", "NOT_COVERED")
#: Lines that allow the person to be there.
GRANTED_STATUSES = ("GRANTED", "GRANTED_COND", "IN_AREA")


class ClearanceLine(Base):
    """One person at one stop: what was asked, what is decided and where the person is."""

    __tablename__ = "clearances"
    __table_args__ = (
        UniqueConstraint("stop_key", "person"),
        CheckConstraint("depart_at > arrive_at", name="stay"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        Index("ix_clearances_area_arrive_at", "area", "arrive_at"),
        Index("ix_clearances_person_arrive_at", "person", "arrive_at"),
        Index("ix_clearances_flight", "operator", "flight_number", "arrive_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    stop_key: Mapped[str] = mapped_column(String(40))
    unit_key: Mapped[str] = mapped_column(String(48), index=True)
    stop_no: Mapped[int] = mapped_column(Integer)
    extends: Mapped[str | None] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    place: Mapped[str | None] = mapped_column(String(80))
    arrive_at: Mapped[datetime] = mapped_column(UtcDateTime)
    depart_at: Mapped[datetime] = mapped_column(UtcDateTime)
    travel_kind: Mapped[str] = mapped_column(String(16))
    stop_type: Mapped[str] = mapped_column(String(16))
    operator: Mapped[str | None] = mapped_column(String(80))
    flight_number: Mapped[str | None] = mapped_column(String(16))
    requirement: Mapped[str | None] = mapped_column(String(16))
    mode: Mapped[str | None] = mapped_column(String(8))
    tier: Mapped[int | None] = mapped_column(Integer)
    pc_level: Mapped[str | None] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16), default="PENDING")
    late: Mapped[bool] = mapped_column(Boolean, default=False)
    reconsidered: Mapped[bool] = mapped_column(Boolean, default=False)
    conflict: Mapped[str | None] = mapped_column(String(16))
    conditions: Mapped[list[Any]] = mapped_column(Json, default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    decision_id: Mapped[str | None] = mapped_column(String(32))
    valid_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Certificate(Base):
    """One version of a case's certificate. A newer version makes the older void; all of them stay readable.

    `holds` says why a suspended one does not count: it counts again when the last reason is gone.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        CheckConstraint("status IN ('VALID', 'SUSPENDED', 'VOID')", name="status"),
    )

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(12), default="VALID")
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    void_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str | None] = mapped_column(String(32))
    holds: Mapped[list[str]] = mapped_column(Json, default=list)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stops: Mapped[list[Any]] = mapped_column(Json)
    check_code: Mapped[str] = mapped_column(String(32), unique=True)


class Movement(Base):
    """A person's arrival, departure or sign of life, as the locator knows it."""

    __tablename__ = "movements"
    __table_args__ = (
        Index("ix_movements_area_at", "area", "at"),
        Index("ix_movements_person_at", "person", "at"),
        Index("ix_movements_closed_at", "closed_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    stop_key: Mapped[str | None] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str | None] = mapped_column(String(120))
    safe: Mapped[str | None] = mapped_column(String(16))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MovementTotal(Base):
    """How many movements of a kind there were in an area on a day, of journeys that are long over; nobody's in particular."""

    __tablename__ = "movement_totals"
    __table_args__ = (UniqueConstraint("area", "day", "kind"), CheckConstraint("movements > 0", name="movements"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(String(16))
    movements: Mapped[int] = mapped_column(Integer)


class Waiver(Base):
    """A prerequisite that somebody asked to be freed from, and the answer.

    `asked_by` is who asked, and `asked_as` the role in which they could, for a waiver that not everybody may ask for.
    """

    __tablename__ = "waivers"
    __table_args__ = (UniqueConstraint("case_id", "person", "code", "stop_key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    stop_key: Mapped[str] = mapped_column(String(48))
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    code: Mapped[str] = mapped_column(String(24))
    area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    reason: Mapped[str] = mapped_column(String(2000))
    mitigation: Mapped[str | None] = mapped_column(String(2000))
    status: Mapped[str] = mapped_column(String(12), default="ASKED")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str | None] = mapped_column(String(64))
    asked_as: Mapped[str | None] = mapped_column(String(16))
    decision_id: Mapped[str | None] = mapped_column(String(32))
    valid_to: Mapped[date | None] = mapped_column(Date)


class Breach(Base):
    """A stop that was reached without a clearance, and what was found out about it."""

    __tablename__ = "breaches"
    __table_args__ = (UniqueConstraint("stop_key", "person"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    stop_key: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    findings: Mapped[str | None] = mapped_column(String(2000))
    measure: Mapped[str | None] = mapped_column(String(2000))


class KpiEvent(Base):
    """Something that happened and counts in an indicator."""

    __tablename__ = "kpi_events"
    __table_args__ = (Index("ix_kpi_events_name_at", "name", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(48))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    area: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
