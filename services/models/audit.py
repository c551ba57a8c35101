"""What was decided and what was done. Rows are only ever added; the database itself refuses to change or remove them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Hash, Id, Prose, Ref, Word

APPEND_ONLY = ("decisions", "audit")
CAPACITIES = ("OWN", "DELEGATED", "AD_INTERIM", "ESCALATED", "SYSTEM")


class Decision(Base):
    """One act on a line of a case: who decided what, in which capacity, on which tables. Never edited, only superseded.

    `acted_for` is who was away and whom the actor stood in for.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("task_id"),
        CheckConstraint("capacity IN ('OWN', 'DELEGATED', 'AD_INTERIM', 'ESCALATED', 'SYSTEM')", name="capacity"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="period"),
        Index("ix_decisions_case_id", "case_id", "decided_at"),
        Index("ix_decisions_actor_person", "actor_person", "decided_at"),
        Index("ix_decisions_actor_person_case_id", "actor_person", "case_id"),
        Index("ix_decisions_element_area_decided_at", "element", "area", "decided_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[Ref | None] = mapped_column(ForeignKey("tasks.id"))
    element: Mapped[Word]
    line: Mapped[Word | None]
    act: Mapped[Code]
    outcome: Mapped[Word | None]
    conditions: Mapped[list[Any]] = mapped_column(default=list)
    reason_code: Mapped[Code | None]
    reason_text: Mapped[Prose | None]
    actor_person: Mapped[Code]
    actor_role: Mapped[Code | None]
    capacity: Mapped[Code]
    acted_for: Mapped[Code | None]
    delegation_id: Mapped[Word | None]
    area: Mapped[Code | None]
    conflict_declared: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime]
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    supersedes_id: Mapped[Ref | None] = mapped_column(ForeignKey("decisions.id"))
    tables_used: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    form_hash: Mapped[Hash | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    prev_hash: Mapped[Hash]
    hash: Mapped[Hash]


class AuditEntry(Base):
    """One committed change of a case: who, when, what, and the hash that ties it to the entry before."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("actor", "idempotency_key"),)

    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[Code]
    act: Mapped[Code]
    task_id: Mapped[Ref | None] = mapped_column(ForeignKey("tasks.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    idempotency_key: Mapped[Word | None]
    body_hash: Mapped[Hash | None]
    prev_hash: Mapped[Hash]
    hash: Mapped[Hash]
