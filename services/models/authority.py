"""Authority: who holds which role where, who acts for whom, and who is away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, UtcDateTime, new_id


class RoleHolding(Base):
    """A role of a person, for areas and organisations, in a period. Empty area or organisation means all of them."""

    __tablename__ = "role_holdings"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
        Index("ix_role_holdings_person_role", "person", "role"),
        Index("ix_role_holdings_role_area", "role", "area"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"))
    role: Mapped[str] = mapped_column(String(16))
    area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    organisation: Mapped[str | None] = mapped_column(ForeignKey("organisations.code"))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    capacity: Mapped[str] = mapped_column(String(16), default="OWN")
    delegation_id: Mapped[str | None] = mapped_column(ForeignKey("delegations.number"))
    source: Mapped[str | None] = mapped_column(String(120))


class Delegation(Base):
    """A written, accepted delegation of one authority.

    To a person: the delegate then also holds the delegator's role through a role holding that names this number.
    To a role (`delegate_role`): a standing order, for example of tier 2 clearances to the adviser of the area.
    """

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
        CheckConstraint("delegate IS NOT NULL OR delegate_role IS NOT NULL", name="delegate_named"),
        CheckConstraint("delegate IS NULL OR delegate <> delegator", name="delegate_is_another"),
        Index("ix_delegations_area_role", "area", "delegate_role"),
    )

    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    delegator: Mapped[str] = mapped_column(ForeignKey("people.code"))
    delegate: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    delegate_role: Mapped[str | None] = mapped_column(String(16))
    authority: Mapped[str] = mapped_column(String(24))
    area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    organisation: Mapped[str | None] = mapped_column(ForeignKey("organisations.code"))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(500))


class Absence(Base):
    """A person is away; the substitute acts ad interim meanwhile: in all roles or in one, everywhere or in one area.

    What a person declares at once shares its dates and its `declaration`: one row for each substitute, role and area. A
    substitute who declined does not act.
    """

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("valid_to > valid_from", name="period"),
        CheckConstraint("substitute IS NULL OR substitute <> person", name="substitute_is_another"),
        Index("ix_absences_substitute", "substitute"),
        Index("ix_absences_declaration", "declaration"),
        Index("ix_absences_valid_to", "valid_to"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person: Mapped[str] = mapped_column(ForeignKey("people.code"), index=True)
    substitute: Mapped[str | None] = mapped_column(ForeignKey("people.code"))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime] = mapped_column(UtcDateTime)
    declaration: Mapped[str | None] = mapped_column(String(32))
    role: Mapped[str | None] = mapped_column(String(16))
    area: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
