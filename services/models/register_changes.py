"""Who changed which entry of a register, from what to what and why; who exported which list. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Json, Prose, UtcDateTime, Word

ADDED, CHANGED, EXPORTED = "ADDED", "CHANGED", "EXPORTED"


class RegisterChange(Base):
    """One act on a register. `before` and `after` hold the columns that differ; of an export `after` says what was taken.

    Numbers grow, so that the acts on an entry have an order even at the same moment.
    """

    __tablename__ = "register_changes"
    __table_args__ = (
        CheckConstraint("act IN ('ADDED', 'CHANGED', 'EXPORTED')", name="act"),
        CheckConstraint("(act = 'EXPORTED') = (entry IS NULL)", name="entry"),
        Index("ix_register_changes_register_entry", "register", "entry", "number"),
        Index("ix_register_changes_at", "at"),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    register: Mapped[Code]
    entry: Mapped[Word | None]
    act: Mapped[Code]
    by: Mapped[Code]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[Prose] = mapped_column(default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
