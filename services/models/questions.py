"""Questions about open tasks, their ends, and what a person has seen of a step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Json, Prose, Ref, Word

#: Who may read a question and its answer, besides those whom it is put to.
DECIDERS, CASE = "DECIDERS", "CASE"
ANSWERED, TAKEN_BACK = "ANSWERED", "TAKEN_BACK"


class Question(Base):
    """A question that somebody who may act on a task puts to those whose case it is. Rows are only ever added.

    It is open until it has an end, or its task has. `held_from` and `held_until` say how long the clock of the task stands for
    it at most; questions that are open together share them. `due_before` and `follow_up_before` are the
    moments of the task until then.
    """

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint("audience IN ('DECIDERS', 'CASE')", name="audience"),
        CheckConstraint("held_until >= held_from", name="held"),
        Index("ix_questions_case_id", "case_id"),
        Index("ix_questions_task_id", "task_id"),
        Index("ix_questions_asked_by", "asked_by"),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[Ref] = mapped_column(ForeignKey("tasks.id"))
    area: Mapped[Code | None]
    line: Mapped[Word | None]
    audience: Mapped[Code]
    asked_by: Mapped[Code]
    asked_role: Mapped[Code | None]
    asked_at: Mapped[datetime]
    text: Mapped[Prose]
    held_from: Mapped[datetime]
    held_until: Mapped[datetime]
    due_before: Mapped[datetime | None]
    follow_up_before: Mapped[datetime | None]


class QuestionEnd(Base):
    """How a question ended: with an answer, or taken back. The key lets a question end once, whoever is at it together."""

    __tablename__ = "question_ends"
    __table_args__ = (CheckConstraint("kind IN ('ANSWERED', 'TAKEN_BACK')", name="kind"),)

    question_id: Mapped[Ref] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    kind: Mapped[Code]
    by: Mapped[Code]
    at: Mapped[datetime]
    text: Mapped[Prose] = mapped_column(default="")


class QuestionFile(Base):
    """A file that came with the answer to a question. The key lets a file belong to one answer."""

    __tablename__ = "question_files"
    __table_args__ = (Index("ix_question_files_question_id", "question_id"),)

    attachment_id: Mapped[Ref] = mapped_column(ForeignKey("attachments.id"), primary_key=True)
    question_id: Mapped[Ref] = mapped_column(ForeignKey("questions.id"))


class SeenCard(Base):
    """The card of a step as a person last saw it, and as it was before it changed.

    It is kept per line, so that it is known also when the step comes again.
    """

    __tablename__ = "seen_cards"

    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    person: Mapped[Code] = mapped_column(primary_key=True)
    element: Mapped[Word] = mapped_column(primary_key=True)
    line: Mapped[Word] = mapped_column(primary_key=True, default="")
    card: Mapped[Any | None] = mapped_column(Json)
    seen_at: Mapped[datetime]
    before: Mapped[Any | None] = mapped_column(Json)
    before_at: Mapped[datetime | None]
