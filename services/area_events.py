"""What happens in areas: who may say so, and which events follow when what holds in one changes.

An event is a row of the bus. Who hears of it is for the processes to say, in their process.toml.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import authority
from services.errors import NotYourRole
from services.models.bus import BusEvent
from services.people import SYSTEM, Actor
from services.posting import post_event
from services.registers import areas
from workflows.errors import SafeconductError

#: The kinds of events that a person may say have happened in an area.
KINDS = frozenset(
    {
        "SIG_LEVEL_UP",
        "SIG_LEVEL_DOWN",
        "SIG_MODE_TO_MANUAL",
        "SIG_SUSPENDED",
        "SIG_AREA_LIFTED",
        "SIG_EVACUATION",
        "SIG_CRISIS_ACTIVATED",
        "SIG_CRISIS_CLOSED",
        "SIG_SRM_EXPIRED",
        "SIG_CEILING_CHANGED",
        "INCIDENT_MINOR",
        "INCIDENT_MAJOR",
        "PLACE_FREED",
    }
)
#: Who may say that something happened in an area.
RAISING_ROLES = ("DO", "DOAI", "CSA", "DRO_DIR", "DHSSS_DIR", "USG")


class EventUnknown(SafeconductError):
    """There is no kind of area event called {kind}."""


def raise_area_event(
    session: Session,
    kind: str,
    area: str,
    payload: dict[str, Any],
    actor: Actor,
    now: datetime,
    *,
    effective_at: datetime | None = None,
) -> BusEvent:
    """Put an event onto the bus.

    Args:
        kind: A kind of section 12, such as SIG_LEVEL_UP.
        effective_at: When it begins to count; a change announced for later is dispatched then.

    Raises:
        EventUnknown: There is no such kind.
        NotYourRole: The actor may not speak for this area.
    """
    if kind not in KINDS:
        raise EventUnknown(kind=kind)
    ensure_may_raise(session, area, actor, now)
    return post_event(session, kind, area=area, payload=payload, by=actor.person, now=now, effective_at=effective_at)


def ensure_may_raise(session: Session, area: str, actor: Actor, now: datetime) -> None:
    """Raise unless the actor speaks for the area, or is the system."""
    if actor.person == SYSTEM.person:
        return
    for role in RAISING_ROLES:
        if actor.person in authority.people_in_role(session, role=role, area=area, now=now):
            return
    raise NotYourRole


def change_area(
    session: Session, area: str, changes: dict[str, Any], *, actor: Actor, now: datetime, valid_from: datetime | None = None
) -> list[BusEvent]:
    """Let a new state of an area begin, now or later, and tell the bus of everything in it that concerns journeys.

    Raises:
        NotYourRole: The actor may not speak for this area.
    """
    ensure_may_raise(session, area, actor, now)
    change = areas.write_change(session, area, changes, by=actor.person, now=now, valid_from=valid_from)
    begins_at = change.state.valid_from
    return [
        raise_area_event(session, kind, area, change.payload, actor, now, effective_at=max(begins_at, now))
        for kind in change.kinds
    ]
