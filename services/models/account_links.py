"""Links by which people choose the password of their account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Line

INVITED, FORGOTTEN = "INVITED", "FORGOTTEN"
_WAITING = text("sent_at IS NULL")


class AccountLink(Base):
    """The one link of an account that holds. The address itself is not kept: it is sealed with a key that only servers know.

    `nonce` stands in the address; `not_before` says when its mail is tried (again).
    """

    __tablename__ = "account_links"
    __table_args__ = (
        CheckConstraint("purpose IN ('INVITED', 'FORGOTTEN')", name="purpose"),
        Index("ix_account_links_not_before_waiting", "not_before", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    account: Mapped[str] = mapped_column(String(32), ForeignKey("accounts.id"), primary_key=True)
    purpose: Mapped[Code]
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[Line | None]
