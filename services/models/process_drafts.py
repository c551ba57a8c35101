"""Drafts of processes, file by file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Line, Ref, Word

#: The states of a draft: worked on; before the second owner, when it cannot be changed; made a version; given up.
WORKED_ON, SENT, PUBLISHED, DISCARDED = "OPEN", "SENT", "PUBLISHED", "DISCARDED"


class ProcessDraft(Base):
    """A process as somebody wants it to become. `revision` grows by one whenever any of its files is saved.

    `base_version_id` is the version that it began as; a new process has none. `authors` are all who ever changed something of it,
    and `case_id` is the case in which it is reviewed.
    """

    __tablename__ = "process_drafts"
    __table_args__ = (
        CheckConstraint("state IN ('OPEN', 'SENT', 'PUBLISHED', 'DISCARDED')", name="state"),
        UniqueConstraint("process_key", "number"),
    )

    id: Mapped[Id]
    process_key: Mapped[Code]
    number: Mapped[int]
    title: Mapped[Line]
    base_version_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_versions.id"))
    state: Mapped[Code] = mapped_column(default=WORKED_ON)
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[Code]
    created_at: Mapped[datetime]
    saved_by: Mapped[Code]
    saved_at: Mapped[datetime]
    authors: Mapped[list[str]] = mapped_column(default=list)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))

    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}  # noqa: RUF012


class DraftFile(Base):
    """One file of a draft. `revision` is its own: two people who work on different files are not in each other's way."""

    __tablename__ = "draft_files"

    draft_id: Mapped[Ref] = mapped_column(ForeignKey("process_drafts.id"), primary_key=True)
    name: Mapped[Word] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    revision: Mapped[int] = mapped_column(default=1)
    saved_by: Mapped[Code]
    saved_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}  # noqa: RUF012
