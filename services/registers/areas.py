"""What holds in an area at a moment, and what a traveller meets there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.errors import NotFound
from services.models.areas import Advisory, Area, AreaState

STATUSES = ("OPEN", "SUSPENDED", "EVACUATED")
RISKS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH", "UNACCEPTABLE")
MODES = ("AUTO", "MANUAL")


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaFacts:
    """What counts for a stay: of today and the day of arrival the worse."""

    area: str
    status: str
    level: int
    risk: str
    mode: str
    srm_valid: bool
    requires_ssafe: bool
    family_restricted: bool
    accom_required: bool
    internal_control: bool
    checkin_required: bool
    ceiling: int | None
    present: int

    @property
    def room(self) -> int | None:
        """How many travellers fit beside the people posted there; None when nothing limits them."""
        return None if self.ceiling is None else max(self.ceiling - self.present, 0)


def get_area(session: Session, code: str) -> Area:
    """Return an area.

    Raises:
        NotFound: There is no such area.
    """
    area = session.get(Area, code)
    if area is None:
        raise NotFound
    return area


def name_of(area: Area, locale: str = "en") -> str:
    """Return the name of an area in a language, or in English."""
    return str(area.name.get(locale) or area.name["en"])


def find_state(session: Session, area: str, at: datetime) -> AreaState | None:
    """Return the state that holds in an area at a moment."""
    query = select(AreaState).where(AreaState.area == area, AreaState.valid_from <= at)
    return session.scalars(query.order_by(AreaState.valid_from.desc()).limit(1)).first()


def get_state(session: Session, area: str, at: datetime) -> AreaState:
    """Return the state that holds in an area at a moment.

    Raises:
        NotFound: Nothing is known about the area at that moment.
    """
    state = find_state(session, area, at)
    if state is None:
        raise NotFound
    return state


def facts_for_stay(session: Session, area: str, *, arrive_at: datetime, now: datetime) -> AreaFacts:
    """Return what counts for a stay that begins at `arrive_at` and is judged now."""
    today = get_state(session, area, now)
    there = today if arrive_at <= now else get_state(session, area, arrive_at)
    states = (today, there)
    return AreaFacts(
        area=area,
        status=max((state.status for state in states), key=STATUSES.index),
        level=max(state.security_level for state in states),
        risk=max((state.residual_risk for state in states), key=RISKS.index),
        mode=max((state.clearance_mode for state in states), key=MODES.index),
        srm_valid=_is_assessed(today, now.date()) and _is_assessed(there, arrive_at.date()),
        requires_ssafe=any(state.requires_ssafe for state in states),
        family_restricted=any(state.family_restricted for state in states),
        accom_required=any(state.accom_required for state in states),
        internal_control=any(state.internal_control for state in states),
        checkin_required=any(state.checkin_required for state in states),
        ceiling=there.ceiling,
        present=there.present,
    )


def _is_assessed(state: AreaState, on: date) -> bool:
    return state.assessment_valid_to is not None and state.assessment_valid_to >= on


def find_advisory(session: Session, area: str, at: datetime) -> Advisory | None:
    """Return the version of the travel advisory that is in force at a moment."""
    query = select(Advisory).where(Advisory.area == area, Advisory.valid_from <= at)
    return session.scalars(query.order_by(Advisory.version.desc()).limit(1)).first()


def list_active(session: Session, on: date) -> list[Area]:
    """Return the areas that clearances are given for on a day, by code."""
    areas = session.scalars(select(Area).where(Area.kind.not_in(("GROUP", "DESIGNATED"))).order_by(Area.code))
    return [area for area in areas if (area.active_from or on) <= on <= (area.active_to or on)]


def change_state(session: Session, area: str, changes: dict[str, Any], *, by: str, now: datetime) -> AreaState:
    """Let a new state begin now; the state before it ends by that. What `changes` does not name goes on as it was."""
    before = get_state(session, area, now)
    kept = {column.key: getattr(before, column.key) for column in AreaState.__table__.columns}
    kept = {key: value for key, value in kept.items() if key not in {"id", "valid_from", "created_at", "created_by"}}
    if before.valid_from == now:
        for key, value in changes.items():
            setattr(before, key, value)
        session.flush()
        return before
    state = AreaState(**(kept | changes | {"valid_from": now, "created_by": by, "created_at": now}))
    session.add(state)
    session.flush()
    return state
