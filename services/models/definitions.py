"""Published processes and the counters behind case numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.models.base import Base, Code, Hash, Id, Line, Prose, Ref


class ProcessVersion(Base):
    """An immutable published bundle of diagram, tables, forms and texts."""

    __tablename__ = "process_versions"
    __table_args__ = (UniqueConstraint("key", "version"), UniqueConstraint("key", "digest"))

    id: Mapped[Id]
    key: Mapped[Code]
    version: Mapped[int]
    digest: Mapped[Hash]
    title: Mapped[Line]
    manifest: Mapped[dict[str, Any]]
    bundle: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    published_at: Mapped[datetime]
    published_by: Mapped[Code]
    note: Mapped[Prose] = mapped_column(default="")


class ProcessRelease(Base):
    """That a version came into use: new cases take that of the newest release. Going back is the release of an old version."""

    __tablename__ = "process_releases"

    key: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_versions.id"))
    released_at: Mapped[datetime]
    released_by: Mapped[Code]
    note: Mapped[Prose] = mapped_column(default="")

    version: Mapped[ProcessVersion] = relationship(lazy="raise")


class Counter(Base):
    """The last number given out under a name, for example TSC-2026."""

    __tablename__ = "counters"

    name: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
