"""What still has to leave the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Line, Ref

_WAITING = text("sent_at IS NULL AND failed_at IS NULL")


class OutboxMessage(Base):
    """A notice to a person or to the holders of a role. Its text is written at delivery, in the language of its reader."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_case_id", "case_id"),
        Index("ix_outbox_not_before_waiting", "not_before", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    code: Mapped[Code]
    to_person: Mapped[Code | None]
    to_role: Mapped[Code | None]
    area: Mapped[Code | None]
    organisation: Mapped[Code | None]
    variables: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_versions.id"))
    dedupe: Mapped[Line] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[Line | None]
