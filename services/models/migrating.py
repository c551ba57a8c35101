"""Moving running cases to another version of their process: what was asked for, and how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.models.base import Base, Code, Id, Json, Ref
from services.models.definitions import ProcessVersion

#: The states of a case in it: not looked at yet, moved, not possible, no longer a running case of the old version.
WAITING, MOVED, REFUSED, GONE = "WAITING", "MOVED", "REFUSED", "GONE"

_UNFINISHED = text("finished_at IS NULL")
_WAITING = text("state = 'WAITING'")


class Migration(Base):
    """All running cases of one version are moved to another, one by one."""

    __tablename__ = "migrations"
    __table_args__ = (
        Index("ix_migrations_unfinished", "asked_at", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        Index("ix_migrations_process_key", "process_key", "asked_at"),
    )

    id: Mapped[Id]
    process_key: Mapped[Code]
    from_version_id: Mapped[Ref] = mapped_column(ForeignKey("process_versions.id"))
    to_version_id: Mapped[Ref] = mapped_column(ForeignKey("process_versions.id"))
    mapping: Mapped[dict[str, Any]]
    renew_due: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[Code]
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    from_version: Mapped[ProcessVersion] = relationship(lazy="raise", foreign_keys=[from_version_id])
    to_version: Mapped[ProcessVersion] = relationship(lazy="raise", foreign_keys=[to_version_id])


class MigratedCase(Base):
    """One case of a migration, and in sentences what came of it."""

    __tablename__ = "migrated_cases"
    __table_args__ = (
        CheckConstraint("state IN ('WAITING', 'MOVED', 'REFUSED', 'GONE')", name="state"),
        Index("ix_migrated_cases_waiting", "migration_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    migration_id: Mapped[Ref] = mapped_column(ForeignKey("migrations.id"), primary_key=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    state: Mapped[Code] = mapped_column(default=WAITING)
    said: Mapped[Any | None] = mapped_column(Json)
    at: Mapped[datetime | None]
