"""Help that is asked for: protection of officials who travel, security staff for an area, and somebody to talk to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, UtcDateTime, new_id


class TravelNotification(Base):
    """A senior official is going to visit an area: whether the threat was assessed and the protection coordinated, and when.

    A visit whose place or times change goes on in a further row, which `replaced_by` names; what was assessed before stays.

    Attributes:
        departs_at: When the official leaves for the visit.
        visit: The visit of the case, the same in all of its rows.
        measure: What table D22.1 says, such as TEAM; see `services.registers.officials`.
        outcome: COORDINATED, ASSESSED_ONLY or TOO_LATE at the departure, or CANCELLED; None before.
    """

    __tablename__ = "travel_notifications"
    __table_args__ = (
        CheckConstraint("risk IS NULL OR risk IN ('LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH')", name="risk"),
        Index("ix_travel_notifications_departs_at", "departs_at"),
        Index("ix_travel_notifications_official", "official"),
        Index("ix_travel_notifications_case_id", "case_id"),
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
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visit: Mapped[str | None] = mapped_column(String(8))
    measure: Mapped[str | None] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    replaced_by: Mapped[str | None] = mapped_column(ForeignKey("travel_notifications.number"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))


class Deployment(Base):
    """Security staff sent to help a Security Management Team, because of what happens there or because nobody there knows how.

    The clock runs from `asked_at` to `arrived_at`, when the first of them checked in; at `complete_at` all were there.
    """

    __tablename__ = "deployments"
    __table_args__ = (
        CheckConstraint("kind IN ('EMERGING', 'EXPERTISE')", name="kind"),
        CheckConstraint("approved_at IS NULL OR refused_at IS NULL", name="one_answer"),
        CheckConstraint("arrived_at IS NULL OR (approved_at IS NOT NULL AND arrived_at >= approved_at)", name="arrival"),
        CheckConstraint("cancelled_at IS NULL OR (arrived_at IS NULL AND refused_at IS NULL)", name="cancelled"),
        Index("ix_deployments_approved_at", "approved_at"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    kind: Mapped[str] = mapped_column(String(16))
    incident: Mapped[str | None] = mapped_column(String(32))  # The number, which all versions of an incident share.
    need: Mapped[str] = mapped_column(String(2000))
    skills: Mapped[str | None] = mapped_column(String(1000))
    days: Mapped[int | None] = mapped_column(Integer)
    asked_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    complete_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeploymentMember(Base):
    """Somebody who was approved to be sent: whose supervisor released them, in which travel request, and when they checked in."""

    __tablename__ = "deployment_members"
    __table_args__ = (
        UniqueConstraint("deployment", "person"),
        CheckConstraint("arrived_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        Index("ix_deployment_members_person", "person"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    deployment: Mapped[str] = mapped_column(ForeignKey("deployments.number"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    released_by: Mapped[str] = mapped_column(ForeignKey("people.code"))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    travel_request: Mapped[str | None] = mapped_column(String(32))  # The number of the newest that goes there.
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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
