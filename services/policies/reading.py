"""What a person reads: the policies that wait, the text, the confirmation, and who of the own staff is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from services.errors import Conflict, NotFound
from services.models.people import Person
from services.models.policies import Acknowledgement, Policy, PolicyReader, PolicyVersion
from services.people import Actor
from services.policies import rows
from workflows.errors import SafeconductError


class NotConfirmed(SafeconductError):
    """Tick that you have read the text, then confirm."""


class PolicyChanged(Conflict):
    """The text has changed since you opened it. Read it once more, then confirm."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A policy in force as one person sees it.

    Attributes:
        reader: What the person was asked and has confirmed; None for whom it is not meant.
        addendum: What the person's organisation adds.
        digest: What is before the person, for the confirmation.
    """

    version: PolicyVersion
    organisation: str | None
    reader: PolicyReader | None
    addendum: str | None
    digest: str

    @property
    def waits(self) -> bool:
        """Whether the person's confirmation is waited for."""
        return self.reader is not None and self.reader.acknowledged_at is None


def count_waiting(session: Session, *, actor: Actor) -> int:
    """Say how many policies wait for the actor to read them. One query."""
    query = select(func.count()).select_from(PolicyReader).join(PolicyVersion, _is_current())
    return int(session.scalar(query.where(PolicyReader.person == actor.person, PolicyReader.acknowledged_at.is_(None))) or 0)


def list_policies(session: Session, *, actor: Actor, now: datetime) -> Sequence[tuple[PolicyVersion, PolicyReader | None]]:
    """List the policies in force that the actor may read, what waits first."""
    query = _readable(actor, now).order_by(PolicyVersion.title, PolicyVersion.number)
    found = [(row[0], row[1]) for row in session.execute(query)]
    return sorted(found, key=lambda one: one[1] is None or one[1].acknowledged_at is not None)


def read_policy(session: Session, code: str, *, actor: Actor, now: datetime) -> Reading:
    """Return a policy in force with what the actor's organisation adds to it.

    Raises:
        NotFound: There is none, or it is another organisation's.
    """
    row = session.execute(_readable(actor, now).where(PolicyVersion.policy == code)).one_or_none()
    if row is None:
        raise NotFound
    version, reader = row
    organisation = session.scalar(select(Person.organisation).where(Person.code == actor.person))
    addendum = rows.list_addenda(session, version.number).get(organisation or "")
    return Reading(
        version=version,
        organisation=organisation,
        reader=reader,
        addendum=addendum,
        digest=rows.digest_of(version, addendum),
    )


def acknowledge(session: Session, code: str, *, digest: str, read: bool, actor: Actor, now: datetime) -> Reading:
    """Confirm that the actor has read what was shown; confirming once more changes nothing, and nobody confirms for another.

    Args:
        digest: What was shown, as `Reading.digest` says.
        read: The box that says so was ticked.

    Raises:
        NotFound: There is no such policy, or the actor was not asked to read it.
        NotConfirmed: The box was not ticked.
        PolicyChanged: There is another text by now.
    """
    mine = select(PolicyReader).join(PolicyVersion, _is_current()).where(PolicyReader.person == actor.person)
    locked = mine.where(PolicyReader.policy == code).with_for_update(of=PolicyReader)
    row = session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    reading = read_policy(session, code, actor=actor, now=now)
    if row is None:
        raise NotFound
    if row.acknowledged_at is not None:
        return reading
    if not read:
        raise NotConfirmed
    if digest != reading.digest:
        raise PolicyChanged
    session.add(Acknowledgement(reader=row.id, version=reading.version.number, person=actor.person, at=now, digest=digest))
    row.acknowledged_at = now
    return reading


def list_overdue_staff(session: Session, *, actor: Actor, now: datetime) -> Sequence[tuple[PolicyReader, PolicyVersion, str]]:
    """List whom the actor supervises and who have not confirmed a policy in time, with their names."""
    query = (
        select(PolicyReader, PolicyVersion, Person.name)
        .join(PolicyVersion, _is_current())
        .join(Person, Person.code == PolicyReader.person)
        .where(Person.supervisor == actor.person, PolicyReader.acknowledged_at.is_(None), PolicyReader.due_at <= now)
        .order_by(PolicyReader.due_at, Person.name)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _is_current() -> Any:
    """Say in SQL that a reader's generation is that of the version in force."""
    return and_(
        PolicyVersion.policy == PolicyReader.policy,
        PolicyVersion.generation == PolicyReader.generation,
        PolicyVersion.superseded_at.is_(None),
    )


def _readable(actor: Actor, now: datetime) -> Select[Any]:
    own = and_(_is_current(), PolicyReader.person == actor.person)
    query: Select[Any] = select(PolicyVersion).add_columns(PolicyReader).join(Policy, Policy.code == PolicyVersion.policy)
    return query.outerjoin(PolicyReader, own).where(PolicyVersion.superseded_at.is_(None), rows.is_readable(actor.person, now))
