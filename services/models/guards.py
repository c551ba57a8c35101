"""Contracts with vendors of guards: what was agreed, how each month was, and which incidents happened meanwhile."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Ref, UtcDateTime

#: A contract that was not confirmed yet, one that counts, and how one ends.
PROPOSED, IN_FORCE = "PROPOSED", "IN_FORCE"
RENEWED, ENDED, RAN_OUT, TERMINATED, DROPPED = "RENEWED", "ENDED", "RAN_OUT", "TERMINATED", "DROPPED"
#: What is said to follow a contract.
RENEW, TENDER, LET_END = "RENEW", "TENDER", "LET_END"
#: A month that nobody rated.
NOT_RATED = "NOT_RATED"


class GuardContract(Base):
    """A contract with a vendor that guards premises of an organisation.

    Attributes:
        previous: The contract that it follows.
        follows: What was said to follow it: RENEW, TENDER or LET_END; None while nobody said.
        ended_on: Its last day as it came about; None while it counts.
        amount: For the whole time, in whole US dollars.
    """

    __tablename__ = "guard_contracts"
    __table_args__ = (
        CheckConstraint("posts > 0 AND weekly_hours > 0", name="posts"),
        CheckConstraint("amount IS NULL OR amount >= 0", name="amount"),
        CheckConstraint("ends_on > starts_on", name="period"),
        CheckConstraint(
            "status IN ('PROPOSED', 'IN_FORCE', 'RENEWED', 'ENDED', 'RAN_OUT', 'TERMINATED', 'DROPPED')", name="status"
        ),
        CheckConstraint("follows IS NULL OR follows IN ('RENEW', 'TENDER', 'LET_END')", name="follows"),
        CheckConstraint("status IN ('PROPOSED', 'DROPPED') OR confirmed_by IS NOT NULL", name="confirmed"),
        Index("ix_guard_contracts_ends_on", "status", "ends_on"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"), index=True)
    organisation: Mapped[str] = mapped_column(ForeignKey("organisations.code"))
    premises: Mapped[str] = mapped_column(ForeignKey("premises.code"), index=True)
    area: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    vendor: Mapped[str] = mapped_column(String(120))
    contract_no: Mapped[str] = mapped_column(String(60))
    posts: Mapped[int] = mapped_column(Integer)
    weekly_hours: Mapped[int] = mapped_column(Integer)
    posts_words: Mapped[str] = mapped_column(String(2000))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[int | None] = mapped_column(Integer)
    previous: Mapped[str | None] = mapped_column(ForeignKey("guard_contracts.number"), index=True)
    status: Mapped[str] = mapped_column(String(16), default=PROPOSED)
    entered_by: Mapped[str] = mapped_column(ForeignKey("people.code"))
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    follows: Mapped[str | None] = mapped_column(String(8))
    ended_on: Mapped[date | None] = mapped_column(Date)
    reasons: Mapped[str | None] = mapped_column(String(2000))


class GuardRating(Base):
    """How a contract was kept from one monthly day to the next; `rating` is NOT_RATED when nobody said."""

    __tablename__ = "guard_ratings"
    __table_args__ = (
        CheckConstraint("rating IN ('GOOD', 'ACCEPTABLE', 'BAD', 'NOT_RATED')", name="rating"),
        CheckConstraint("rating <> 'BAD' OR (reasons IS NOT NULL AND follow_up IS NOT NULL)", name="bad"),
        CheckConstraint("(rating = 'NOT_RATED') = (rated_by IS NULL)", name="rated"),
    )

    contract: Mapped[str] = mapped_column(ForeignKey("guard_contracts.number"), primary_key=True)
    until: Mapped[date] = mapped_column(Date, primary_key=True)
    since: Mapped[date] = mapped_column(Date)
    manned: Mapped[str | None] = mapped_column(String(8))
    handled: Mapped[str | None] = mapped_column(String(8))
    kept: Mapped[str | None] = mapped_column(String(8))
    rating: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[str | None] = mapped_column(String(2000))
    follow_up: Mapped[str | None] = mapped_column(String(2000))
    follow_up_on: Mapped[date | None] = mapped_column(Date)
    rated_by: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GuardIncident(Base):
    """An incident that happened at premises while a contract guarded them; it is named by its number, as incidents are."""

    __tablename__ = "guard_incidents"

    contract: Mapped[str] = mapped_column(ForeignKey("guard_contracts.number"), primary_key=True)
    incident: Mapped[str] = mapped_column(String(32), primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    linked_by: Mapped[str] = mapped_column(ForeignKey("people.code"))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
