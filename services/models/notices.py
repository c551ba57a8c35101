"""What somebody was told, and how people want to be told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Json, Line, Ref, Word

_UNREAD = text("read_at IS NULL")
_WAITING = text("mail_at IS NOT NULL")


class Notice(Base):
    """Something that one person was told. Its text is written whenever it is read, in the language of its reader.

    `source` names what it comes from, such as a row of the outbox; of one source a person is told once. `address` is where it
    leads when it is about no case. `mail_at` is when a mail is due that has not left yet; `digest` says that the next digest
    lists it instead.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("source", "person"),
        CheckConstraint("(case_id IS NULL) = (version_id IS NULL)", name="case"),
        Index("ix_notices_person_told_at", "person", "told_at"),
        Index("ix_notices_person_unread", "person", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_notices_mail_at_waiting", "mail_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_notices_case_id", "case_id"),
    )

    id: Mapped[Id]
    source: Mapped[Word]
    person: Mapped[Code]
    code: Mapped[Code]
    kind: Mapped[Code]
    urgent: Mapped[bool] = mapped_column(default=False)
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))
    version_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_versions.id"))
    variables: Mapped[dict[str, Any]] = mapped_column(default=dict)
    address: Mapped[Line | None]
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    digest: Mapped[bool] = mapped_column(default=False)
    mail_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)


class NoticePreference(Base):
    """How somebody wants to be told: per kind of notice, and at which hours. Who has no row is told at once, at any hour.

    Hours are those on the wall of the person's duty station, as "22:00".
    """

    __tablename__ = "notice_preferences"
    __table_args__ = (CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet"),)

    person: Mapped[str] = mapped_column(ForeignKey("people.code"), primary_key=True)
    kinds: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_to: Mapped[str | None] = mapped_column(String(5))
    working_time: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    digested_on: Mapped[date | None] = mapped_column(Date)
