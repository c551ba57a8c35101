"""What holds in an area at a moment, and what a traveller meets there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from services.errors import NotFound
from services.models.areas import Advisory, Area, AreaState
from services.models.base import UtcDateTime
from services.models.clearances import ClearanceLine
from services.prepared import Prepared
from services.recall import recall

STATUSES = ("OPEN", "SUSPENDED", "EVACUATED")
RISKS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH", "UNACCEPTABLE")
MODES = ("AUTO", "MANUAL")
_ADVISORY = (
    select(Advisory)
    .where(Advisory.area == bindparam("area"), Advisory.valid_from <= bindparam("at"))
    .order_by(Advisory.version.desc())
    .limit(1)
)
_newer = aliased(Advisory)
_IS_NEWER = (
    select(_newer.id)
    .where(_newer.area == Advisory.area, _newer.valid_from <= bindparam("at"), _newer.version > Advisory.version)
    .exists()
)
_ADVISORIES = (
    select(Advisory, Area)
    .join(Area, Area.code == Advisory.area)
    .where(Advisory.valid_from <= bindparam("at"), ~_IS_NEWER)
    .order_by(Advisory.area)
)
_AREA = select(Area).where(Area.code == bindparam("code"))
_later = aliased(AreaState)
_NEXT = select(func.min(_later.valid_from)).where(_later.area == AreaState.area, _later.valid_from > AreaState.valid_from)
_STATE_AT = (
    select(AreaState, _NEXT.scalar_subquery())
    .where(AreaState.area == bindparam("area"), AreaState.valid_from <= bindparam("at"))
    .order_by(AreaState.valid_from.desc())
    .limit(1)
)


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


def rank_of(risk: str | None) -> int | None:
    """Give the place of a risk among all, 1 for the highest; a word that is not known has none."""
    return len(RISKS) - RISKS.index(risk) if risk in RISKS else None


def get_area(session: Session, code: str) -> Area:
    """Return an area.

    Raises:
        NotFound: There is no such area.
    """
    area = recall(session, Area, code, lambda: session.scalars(_AREA, {"code": code}).one_or_none())
    if area is None:
        raise NotFound
    return area


def name_of(area: Area, locale: str = "en") -> str:
    """Return the name of an area in a language, or in English."""
    return str(area.name.get(locale) or area.name["en"])


def call_places(areas: Iterable[tuple[str, str | None, Mapping[str, str]]], *, own: str, locale: str) -> dict[str, str]:
    """Say what a text about an area may call it and those around it, by code or English name, with the name in a language.

    Args:
        areas: The area and those around it as (code, parent, names); groups of countries are in no text.
    """
    called = sorted(((code, name) for code, parent, name in areas if code == own or parent), key=lambda each: each[0] == own)
    said = [(code, str(name.get("en") or code), str(name.get(locale) or name.get("en") or code)) for code, name in called]
    return {written: name for code, english, name in said for written in (english, code)}


def areas_called(word: str) -> Select[str]:
    """Select the areas of which a word begins some word of the name, in any language."""
    return select(Area.code).where(Area.words.like(f"% {word}%"))


def find_state(session: Session, area: str, at: datetime) -> AreaState | None:
    """Return the state that holds in an area at a moment."""
    known: list[tuple[AreaState, datetime | None]] = recall(session, AreaState, area, list)
    for state, until in known:
        if state.valid_from <= at and (until is None or at < until):
            return state
    found = session.execute(_STATE_AT, {"area": area, "at": at}).first()
    if found is None:
        return None
    known.append((found[0], found[1]))
    return found[0]


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


def worst_risks(session: Session, now: datetime) -> dict[str, str]:
    """Return by area the highest residual risk of what holds now and of what is announced."""
    found: dict[str, str] = {}
    for row in _RISKS_AHEAD.recall(session, now=now):
        found[row.area] = max(found.get(row.area, row.residual_risk), row.residual_risk, key=RISKS.index)
    return found


def _risks_query() -> Select[*tuple[Any, ...]]:
    after = aliased(AreaState)
    begun = after.valid_from <= bindparam("now", type_=UtcDateTime)
    over = select(after.area).where(after.area == AreaState.area, after.valid_from > AreaState.valid_from, begun)
    states = select(AreaState.area, AreaState.residual_risk)
    return states.where(~over.correlate(AreaState).exists()).order_by(AreaState.area)


_RISKS_AHEAD = Prepared(_risks_query)


def _is_assessed(state: AreaState, on: date) -> bool:
    return state.assessment_valid_to is not None and state.assessment_valid_to >= on


def list_advisories(session: Session, at: datetime) -> list[tuple[Advisory, Area]]:
    """Return the versions of travel advisories that are in force at a moment, one per area."""
    return [(row[0], row[1]) for row in session.execute(_ADVISORIES, {"at": at}).all()]


def find_advisory(session: Session, area: str, at: datetime) -> Advisory | None:
    """Return the version of the travel advisory that is in force at a moment."""
    return recall(session, Advisory, (area, at), lambda: session.scalars(_ADVISORY, {"area": area, "at": at}).first())


def list_active(session: Session, on: date) -> list[Area]:
    """Return the areas that clearances are given for on a day, by code."""
    areas = session.scalars(select(Area).where(Area.kind.not_in(("GROUP", "DESIGNATED"))).order_by(Area.code))
    return [area for area in areas if (area.active_from or on) <= on <= (area.active_to or on)]


def change_state(
    session: Session, area: str, changes: dict[str, Any], *, by: str, now: datetime, valid_from: datetime | None = None
) -> AreaState:
    """Let a new state begin, now or later; the state before it ends by that. What `changes` does not name goes on as it was.

    A state that was announced for a still later moment takes the change over as well, except where it says something of its own.
    """
    begins_at = max(valid_from or now, now)
    before = get_state(session, area, begins_at)
    previous = {name: getattr(before, name) for name in _KEPT}
    _carry_on(session, area, changes, previous, after=begins_at)
    if before.valid_from == begins_at:
        for key, value in changes.items():
            setattr(before, key, value)
        return before
    state = AreaState(**(previous | changes | {"area": area, "valid_from": begins_at, "created_by": by, "created_at": now}))
    session.add(state)
    return state


#: What one state hands on to the next; the reason belongs to one change alone, unless nothing else is said.
_KEPT = tuple(
    column.key
    for column in AreaState.__table__.columns
    if column.key not in {"id", "area", "valid_from", "created_at", "created_by"}
)


def _carry_on(session: Session, area: str, changes: dict[str, Any], previous: dict[str, Any], *, after: datetime) -> None:
    """Write a change into the states that begin later, up to the first that changes the same thing itself."""
    later = select(AreaState).where(AreaState.area == area, AreaState.valid_from > after).order_by(AreaState.valid_from)
    going_on = {key: value for key, value in changes.items() if key != "reason"}
    for state in session.scalars(later):
        going_on = {key: value for key, value in going_on.items() if getattr(state, key) == previous[key]}
        for key, value in going_on.items():
            setattr(state, key, value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A state of an area that was written, from when it holds, and the kinds of events that it is for journeys."""

    state: AreaState
    kinds: tuple[str, ...]
    payload: dict[str, Any]


def write_change(
    session: Session, area: str, changes: dict[str, Any], *, by: str, now: datetime, valid_from: datetime | None = None
) -> Change:
    """Write a new state of an area, and say what it means for journeys: the events, and what they bring."""
    before = get_state(session, area, max(valid_from or now, now))
    earlier = {name: getattr(before, name) for name in _KEPT}
    state = change_state(session, area, changes, by=by, now=now, valid_from=valid_from)
    payload = {
        "old": earlier["security_level"],
        "new": state.security_level,
        "mode": state.clearance_mode,
        "reason": state.reason,
        "from": state.valid_from.isoformat(),
    }
    kinds = [*_event_kinds(earlier, state), *["PLACE_FREED"] * _count_called(session, earlier["ceiling"], state)]
    return Change(state=state, kinds=tuple(kinds), payload=payload)


def _count_called(session: Session, ceiling: int | None, after: AreaState) -> int:
    """Say how many units that wait for a place are called, one after the other, when the ceiling is raised or gone."""
    if ceiling is None or (after.ceiling is not None and after.ceiling <= ceiling):
        return 0
    waiting = select(func.count(ClearanceLine.unit_key.distinct())).where(
        ClearanceLine.area == after.area, ClearanceLine.status == "DEFERRED"
    )
    called = session.scalar(waiting) or 0
    return called if after.ceiling is None else min(called, after.ceiling - ceiling)


def _event_kinds(before: dict[str, Any], after: AreaState) -> list[str]:
    kinds = []
    if after.status != before["status"]:
        kinds.append({"OPEN": "SIG_AREA_LIFTED", "SUSPENDED": "SIG_SUSPENDED", "EVACUATED": "SIG_EVACUATION"}[after.status])
    if after.security_level != before["security_level"]:
        kinds.append("SIG_LEVEL_UP" if after.security_level > before["security_level"] else "SIG_LEVEL_DOWN")
    elif after.clearance_mode == "MANUAL" and before["clearance_mode"] == "AUTO":
        kinds.append("SIG_MODE_TO_MANUAL")
    if after.ceiling is not None and (before["ceiling"] is None or after.ceiling < before["ceiling"]):
        kinds.append("SIG_CEILING_CHANGED")
    return kinds
