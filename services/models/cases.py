"""Cases, their tasks, and what people have typed so far."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, event, text, update
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.models.base import Base, Code, Hash, Id, Json, Line, Prose, Ref, Word
from services.models.words import search_vector, words_of

OPEN = "OPEN"
COMPLETED = "COMPLETED"
CANCELLED = "CANCELLED"
INCIDENT = "INCIDENT"
DONE = "DONE"
#: The states of an incident: an act of a person failed, and they may try again; something that happens by itself failed and
#: will be tried again; the case was put aside; it is over.
FAILED, RETRYING, STOPPED, CLOSED = "FAILED", "RETRYING", "STOPPED", "CLOSED"

_OPEN_ONLY: dict[str, Any] = {"sqlite_where": text("state = 'OPEN'"), "postgresql_where": text("state = 'OPEN'")}
_DONE_ONLY: dict[str, Any] = {"sqlite_where": text("state = 'DONE'"), "postgresql_where": text("state = 'DONE'")}
# A case that is put aside is not over: it keeps others from being opened under its key, and hears of events after its repair.
_NOT_OVER = text("state IN ('OPEN', 'INCIDENT')")
_NOT_EMPTIED = text("ended_at IS NOT NULL AND emptied_at IS NULL")
_EMPTIED = text("emptied_at IS NOT NULL")
_UNDO_OF_ENDED = text("undo_of IS NOT NULL AND ended_at IS NOT NULL")
_WIDENED = text("state = 'OPEN' AND added_roles <> ''")
_BESIDE = ("added_roles", "id", "organisation", "claimed_by", "due_at", "opened_at", "departs_at", "risk_rank")
_UNASSIGNED = text("state = 'OPEN' AND assignee IS NULL")
_IN_QUEUE = ("id", "claimed_by", "organisation")
_QUEUED: dict[str, Any] = {"sqlite_where": _UNASSIGNED, "postgresql_where": _UNASSIGNED}
_WAITS_UNKNOWN = text("state IN ('OPEN', 'INCIDENT') AND waits IS NULL")


class Case(Base):
    """One run of a version.

    The heads of its two hash chains live on this row, so that appending to them needs no look at the rows before. `revision`
    grows by one with each act; whoever writes names the revision that was read. Of all open cases of a process one at most has
    the same `once_key`. `waits` is the digest of the case's rows in `case_waits`.
    `words` is what a search compares with the subject.
    `failures` counts its open incidents, `retry_at` holds its timers back after a failure, and `former_ids` names, by the ids of
    its version, the elements that they stand for in versions that it had before.
    `undo_of` names the decision that was the last act on the case, and `undo` what it takes to take that act back.
    At `emptied_at` its time was over: what people wrote in it went, and its record stayed.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("state IN ('OPEN', 'COMPLETED', 'CANCELLED', 'INCIDENT')", name="state"),
        Index("ix_cases_wake_at_open", "wake_at", **_OPEN_ONLY),
        Index("ix_cases_requester_started_at", "requester", "started_at"),
        Index("ix_cases_process_key_state_status", "process_key", "state", "status"),
        Index("ix_cases_process_key_ended_at", "process_key", "ended_at"),
        Index(
            "uq_cases_process_key_once_key_open",
            "process_key",
            "once_key",
            unique=True,
            sqlite_where=_NOT_OVER,
            postgresql_where=_NOT_OVER,
        ),
        Index("ix_cases_version_id_area_open", "version_id", "area", sqlite_where=_NOT_OVER, postgresql_where=_NOT_OVER),
        Index("ix_cases_ended_at_undo", "ended_at", sqlite_where=_UNDO_OF_ENDED, postgresql_where=_UNDO_OF_ENDED),
        Index("ix_cases_ended_at_kept", "ended_at", sqlite_where=_NOT_EMPTIED, postgresql_where=_NOT_EMPTIED),
        Index("ix_cases_ended_at_emptied", "ended_at", sqlite_where=_EMPTIED, postgresql_where=_EMPTIED),
        Index("ix_cases_waits_unknown", "id", sqlite_where=_WAITS_UNKNOWN, postgresql_where=_WAITS_UNKNOWN),
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
    words: Mapped[str] = mapped_column(Text, default="")
    area: Mapped[Code | None]
    organisation: Mapped[Code | None]
    requester: Mapped[Code]
    started_by: Mapped[Code]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    emptied_at: Mapped[datetime | None]
    wake_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    former_ids: Mapped[dict[str, Any] | None]
    once_key: Mapped[Word | None]
    waits: Mapped[Hash | None]
    audit_seq: Mapped[int] = mapped_column(default=0)
    audit_head: Mapped[Hash] = mapped_column(default="")
    decision_head: Mapped[Hash] = mapped_column(default="")
    engine_state: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    undo_of: Mapped[Ref | None]
    undo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    # The generator is off because an act may flush more than once: audit.append adds one, exactly once per act.
    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}  # noqa: RUF012

    @validates("subject")
    def _keep_words(self, _name: str, subject: str) -> str:
        """Keep the words by which the case is found beside its subject, whoever changes it."""
        self.words = words_of(subject)
        return subject


class Task(Base):
    """One step for a person. Its id is the engine's token; `revision` is the one of its case at which it was opened.

    What the inbox sorts and narrows by stands in columns, worked out when the task opens: `departs_at` is the earliest departure
    of what it is about, `risk_rank` from 1 (the highest) to 5 (the lowest), `flagged` whether its card warns.
    `words` is what a search compares. `paused_s` is for how long its clock stood still, for questions that are over; between
    `held_from` and `held_until` it stands for one that is open, or whose time ran out. `widened` tells the few tasks
    of which something stands in `task_candidates`, where the closed ones of all years cannot be told from the open ones, and
    `added_roles` the roles there, each with a space behind it.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("state IN ('OPEN', 'DONE', 'CANCELLED')", name="state"),
        Index("ix_tasks_case_id", "case_id"),
        # One index per order of the inbox: a queue of a role in an area is read from its head, however long it is, and without
        # a look at the rows.
        Index("ix_tasks_queue_due_open", "role", "area", "due_at", "opened_at", *_IN_QUEUE, **_QUEUED),
        Index("ix_tasks_queue_departure_open", "role", "area", "departs_at", "due_at", *_IN_QUEUE, **_QUEUED),
        Index("ix_tasks_queue_risk_open", "role", "area", "risk_rank", "due_at", *_IN_QUEUE, **_QUEUED),
        Index("ix_tasks_queue_opened_open", "role", "area", "opened_at", "due_at", *_IN_QUEUE, **_QUEUED),
        Index("ix_tasks_role_due_open", "role", "due_at", "opened_at", **_OPEN_ONLY),
        # All that a look beside the queues needs, so that it reads no rows.
        Index("ix_tasks_widened_open", "area", *_BESIDE, sqlite_where=_WIDENED, postgresql_where=_WIDENED),
        Index("ix_tasks_element_closed_at_done", "element", "closed_at", **_DONE_ONLY),
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
    paused_s: Mapped[int] = mapped_column(default=0)
    held_from: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    departs_at: Mapped[datetime | None]
    risk_rank: Mapped[int | None]
    flagged: Mapped[bool] = mapped_column(default=False)
    widened: Mapped[bool] = mapped_column(default=False)
    added_roles: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    state: Mapped[Code] = mapped_column(default=OPEN)
    claimed_by: Mapped[Code | None]
    claimed_at: Mapped[datetime | None]
    separate_from: Mapped[list[str]] = mapped_column(default=list)
    card: Mapped[Any | None] = mapped_column(Json)
    tables_used: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    properties: Mapped[dict[str, Any]] = mapped_column(default=dict)


for _table in (Base.metadata.tables["cases"], Base.metadata.tables["tasks"]):
    # SQLite, which is for less, compares words by reading them.
    Index(f"ix_{_table.name}_words", search_vector(_table.c.words), postgresql_using="gin").ddl_if(dialect="postgresql")


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


@event.listens_for(TaskCandidate, "after_insert")
def _widen(_mapper: object, connection: Connection, added: TaskCandidate) -> None:
    """Keep the marks of an open task, whoever adds one: forgotten once, the task would be missing in an inbox."""
    marks = update(Task).where(Task.id == added.task_id).values(widened=True)
    if added.role is not None:
        marks = marks.values(added_roles=Task.added_roles + f"{added.role} ")
    connection.execute(marks)


#: Stands for the person of a draft on which several authors work.
EVERYBODY = "*"


class TaskDraft(Base):
    """What a person has typed into the form of an open task, not yet sent; of a shared draft, what its authors have."""

    __tablename__ = "task_drafts"

    task_id: Mapped[Ref] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    person: Mapped[Code] = mapped_column(primary_key=True)
    answers: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


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
        Index("ix_case_parties_person_case_id_kind", "person", "case_id", "kind"),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    person: Mapped[Code]
    kind: Mapped[Code]
    line: Mapped[Word | None]


class CaseIncident(Base):
    """A step that failed: which, where, doing what, how often; and what a repair wants done about it.

    `cause` is free of what the case knows, so that whoever repairs may read it; `detail` is not. A request that could not be sent
    has no case. `orders` is what is to be done differently when the act is tried again, by place.
    """

    __tablename__ = "case_incidents"
    __table_args__ = (
        CheckConstraint("state IN ('FAILED', 'RETRYING', 'STOPPED', 'CLOSED')", name="state"),
        Index("ix_case_incidents_case_id", "case_id"),
        Index(
            "ix_case_incidents_process_key_open",
            "process_key",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))
    process_key: Mapped[Code]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_versions.id"))
    state: Mapped[Code]
    act: Mapped[Code]
    task_id: Mapped[Ref | None] = mapped_column(ForeignKey("tasks.id"))
    about: Mapped[Word | None]
    actor: Mapped[Code]
    element: Mapped[Word | None]
    place: Mapped[Line | None]
    operation: Mapped[Word | None]
    cause: Mapped[Line]
    detail: Mapped[Prose] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    failed_at: Mapped[datetime]
    retry_at: Mapped[datetime | None]
    orders: Mapped[Any | None] = mapped_column(Json)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[Code | None]
    closed_how: Mapped[Code | None]
