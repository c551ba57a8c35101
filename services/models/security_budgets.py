"""Locally cost-shared security budgets: what is paid for in an area in a year, and which organisation carries how much of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json, UtcDateTime, new_id

_AGREED = text("outcome = 'AGREED'")


class SecurityBudget(Base):
    """The budget of a designated area for one year, in whole hundredths of one currency.

    Of each area and year one budget at most is agreed; the database keeps that.

    Attributes:
        census_on: The day on which heads are counted; of the latest shares, once there are any.
        version: The number of the latest shares; 0 while there are none.
        outcome: AGREED, NOT_AGREED, REFUSED or WITHDRAWN; None while it is open.
        unsettled: The organisations that had not confirmed their share when it ended.
    """

    __tablename__ = "security_budgets"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint("total_cents >= 0 AND version >= 0", name="amounts"),
        CheckConstraint("(version > 0) = (approved_at IS NOT NULL)", name="approved"),
        CheckConstraint("outcome IS NULL OR outcome IN ('AGREED', 'NOT_AGREED', 'REFUSED', 'WITHDRAWN')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
        Index("uq_security_budgets_agreed", "area", "year", unique=True, sqlite_where=_AGREED, postgresql_where=_AGREED),
        Index("ix_security_budgets_case_id", "case_id"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    year: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    total_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    census_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=0)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(16))
    unsettled: Mapped[list[Any]] = mapped_column(Json, default=list)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecurityBudgetLine(Base):
    """What a budget pays for in its year: a measure of an assessment, or a service that organisations have in common."""

    __tablename__ = "security_budget_lines"
    __table_args__ = (
        UniqueConstraint("budget", "no"),
        CheckConstraint("kind IN ('MEASURE', 'SERVICE')", name="kind"),
        CheckConstraint("amount_cents > 0", name="amount"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    budget: Mapped[str] = mapped_column(ForeignKey("security_budgets.number"))
    no: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(500))
    measure: Mapped[str | None] = mapped_column(String(48))  # Assessment and code, "SRM-XA-CAP-2026-01 M1".
    amount_cents: Mapped[int] = mapped_column(BigInteger)


class SecurityBudgetShare(Base):
    """What one organisation carries of a budget by one version of its shares, and what it said to that.

    Attributes:
        heads: The heads that the share follows.
        counted: The heads that the register of people showed on the census date; another number than `heads` was corrected.
        answer: CONFIRMED, OBJECTED or NO_ANSWER; None while the organisation is asked. No answer is no confirmation.
    """

    __tablename__ = "security_budget_shares"
    __table_args__ = (
        UniqueConstraint("budget", "version", "organisation"),
        CheckConstraint("heads > 0 AND counted >= 0 AND amount_cents >= 0 AND version > 0", name="amounts"),
        CheckConstraint("answer IS NULL OR answer IN ('CONFIRMED', 'OBJECTED', 'NO_ANSWER')", name="answer"),
        CheckConstraint("answer IS NULL OR answer <> 'OBJECTED' OR reasons IS NOT NULL", name="objected"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        Index("ix_security_budget_shares_organisation", "organisation"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    budget: Mapped[str] = mapped_column(ForeignKey("security_budgets.number"))
    version: Mapped[int] = mapped_column(Integer)
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    census_on: Mapped[date] = mapped_column(Date)
    heads: Mapped[int] = mapped_column(Integer)
    counted: Mapped[int] = mapped_column(Integer)
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str | None] = mapped_column(String(12))
    reasons: Mapped[str | None] = mapped_column(String(2000))
    answered_by: Mapped[str | None] = mapped_column(String(64))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
