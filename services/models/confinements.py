"""Cases that only a named few may know of, for as long as it takes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Id, Line, Ref

_IN_FORCE = text("lifted_at IS NULL")


class CaseConfinement(Base):
    """A role, for an area, or a person that may know of a confined case; as long as one row of it stands, nobody else does."""

    __tablename__ = "case_confinements"
    __table_args__ = (
        CheckConstraint("(role IS NULL) <> (person IS NULL)", name="role_or_person"),
        UniqueConstraint("case_id", "role", "person", "since"),
        Index("ix_case_confinements_case_id_in_force", "case_id", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
    )

    id: Mapped[Id]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    role: Mapped[Code | None]
    area: Mapped[Code | None]
    person: Mapped[Code | None]
    why: Mapped[Line] = mapped_column(default="")
    since: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
