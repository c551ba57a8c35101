"""The event bus: what happened in an area, and which units of stops have heard of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.models.base import Base, Json, UtcDateTime, new_id
from services.models.cases import Case


class BusEvent(Base):
    """Something that happened in an area and concerns running cases. `effective_at` orders the events of one area."""

    __tablename__ = "event_bus"
    __table_args__ = (Index("ix_event_bus_pending", "handled_at", "effective_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(32))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    created_by: Mapped[str] = mapped_column(String(64))
    created_by_case: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    effective_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case | None] = relationship(lazy="raise")


class BusReceipt(Base):
    """A unit has been told of an event: telling it again changes nothing."""

    __tablename__ = "event_receipts"

    event_id: Mapped[str] = mapped_column(ForeignKey("event_bus.id"), primary_key=True)
    unit_key: Mapped[str] = mapped_column(String(48), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    action: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(lazy="raise")
    event: Mapped[BusEvent] = relationship(lazy="raise")
