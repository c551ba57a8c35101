"""Walks through a draft that somebody tries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Ref


class Trial(Base):
    """What a person has tried with a draft so far: a story as scenarios write it, with its start and steps.

    `revision` grows by one with every step, so that two windows of the same person do not mix their walks.
    """

    __tablename__ = "trials"
    __table_args__ = (UniqueConstraint("draft_id", "person"),)

    id: Mapped[Id]
    draft_id: Mapped[Ref] = mapped_column(ForeignKey("process_drafts.id"))
    person: Mapped[Code]
    story: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012
