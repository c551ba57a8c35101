"""What speaks for a draft: its scenarios that were run, and finished cases that were run on it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Hash, Id, Ref

SCENARIOS, REPLAY = "SCENARIOS", "REPLAY"
RUNNING, DONE = "RUNNING", "DONE"

_RUNNING = text("state = 'RUNNING'")


class DraftEvidence(Base):
    """One round of trying a draft in the background: how far it is, and what came out. It holds for the files of `digest` alone.

    `report` names elements and counts, never a case: an owner of a process sees none.
    """

    __tablename__ = "draft_evidence"
    __table_args__ = (
        CheckConstraint("kind IN ('SCENARIOS', 'REPLAY')", name="kind"),
        CheckConstraint("state IN ('RUNNING', 'DONE')", name="state"),
        UniqueConstraint("draft_id", "kind"),
        Index("ix_draft_evidence_running", "started_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )

    id: Mapped[Id]
    draft_id: Mapped[Ref] = mapped_column(ForeignKey("process_drafts.id"))
    kind: Mapped[Code]
    digest: Mapped[Hash]
    state: Mapped[Code] = mapped_column(default=RUNNING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    started_by: Mapped[Code]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012
