"""Who looks after processes: which incidents they see, and that they keep away from their own matters.

The role that owns a process, for the areas and organisations in which it is held, and the administrators of the system. Neither
sees the content of a case by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from services.authority import looks_after
from services.authority.ways import NOW, PERSON, held_by
from services.cases.loading import get_case, is_party
from services.errors import NotFound, NotYourRole, OwnMatter
from services.models.areas import AreaWithin
from services.models.authority import RoleHolding
from services.models.cases import FAILED, RETRYING, STOPPED, Case, CaseIncident
from services.models.definitions import ProcessVersion
from services.people import SYSTEM, Actor
from services.prepared import Prepared
from services.roles import ADMINISTRATOR

OPEN_STATES = (STOPPED, FAILED, RETRYING)
#: Those that wait for somebody.
WAITING_STATES = (STOPPED, FAILED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """An incident as those see it who may repair it.

    Attributes:
        number: Of the case; None for a request that could not be sent.
        version: The version that counts for the repair.
    """

    incident: CaseIncident
    number: str | None
    version: ProcessVersion


def list_incidents(
    session: Session, *, actor: Actor, now: datetime, closed: bool = False, process_key: str | None = None, limit: int = 100
) -> list[Listed]:
    """Return the incidents that the actor may repair: those that stopped a case first, then the newest. One query."""
    order = CaseIncident.closed_at.desc() if closed else CaseIncident.failed_at.desc()
    chosen = _query(actor, now).where(CaseIncident.closed_at.is_not(None) if closed else CaseIncident.closed_at.is_(None))
    if process_key is not None:
        chosen = chosen.where(CaseIncident.process_key == process_key)
    rows = session.execute(chosen.order_by(order, CaseIncident.id).limit(limit)).all()
    listed = [Listed(incident=row[0], number=row[1], version=row[2]) for row in rows]
    return listed if closed else sorted(listed, key=lambda each: OPEN_STATES.index(each.incident.state))


def read_incident(session: Session, reference: str, *, actor: Actor, now: datetime) -> Listed:
    """Return one incident by its id, or the beginning of it that people speak of.

    Raises:
        NotFound: There is no such incident for the actor.
    """
    asked = reference.strip().lower()
    named = CaseIncident.id.startswith(asked, autoescape=True) if len(asked) >= 8 else CaseIncident.id == asked
    rows = session.execute(_query(actor, now).where(named).limit(2)).all()
    if len(rows) != 1:
        raise NotFound
    return Listed(incident=rows[0][0], number=rows[0][1], version=rows[0][2])


def count_waiting(session: Session, *, actor: Actor, now: datetime) -> int | None:
    """Count the incidents that wait for the actor; None when the actor looks after no process. One query."""
    row = _WAITING.rows(session, acting_person=actor.person, acting_now=now)[0]
    return int(row.waiting) if row.caretaker else None


def _waiting_query() -> Select[Any]:
    holding, version = aliased(RoleHolding), aliased(ProcessVersion)
    owned = select(_owner_of(version)).distinct()
    caretaker = exists().where(or_(holding.role == ADMINISTRATOR, holding.role.in_(owned)), held_by(holding, PERSON, NOW))
    waits = (CaseIncident.closed_at.is_(None), CaseIncident.state.in_(WAITING_STATES))
    waiting = _incidents().where(_is_looked_after(PERSON, NOW), *waits).subquery()
    counted = select(func.count()).select_from(waiting).scalar_subquery()
    return select(caretaker.label("caretaker"), counted.label("waiting"))


_WAITING = Prepared(_waiting_query)


def ensure_may_repair(session: Session, incident: CaseIncident, *, actor: Actor, now: datetime) -> None:
    """Raise unless the actor looks after the process of the incident, and the case is not the actor's own matter.

    Raises:
        NotFound: The incident is not the actor's to see.
        OwnMatter: It is the actor's own case.
    """
    if session.execute(_query(actor, now).where(CaseIncident.id == incident.id).limit(1)).first() is None:
        raise NotFound
    if incident.case_id is not None and is_party(session, get_case(session, incident.case_id), actor.person):
        raise OwnMatter


def ensure_looks_after(session: Session, version: ProcessVersion, *, actor: Actor, now: datetime) -> None:
    """Raise NotYourRole unless the actor owns the process, everywhere, or administers the system."""
    owner = version.manifest.get("owner_role")
    if actor.person != SYSTEM.person and not looks_after(session, actor.person, owner, now):
        raise NotYourRole


def _query(actor: Actor, now: datetime) -> Select[Any]:
    """Select the incidents of processes that the actor looks after, with case and version."""
    query = _incidents()
    return query if actor.person == SYSTEM.person else query.where(_is_looked_after(actor.person, now))


def _incidents() -> Select[Any]:
    version = func.coalesce(Case.version_id, CaseIncident.version_id)
    columns: Any = select(CaseIncident, Case.number, ProcessVersion)
    query: Select[Any] = columns.outerjoin(Case, Case.id == CaseIncident.case_id).join(
        ProcessVersion, ProcessVersion.id == version
    )
    return query


def _is_looked_after(person: Any, now: Any) -> ColumnElement[bool]:
    holding, within = aliased(RoleHolding), aliased(AreaWithin)
    above = select(within.ancestor).where(within.area == Case.area).correlate_except(within)
    fits_area = or_(holding.area.is_(None), Case.area.is_(None), holding.area.in_(above))
    fits_organisation = or_(
        holding.organisation.is_(None), Case.organisation.is_(None), holding.organisation == Case.organisation
    )
    owner = and_(holding.role == _owner_of(ProcessVersion), fits_area, fits_organisation)
    return exists(
        select(holding.id)
        .where(or_(holding.role == ADMINISTRATOR, owner), held_by(holding, person, now))
        .correlate(Case, ProcessVersion)
    )


def _owner_of(version: Any) -> ColumnElement[Any]:
    return version.manifest["owner_role"].as_string()  # type: ignore[no-any-return]
