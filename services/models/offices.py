"""New missions and offices: what was asked for, what security needs there, and how it ended."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, UtcDateTime, new_id


class OfficeRequest(Base):
    """A new mission or office that an organisation or a department asks for.

    Attributes:
        assessment: The number of the endorsed assessment that its requirements follow.
        duty_station: What was opened for it, or what it belongs to.
        outcome: OPENED, REFUSED, RETURNED (too often) or WITHDRAWN; None while it is open.
    """

    __tablename__ = "office_requests"
    __table_args__ = (
        CheckConstraint("ds_type IN ('HQ_MAIN', 'REGIONAL_COMMISSION', 'FIELD_CAPITAL', 'FIELD_SUB')", name="ds_type"),
        CheckConstraint("people > 0", name="people"),
        CheckConstraint("outcome IS NULL OR outcome IN ('OPENED', 'REFUSED', 'RETURNED', 'WITHDRAWN')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("outcome IS NULL OR outcome <> 'OPENED' OR duty_station IS NOT NULL", name="opened"),
        Index("ix_office_requests_area", "area"),
        Index("ix_office_requests_case_id", "case_id"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    name: Mapped[str] = mapped_column(String(120))
    ds_type: Mapped[str] = mapped_column(String(24))
    purpose: Mapped[str] = mapped_column(String(2000))
    people: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    organisation: Mapped[str | None] = mapped_column(ForeignKey("organisations.code"))
    asked_by: Mapped[str] = mapped_column(ForeignKey("people.code"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assessment: Mapped[str | None] = mapped_column(ForeignKey("assessments.number"))
    duty_station: Mapped[str | None] = mapped_column(ForeignKey("duty_stations.code"))
    outcome: Mapped[str | None] = mapped_column(String(16))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OfficeRequirement(Base):
    """What security needs in a new office: of which organisation, from which year on, and at what cost in US dollars."""

    __tablename__ = "office_requirements"
    __table_args__ = (
        CheckConstraint("kind IN ('STAFF', 'MOSS', 'RSM', 'OTHER')", name="kind"),
        CheckConstraint("one_off_cost >= 0 AND yearly_cost >= 0", name="costs"),
        Index("ix_office_requirements_request", "request"),
        Index("ix_office_requirements_organisation", "organisation"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    request: Mapped[str] = mapped_column(ForeignKey("office_requests.number"))
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(500))
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    year: Mapped[int] = mapped_column(Integer)
    one_off_cost: Mapped[int] = mapped_column(Integer, default=0)
    yearly_cost: Mapped[int] = mapped_column(Integer, default=0)
