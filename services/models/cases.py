"""Cases, their tasks, and what people have typed so far."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.models.base import Base, Code, Hash, Id, Json, Line, Prose, Ref, Word

OPEN = "OPEN"
COMPLETED = "COMPLETED"
CANCELLED = "CANCELLED"
INCIDENT = "INCIDENT"
DONE = "DONE"

_OPEN_ONLY: dict[str, Any] = {"sqlite_where": text("state = 'OPEN'"), "postgresql_where": text("state = 'OPEN'")}


class Case(Base):
    """One run of a version.

    The heads of its two hash chains live on this row, so that appending to them needs no look at the rows before. `revision`
    grows by one with each act; whoever writes names the revision that was read.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("state IN ('OPEN', 'COMPLETED', 'CANCELLED', 'INCIDENT')", name="state"),
        Index("ix_cases_wake_at_open", "wake_at", **_OPEN_ONLY),
        Index("ix_cases_requester_started_at", "requester", "started_at"),
        Index("ix_cases_process_key_state_status", "process_key", "state", "status"),
    )

    id: Mapped[Id]
    number: Mapped[Word] = mapped_column(unique=True)
    process_key: Mapped[Code]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_versions.id"))
    revision: Mapped[int] = mapped_column(default=1)
    state: Mapped[Code] = mapped_column(default=OPEN)
    status: Mapped[Code | None]
    status_since: Mapped[datetime | None]
    outcome: Mapped[Word | None]
    subject: Mapped[Line] = mapped_column(default="")
    area: Mapped[Code | None]
    organisation: Mapped[Code | None]
    requester: Mapped[Code]
    started_by: Mapped[Code]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    wake_at: Mapped[datetime | None]
    audit_seq: Mapped[int] = mapped_column(default=0)
    audit_head: Mapped[Hash] = mapped_column(default="")
    decision_head: Mapped[Hash] = mapped_column(default="")
    engine_state: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    # The generator is off because an act may flush more than once: audit.append adds one, exactly once per act.
    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}  # noqa: RUF012


class Task(Base):
    """One step for a person. Its id is the engine's token; `revision` is the one of its case at which it was opened."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("state IN ('OPEN', 'DONE', 'CANCELLED')", name="state"),
        Index("ix_tasks_case_id", "case_id"),
        Index("ix_tasks_role_due_at_open", "role", "area", "due_at", **_OPEN_ONLY),
        Index("ix_tasks_assignee_open", "assignee", "due_at", **_OPEN_ONLY),
        Index("ix_tasks_claimed_by_open", "claimed_by", **_OPEN_ONLY),
    )

    id: Mapped[Ref] = mapped_column(primary_key=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    element: Mapped[Word]
    name: Mapped[Line]
    kind: Mapped[Code]
    revision: Mapped[int] = mapped_column(default=1)
    role: Mapped[Code | None]
    assignee: Mapped[Code | None]
    area: Mapped[Code | None]
    organisation: Mapped[Code | None]
    line: Mapped[Word | None]
    form: Mapped[Word | None]
    subject: Mapped[Line] = mapped_column(default="")
    act: Mapped[Code | None]
    priority: Mapped[int] = mapped_column(default=50)
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    state: Mapped[Code] = mapped_column(default=OPEN)
    claimed_by: Mapped[Code | None]
    claimed_at: Mapped[datetime | None]
    separate_from: Mapped[list[str]] = mapped_column(default=list)
    card: Mapped[Any | None] = mapped_column(Json)
    tables_used: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    properties: Mapped[dict[str, Any]] = mapped_column(default=dict)

    case: Mapped[Case] = relationship(lazy="raise")


class TaskCandidate(Base):
    """Somebody who may act besides the role of the task: after an escalation, or one of several named persons."""

    __tablename__ = "task_candidates"
    __table_args__ = (
        CheckConstraint("(role IS NULL) <> (person IS NULL)", name="role_or_person"),
        UniqueConstraint("task_id", "role", "person"),
        Index("ix_task_candidates_person", "person"),
        Index("ix_task_candidates_role", "role"),
    )

    id: Mapped[Id]
    task_id: Mapped[Ref] = mapped_column(ForeignKey("tasks.id"))
    role: Mapped[Code | None]
    person: Mapped[Code | None]
    since: Mapped[datetime]
    why: Mapped[Line] = mapped_column(default="")

    task: Mapped[Task] = relationship(lazy="raise")


class TaskDraft(Base):
    """What a person has typed into the form of an open task, not yet sent."""

    __tablename__ = "task_drafts"

    task_id: Mapped[Ref] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    person: Mapped[Code] = mapped_column(primary_key=True)
    answers: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]

    task: Mapped[Task] = relationship(lazy="raise")


class RequestDraft(Base):
    """A request that is being filled in; it becomes a case when it is sent."""

    __tablename__ = "request_drafts"
    __table_args__ = (Index("ix_request_drafts_person", "person", "updated_at"),)

    id: Mapped[Id]
    process_key: Mapped[Code]
    person: Mapped[Code]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    step: Mapped[Word] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CaseParty(Base):
    """A person whom a case concerns, and who therefore does not decide it."""

    __tablename__ = "case_parties"
    __table_args__ = (
        UniqueConstraint("case_id", "person", "kind", "line"),
        Index("ix_case_parties_person", "person"),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    person: Mapped[Code]
    kind: Mapped[Code]
    line: Mapped[Word | None]

    case: Mapped[Case] = relationship(lazy="raise")


class CaseIncident(Base):
    """A step that failed and waits for repair."""

    __tablename__ = "case_incidents"
    __table_args__ = (Index("ix_case_incidents_case_id", "case_id"),)

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    element: Mapped[Word | None]
    token: Mapped[Ref | None]
    cause: Mapped[Line]
    detail: Mapped[Prose] = mapped_column(default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(lazy="raise")
