"""Help that is asked for: protection of officials who travel, security staff for an area, and somebody to talk to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, UtcDateTime, new_id


class TravelNotification(Base):
    """A senior official is going to travel: whether the threat was assessed and the protection coordinated, and when."""

    __tablename__ = "travel_notifications"
    __table_args__ = (
        CheckConstraint("risk IS NULL OR risk IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH')", name="risk"),
        Index("ix_travel_notifications_departs_at", "departs_at"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    official: Mapped[str] = mapped_column(ForeignKey("people.code"))
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    notified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    departs_at: Mapped[datetime] = mapped_column(UtcDateTime)
    risk: Mapped[str | None] = mapped_column(String(16))
    assessed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    coordinated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Deployment(Base):
    """Security staff sent to help a Security Management Team, because of what happens there or because nobody there knows how."""

    __tablename__ = "deployments"
    __table_args__ = (
        CheckConstraint("kind IN ('EMERGING', 'EXPERTISE')", name="kind"),
        CheckConstraint("approved_at IS NULL OR refused_at IS NULL", name="one_answer"),
        CheckConstraint("arrived_at IS NULL OR (approved_at IS NOT NULL AND arrived_at >= approved_at)", name="arrival"),
        Index("ix_deployments_approved_at", "approved_at"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    kind: Mapped[str] = mapped_column(String(16))
    need: Mapped[str] = mapped_column(String(2000))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SupportContact(Base):
    """A counsellor reached somebody whom an incident affected, or that person declined. Dates only: what was said is nowhere."""

    __tablename__ = "support_contacts"
    __table_args__ = (
        UniqueConstraint("incident", "person"),
        CheckConstraint("reached_at IS NOT NULL OR declined_at IS NOT NULL", name="outcome"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    incident: Mapped[str] = mapped_column(String(32))  # The number, which all versions of an incident share.
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    reached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    noted_by: Mapped[str] = mapped_column(ForeignKey("people.code"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
