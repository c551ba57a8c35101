"""Places under a ceiling, for the units of a case."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, bindparam, literal_column, select

from services.models.clearances import ClearanceLine
from services.operations.catalogue import operation
from services.operations.moments import read_moment
from services.operations.work import Work
from services.prepared import Prepared
from services.registers import areas, ceilings, clearances

_FIRST_WAITING = Prepared(
    lambda: (
        select(ClearanceLine.id)
        .where(ClearanceLine.area == bindparam("area", type_=String), ClearanceLine.status == "DEFERRED")
        .limit(literal_column("1"))
    )
)


@operation("ceiling.reserve")
def reserve(work: Work, *, stop: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Take a tentative place for every person of a unit, on every night, or none."""
    return {"reservation": _reserve(work, stop, facts)}


def _reserve(work: Work, unit: dict[str, Any], facts: dict[str, Any]) -> str:
    if not facts.get("ceiling_enabled"):
        return "NOT_NEEDED"
    if any(taken > 0 for taken in ceilings.count_held(work.session, unit["key"]).values()):
        return "RESERVED"
    if facts.get("ceiling_free", 0) <= 0:
        return "BEYOND"
    there = areas.facts_for_stay(work.session, unit["area"], arrive_at=read_moment(unit["arrive_at"]), now=work.now)
    taken = ceilings.reserve(
        work.session,
        area=unit["area"],
        nights=nights_of_unit(work, unit),
        quantity=unit["person_count"],
        room=there.room or 0,
        unit_key=unit["key"],
        organisation=unit.get("organisation"),
        now=work.now,
    )
    return "RESERVED" if taken else "LOST"


def nights_of_unit(work: Work, unit: dict[str, Any]) -> list[Any]:
    """Return the nights that a unit stays."""
    return ceilings.nights_of(work.session, unit["area"], read_moment(unit["arrive_at"]), read_moment(unit["depart_at"]))


def settle_places(work: Work, unit: dict[str, Any], *, granted: bool) -> None:
    """Use the places that a unit holds, or give them back; a grant without a reservation takes places beyond the ceiling."""
    if not granted:
        release_places(work, unit=unit["key"], area=unit["area"])
        return
    there = areas.facts_for_stay(work.session, unit["area"], arrive_at=read_moment(unit["arrive_at"]), now=work.now)
    if there.ceiling is None:
        return
    organisation = unit.get("organisation")
    if not any(taken > 0 for taken in ceilings.count_held(work.session, unit["key"]).values()):
        ceilings.take_beyond(
            work.session,
            area=unit["area"],
            nights=nights_of_unit(work, unit),
            quantity=unit["person_count"],
            unit_key=unit["key"],
            organisation=organisation,
            now=work.now,
        )
    ceilings.consume(work.session, area=unit["area"], unit_key=unit["key"], organisation=organisation, now=work.now)


def take_place_again(work: Work, line: ClearanceLine) -> None:
    """Take a place for somebody who had not left after all, on the nights that are left; free or not, the person is there."""
    if areas.facts_for_stay(work.session, line.area, arrive_at=line.arrive_at, now=work.now).ceiling is None:
        return
    nights = ceilings.nights_of(work.session, line.area, line.arrive_at, line.depart_at)
    left = [night for night in nights if night >= work.now.date()]
    held = ceilings.count_held(work.session, line.unit_key)
    together = len(clearances.lines_of_unit(work.session, work.case.id, line.unit_key))
    if left and min(held.get(night, 0) for night in left) < together:
        ceilings.take_beyond(
            work.session,
            area=line.area,
            nights=left,
            quantity=1,
            unit_key=line.unit_key,
            organisation=line.organisation,
            now=work.now,
        )


def release_places(work: Work, *, unit: str, area: str, future_only: bool = False) -> None:
    """Give back the places of a unit, and tell the waiting list of the area when somebody is on it."""
    first = work.now.date() if future_only else None
    if not ceilings.release(work.session, area=area, unit_key=unit, now=work.now, first=first):
        return
    if _FIRST_WAITING.rows(work.session, area=area):
        work.tell_bus("PLACE_FREED", area, {"unit": unit})
