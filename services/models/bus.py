"""The event bus: what happened, which cases wait for what, and who has been told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Json, Line, Ref, Word

#: Something that happened and concerns whoever listens.
EVENT = "event"
#: A message of a case to the one that waits for its name and key.
MESSAGE = "message"
#: What a daily operation found due.
DUE = "due"

_PENDING = text("handled_at IS NULL AND buffered_at IS NULL")
_BUFFERED = text("handled_at IS NULL AND buffered_at IS NOT NULL")
_OWED = text("settled_at IS NULL")


class BusEvent(Base):
    """Something that happened, for other cases and processes to hear of.

    `effective_at`, then `id`, order what is told; ids made later by the same process are greater. A message that nobody waits for
    yet is buffered until `expires_at`.
    """

    __tablename__ = "event_bus"
    __table_args__ = (
        CheckConstraint("channel IN ('event', 'message', 'due')", name="channel"),
        Index("ix_event_bus_effective_at_pending", "effective_at", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_event_bus_kind_key_buffered", "kind", "key", sqlite_where=_BUFFERED, postgresql_where=_BUFFERED),
    )

    id: Mapped[Id]
    channel: Mapped[Code] = mapped_column(default=EVENT)
    kind: Mapped[Word]
    key: Mapped[Word | None]
    area: Mapped[Code | None]
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    created_by: Mapped[Code]
    created_by_case: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime]
    effective_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    buffered_at: Mapped[datetime | None]
    handled_at: Mapped[datetime | None]


class BusReceipt(Base):
    """A receiver has been told of an event, so that telling it again changes nothing; or is still owed it.

    The receiver is the id of a case, or stands for a rule by which cases open.
    """

    __tablename__ = "event_receipts"
    __table_args__ = (
        Index("ix_event_receipts_case_id", "case_id"),
        Index("ix_event_receipts_retry_at_owed", "retry_at", sqlite_where=_OWED, postgresql_where=_OWED),
    )

    event_id: Mapped[Ref] = mapped_column(ForeignKey("event_bus.id"), primary_key=True)
    receiver: Mapped[Word] = mapped_column(primary_key=True)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))
    action: Mapped[Code]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    error: Mapped[Line | None]


class CaseWait(Base):
    """A message or signal that an open case waits for; an empty key fits any."""

    __tablename__ = "case_waits"
    __table_args__ = (
        CheckConstraint("kind IN ('message', 'signal')", name="kind"),
        Index("ix_case_waits_name_key", "name", "key"),
    )

    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Word] = mapped_column(primary_key=True)
    key: Mapped[Word] = mapped_column(primary_key=True, default="")


class DailyRound(Base):
    """An operation has been asked what is due on a day; what it answered is on the bus."""

    __tablename__ = "daily_rounds"

    operation: Mapped[Word] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
