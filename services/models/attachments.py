"""Files that people attach to their answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Hash, Id, Line, Ref, Word


class Attachment(Base):
    """A file. Until the answers that name it are sent it belongs to its person alone, from then on to the case."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        Index("ix_attachments_case_id_added_at", "case_id", "added_at"),
    )

    id: Mapped[Id]
    person: Mapped[Code]
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))
    name: Mapped[Line]
    media_type: Mapped[Word]
    size: Mapped[int]
    sha256: Mapped[Hash]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
    attached_at: Mapped[datetime | None]
