"""Policies: their versions, what organisations add, who was asked to read them, and who confirmed it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.models.base import Base, Code, Hash, Id, Json, Line, Prose, Ref

EVERYBODY, ORGANISATIONS, AREAS, ROLES = "EVERYBODY", "ORGANISATIONS", "AREAS", "ROLES"
_IN_FORCE = text("superseded_at IS NULL")


class Policy(Base):
    """A policy of the whole system, or of one organisation. `case_id` is the case in which its next version is prepared."""

    __tablename__ = "policies"

    code: Mapped[Code] = mapped_column(primary_key=True)
    organisation: Mapped[Code | None] = mapped_column(ForeignKey("organisations.code"))
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))


class PolicyVersion(Base):
    """One published text of a policy. Its readers are those of its generation, which begins with every material change."""

    __tablename__ = "policy_versions"
    __table_args__ = (
        UniqueConstraint("policy", "version"),
        CheckConstraint("audience_kind IN ('EVERYBODY', 'ORGANISATIONS', 'AREAS', 'ROLES')", name="audience_kind"),
        CheckConstraint("generation <= version AND (material = (generation = version))", name="generation"),
        Index("ix_policy_versions_in_force", "policy", unique=True, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
    )

    number: Mapped[Code] = mapped_column(primary_key=True)
    policy: Mapped[Code] = mapped_column(ForeignKey("policies.code"))
    version: Mapped[int]
    generation: Mapped[int]
    material: Mapped[bool]
    title: Mapped[Line]
    text: Mapped[Prose]
    language: Mapped[Code]
    audience_kind: Mapped[Code]
    audience: Mapped[list[Any]] = mapped_column(Json, default=list)  # Codes of organisations, areas or roles.
    drafted_by: Mapped[Code]
    approved_by: Mapped[Code]
    approved_role: Mapped[Code | None]
    approved_at: Mapped[datetime]
    published_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))


class PolicyAddendum(Base):
    """What an organisation adds to a version for its own people."""

    __tablename__ = "policy_addenda"
    __table_args__ = (UniqueConstraint("version", "organisation"),)

    id: Mapped[Id]
    version: Mapped[Code] = mapped_column(ForeignKey("policy_versions.number"))
    organisation: Mapped[Code] = mapped_column(ForeignKey("organisations.code"))
    text: Mapped[Prose]
    given_by: Mapped[Code | None]


class PolicyReader(Base):
    """Somebody who was asked to read a generation of a policy; `case_id` is the case that asked."""

    __tablename__ = "policy_readers"
    __table_args__ = (
        UniqueConstraint("policy", "generation", "person"),
        Index("ix_policy_readers_person", "person"),
        Index("ix_policy_readers_case_id", "case_id"),
    )

    id: Mapped[Id]
    policy: Mapped[Code] = mapped_column(ForeignKey("policies.code"))
    generation: Mapped[int]
    person: Mapped[Code] = mapped_column(ForeignKey("people.code"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("cases.id"))


class Acknowledgement(Base):
    """A reader confirmed that they have read a version, with what was added for them. Rows are only ever added."""

    __tablename__ = "acknowledgements"

    reader: Mapped[Ref] = mapped_column(ForeignKey("policy_readers.id"), primary_key=True)
    version: Mapped[Code] = mapped_column(ForeignKey("policy_versions.number"))
    person: Mapped[Code] = mapped_column(ForeignKey("people.code"))
    at: Mapped[datetime]
    digest: Mapped[Hash]
