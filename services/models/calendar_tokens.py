"""The secret addresses under which people read their calendars."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Hash


class CalendarToken(Base):
    """A person's secret address. Only its hash is kept, so that nobody who reads the table can read a calendar with it.

    `window_at` and `reads` count how often it was read lately.
    """

    __tablename__ = "calendar_tokens"

    person: Mapped[Code] = mapped_column(ForeignKey("people.code"), primary_key=True)
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    window_at: Mapped[datetime]
    reads: Mapped[int] = mapped_column(default=0)
