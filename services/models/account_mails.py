"""Mails that tell people what happened to their account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Line

PASSWORD, OPENED, CLOSED, ADDRESS = "PASSWORD", "OPENED", "CLOSED", "ADDRESS"
_WAITING = text("given_up_at IS NULL")


class AccountMail(Base):
    """What happened to the account of a person, on its way to one address; it is removed once it has left.

    `not_before` says when it is tried (again). Its text is written when it leaves, and nothing in it opens anything.
    """

    __tablename__ = "account_mails"
    __table_args__ = (
        CheckConstraint("what IN ('PASSWORD', 'OPENED', 'CLOSED', 'ADDRESS')", name="what"),
        Index("ix_account_mails_not_before_waiting", "not_before", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_account_mails_person", "person"),
    )

    id: Mapped[Id]
    person: Mapped[Code] = mapped_column(ForeignKey("people.code"))
    what: Mapped[Code]
    address: Mapped[str] = mapped_column(String(254))
    happened_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    given_up_at: Mapped[datetime | None]
    error: Mapped[Line | None]
