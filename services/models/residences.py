"""Residences: what an area may pay for, who lives where, what was surveyed, claimed and paid.

Money is kept in whole cents of US dollars. Everything has a natural key; ids of cases only say where a row comes from.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json, UtcDateTime

#: Schedules that allow payments, each for the dates that it names.
PAYABLE = ("IN_FORCE", "INTERIM", "SUPERSEDED", "EXPIRED", "LAPSED")


def _only(status: str) -> dict[str, Any]:
    condition = text(f"status = '{status}'")
    return {"unique": True, "sqlite_where": condition, "postgresql_where": condition}


class Schedule(Base):
    """One version of the measures that an area pays for at residences.

    Of each area one version is in force, and at most one interim approval stands beside it; the database keeps that. A version
    that was replaced stays payable up to its own last day.
    """

    __tablename__ = "rsm_schedules"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="validity"),
        CheckConstraint(
            "status IN ('SUBMITTED', 'INTERIM', 'IN_FORCE', 'SUPERSEDED', 'EXPIRED', 'LAPSED', 'REFUSED', 'REJECTED', 'RETURNED',"
            " 'WITHDRAWN')",
            name="status",
        ),
        Index("uq_rsm_schedules_area_in_force", "area", **_only("IN_FORCE")),
        Index("uq_rsm_schedules_area_interim", "area", **_only("INTERIM")),
        Index("ix_rsm_schedules_area_valid_from", "area", "valid_from"),
    )

    number: Mapped[str] = mapped_column(String(48), primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(12))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    authority: Mapped[str | None] = mapped_column(String(12))
    residual_residential: Mapped[str] = mapped_column(String(16))
    residence_count: Mapped[int] = mapped_column(Integer)
    yearly_total_cents: Mapped[int] = mapped_column(BigInteger)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    superseded_by: Mapped[str | None] = mapped_column(String(48))


class ScheduleLine(Base):
    """One measure of a schedule: for which residences, against which risk, up to which amount, and for whom."""

    __tablename__ = "rsm_lines"
    __table_args__ = (
        UniqueConstraint("schedule", "measure"),
        CheckConstraint("cost_kind IN ('ONE_OFF', 'RECURRING')", name="cost_kind"),
        CheckConstraint("share_rule IN ('PER_RESIDENCE', 'PER_PERSON')", name="share_rule"),
        CheckConstraint("cap_cents > 0", name="cap"),
    )

    schedule: Mapped[str] = mapped_column(ForeignKey("rsm_schedules.number"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    measure: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(160))
    residence_kinds: Mapped[list[Any]] = mapped_column(Json)
    risk_ref: Mapped[str | None] = mapped_column(String(160))
    cost_kind: Mapped[str] = mapped_column(String(12))
    cap_cents: Mapped[int] = mapped_column(BigInteger)
    share_rule: Mapped[str] = mapped_column(String(16))
    includes_local: Mapped[bool] = mapped_column(Boolean, default=False)
    armed: Mapped[bool] = mapped_column(Boolean, default=False)


class Residence(Base):
    """A home that people of the organisations live in. Where exactly it is stands apart, because few may know."""

    __tablename__ = "residences"

    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # APARTMENT, HOUSE or COMPOUND
    town: Mapped[str] = mapped_column(String(80))
    active_from: Mapped[date] = mapped_column(Date)
    active_to: Mapped[date | None] = mapped_column(Date)


class ResidenceAddress(Base):
    """Where a residence is: a table of its own, read only through `services.residences.read_address`."""

    __tablename__ = "residence_addresses"

    residence: Mapped[str] = mapped_column(ForeignKey("residences.code"), primary_key=True)
    address: Mapped[str] = mapped_column(String(400))


class Occupant(Base):
    """Somebody lives at a residence, from a day on and perhaps up to another; the last day is included."""

    __tablename__ = "residence_occupants"
    __table_args__ = (
        CheckConstraint("moved_out_on IS NULL OR moved_out_on >= moved_in_on", name="period"),
        Index("ix_residence_occupants_person", "person"),
    )

    residence: Mapped[str] = mapped_column(ForeignKey("residences.code"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"), primary_key=True)
    moved_in_on: Mapped[date] = mapped_column(Date, primary_key=True)
    moved_out_on: Mapped[date | None] = mapped_column(Date)


class Survey(Base):
    """A security officer's look at a residence and what he advises. It holds for twelve months and for the same occupants."""

    __tablename__ = "residence_surveys"
    __table_args__ = (CheckConstraint("valid_to > surveyed_on", name="validity"),)

    residence: Mapped[str] = mapped_column(ForeignKey("residences.code"), primary_key=True)
    surveyed_on: Mapped[date] = mapped_column(Date, primary_key=True)
    surveyor: Mapped[str] = mapped_column(ForeignKey("people.code"))
    occupants: Mapped[list[Any]] = mapped_column(Json)
    findings: Mapped[list[Any]] = mapped_column(Json)
    advice: Mapped[str | None] = mapped_column(String(4000))
    valid_to: Mapped[date] = mapped_column(Date)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)


class Invoice(Base):
    """A bill for one measure at one residence, and how much of it was paid back: the row that every payment must pass.

    Sharers claim their parts of the same bill. Each payment is one conditional UPDATE of this row, so that of two at the same
    moment the second finds what the first has left, and the parts can never come to more than the bill.
    """

    __tablename__ = "rsm_invoices"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount"),
        CheckConstraint("paid_cents >= 0 AND paid_cents <= amount_cents", name="never_more_than_billed"),
    )

    residence: Mapped[str] = mapped_column(ForeignKey("residences.code"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(8), primary_key=True)
    invoice_no: Mapped[str] = mapped_column(String(64), primary_key=True)
    invoice_on: Mapped[date] = mapped_column(Date)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    paid_cents: Mapped[int] = mapped_column(BigInteger, default=0)


class ClaimLine(Base):
    """One measure that somebody wants back, or asks about before buying; `payable_cents` is what was worked out."""

    __tablename__ = "rsm_claims"
    __table_args__ = (
        CheckConstraint("amount_cents > 0 AND months > 0", name="amount"),
        CheckConstraint("status IN ('OPEN', 'PREAPPROVED', 'PAID', 'REJECTED', 'WITHDRAWN')", name="status"),
        Index("ix_rsm_claims_residence_measure", "residence", "measure"),
        Index("ix_rsm_claims_person", "person"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True)
    residence: Mapped[str] = mapped_column(ForeignKey("residences.code"))
    measure: Mapped[str] = mapped_column(String(8))
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    cost_kind: Mapped[str] = mapped_column(String(12))
    invoice_no: Mapped[str | None] = mapped_column(String(64))
    invoice_on: Mapped[date] = mapped_column(Date)
    period_from: Mapped[date | None] = mapped_column(Date)
    months: Mapped[int] = mapped_column(Integer)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    decision: Mapped[str | None] = mapped_column(String(16))
    route: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(500))
    status: Mapped[str] = mapped_column(String(12))
    payable_cents: Mapped[int | None] = mapped_column(BigInteger)
    valid_to: Mapped[date | None] = mapped_column(Date)  # Of a pre-approval.
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Payment(Base):
    """Money that was paid back for a measure at a residence; found again by those two, not by a name."""

    __tablename__ = "rsm_payments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["residence", "measure", "invoice_no"],
            ["rsm_invoices.residence", "rsm_invoices.measure", "rsm_invoices.invoice_no"],
        ),
        CheckConstraint("amount_cents > 0", name="amount"),
        Index("ix_rsm_payments_residence_measure", "residence", "measure"),
        Index("ix_rsm_payments_person_measure", "person", "measure"),
    )

    number: Mapped[str] = mapped_column(String(48), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    residence: Mapped[str] = mapped_column(ForeignKey("residences.code"))
    measure: Mapped[str] = mapped_column(String(8))
    invoice_no: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    cost_kind: Mapped[str] = mapped_column(String(12))
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    installed_on: Mapped[date] = mapped_column(Date)
    budget_line: Mapped[str | None] = mapped_column(String(64))
    order_ref: Mapped[str | None] = mapped_column(String(64))
    paid_at: Mapped[datetime] = mapped_column(UtcDateTime)
