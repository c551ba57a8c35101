"""Organisations: members of the security management system and their partners."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Json


class Organisation(Base):
    """An organisation whose people travel, and the rules of its own that it adds."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("flight_cap > 0", name="flight_cap_positive"),)

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[dict[str, Any]] = mapped_column(Json)
    kind: Mapped[str] = mapped_column(String(16))
    unsms_member: Mapped[bool] = mapped_column(Boolean, default=True)
    flight_cap: Mapped[int] = mapped_column(Integer, default=30)
    supervisor_step: Mapped[bool] = mapped_column(Boolean, default=False)
    # No foreign key: people belong to organisations, and a circle of keys would make both impossible to load.
    focal_point: Mapped[str | None] = mapped_column(String(64))
