"""What the registers know of the places and operators that itineraries name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.itineraries.places import Names
from services.models.plans import DutyStation
from services.models.travel import AirOperator
from services.registers.areas import list_active

_BRACKETS = re.compile(r"\(([^()]*)\)")


def list_names(session: Session, *, today: date) -> Names:
    """Read the names of areas that clearances are given for and of duty stations there, in all languages, and of operators."""
    areas = list_active(session, today)
    active = {area.code for area in areas}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for area in areas:
        for name in (area.code, *(str(each) for each in area.name.values())):
            for part in _parts_of(name):
                found[part].add(area.code)
    for station in session.scalars(select(DutyStation).where(DutyStation.area.in_(active))):
        for name in station.name.values():
            for part in _parts_of(str(name)):
                found[part].add(station.area)
    operators = {known: each.code for each in session.scalars(select(AirOperator)) for known in (each.code, each.name)}
    return Names(areas=found, operators=operators, zones={area.code: area.zone for area in areas})


def _parts_of(name: str) -> Iterator[str]:
    """Give a name as a whole, and what people call the place for short: "Geneva" of "Geneva, Switzerland"."""
    yield name
    bare = _BRACKETS.sub(" ", name)
    yield from (part for part in (bare, bare.split(",")[0], *_BRACKETS.findall(name)) if part.strip())
