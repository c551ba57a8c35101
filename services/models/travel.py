"""What travel rests on beside areas: air operators and the activities that trips serve."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json, new_id


class AirOperator(Base):
    """An airline or flight service."""

    __tablename__ = "air_operators"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str | None] = mapped_column(String(2))


class OperatorAdvice(Base):
    """What the aviation risk office advised about an operator; it advises, organisations decide."""

    __tablename__ = "operator_advice"
    __table_args__ = (
        CheckConstraint(
            "rating IN ('SUITABLE', 'SUITABLE_WITH_REMARKS', 'INSUFFICIENT_INFORMATION', 'NOT_RECOMMENDED')", name="rating"
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    operator: Mapped[str] = mapped_column(ForeignKey("air_operators.code"), index=True)
    rating: Mapped[str] = mapped_column(String(32))
    given_on: Mapped[date] = mapped_column(Date)
    given_by: Mapped[str] = mapped_column(String(64))
    remarks: Mapped[str | None] = mapped_column(String(2000))


class OperatorApproval(Base):
    """An organisation allows an operator: listed, for one trip, or for a route and period."""

    __tablename__ = "operator_approvals"
    __table_args__ = (
        CheckConstraint("kind IN ('LISTED', 'ONCE', 'BLANKET')", name="kind"),
        Index("ix_operator_approvals_operator_organisation", "operator", "organisation"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    operator: Mapped[str] = mapped_column(ForeignKey("air_operators.code"))
    organisation: Mapped[str | None] = mapped_column(ForeignKey("organisations.code"))
    kind: Mapped[str] = mapped_column(String(8))
    case_number: Mapped[str | None] = mapped_column(String(32))
    route: Mapped[str | None] = mapped_column(String(80))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Activity(Base):
    """A rated activity of an organisation: how critical it is, where, and from when until when the rating counts.

    `areas` are codes; an area stands for those inside it too. Without `pc_valid_from` the rating has always counted. A rating
    is renewed by another row that follows it; `case_id` is the assessment in which it was approved.
    """

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint("pc_level IN ('PC1', 'PC2', 'PC3', 'PC4')", name="pc_level"),
        CheckConstraint("pc_valid_from IS NULL OR pc_valid_to >= pc_valid_from", name="period"),
    )

    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    areas: Mapped[list[Any]] = mapped_column(Json)
    pc_level: Mapped[str] = mapped_column(String(4))
    pc_valid_from: Mapped[date | None] = mapped_column(Date)
    pc_valid_to: Mapped[date] = mapped_column(Date)
    follows: Mapped[str | None] = mapped_column(ForeignKey("activities.code"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
