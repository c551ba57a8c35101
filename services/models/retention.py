"""What keeps a case from being forgotten, what lets the database forget it, and how many cases are gone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Prose, Ref

#: Tables whose rows are only ever added, and go with their case alone.
HOLD_TABLES = ("case_holds", "case_hold_ends")


class CaseHold(Base):
    """An order to keep a case as it is, for an investigation or a claim. Rows are only ever added."""

    __tablename__ = "case_holds"
    __table_args__ = (Index("ix_case_holds_case_id", "case_id"),)

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    by: Mapped[Code]
    role: Mapped[Code]
    at: Mapped[datetime]
    reason: Mapped[Prose]


class CaseHoldEnd(Base):
    """That a hold was lifted. The key lets a hold be lifted once, whoever is at it together."""

    __tablename__ = "case_hold_ends"

    hold_id: Mapped[Ref] = mapped_column(ForeignKey("case_holds.id"), primary_key=True)
    by: Mapped[Code]
    role: Mapped[Code]
    at: Mapped[datetime]
    reason: Mapped[Prose]


class Forgetting(Base):
    """A case that is being forgotten in this very transaction: only for it the database lets rows of its history go.

    `whole` lets the record go too. The row is gone before the commit, so nobody else ever sees one.
    """

    __tablename__ = "forgettings"

    case_id: Mapped[Ref] = mapped_column(primary_key=True)
    whole: Mapped[bool]


class ForgottenTotal(Base):
    """How many cases of a process were removed on a day; which ones nobody knows."""

    __tablename__ = "forgotten_totals"
    __table_args__ = (CheckConstraint("cases > 0", name="cases"),)

    process_key: Mapped[Code] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    cases: Mapped[int]
