"""What forms offer to choose from registers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.models.areas import Area, Lodging
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.plans import DutyStation, Plan
from services.models.travel import Activity, AirOperator
from services.people import Actor
from services.registers.areas import list_active, name_of
from services.registers.residences import list_residences
from services.registers.schedules import measure_names
from workflows.errors import SafeconductError
from workflows.forms import Field, Form

Option = dict[str, str]


_IN_ZONE = re.compile(r"\boptions\.(\w+)")


class RegisterUnknown(SafeconductError):
    """There is no register {register} to choose from."""


def options(session: Session, names: Iterable[str], *, actor: Actor | None = None, now: datetime) -> dict[str, list[Option]]:
    """Return the options of registers by the names that forms use.

    Args:
        actor: With an actor, people are only those of the actor's own organisation.

    Raises:
        RegisterUnknown: A form names a register that is not one.
    """
    found = {}
    for name in names:
        if name not in _REGISTERS:
            raise RegisterUnknown(register=name)
        found[name] = _REGISTERS[name](session, actor, now.date())
    return found


def options_for(
    session: Session, form: Form, *, actor: Actor | None = None, now: datetime, answers: Mapping[str, Any] | None = None
) -> dict[str, list[Option]]:
    """Return the options of every register that the fields of a form refer to.

    Args:
        answers: With answers, only of fields that are answered.
    """
    fields = [field for field in form.fields if answers is None or not field.key or answers.get(field.key)]
    return options(session, dict.fromkeys(_registers_of(fields)), actor=actor, now=now)


def _registers_of(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if field.register:
            yield field.register
        yield from _IN_ZONE.findall(field.zone)  # the clock of a place that another answer or the case names
        yield from _registers_of(field.fields)


def _areas(session: Session, _actor: Actor | None, on: date) -> list[Option]:
    areas = list_active(session, on)
    return [{"value": area.code, "label": f"{name_of(area)} ({area.code})", "zone": area.zone} for area in areas]


def _designated_areas(session: Session, _actor: Actor | None, _on: date) -> list[Option]:
    areas = session.scalars(select(Area).where(Area.kind == "DESIGNATED").order_by(Area.code))
    return [{"value": area.code, "label": f"{name_of(area)} ({area.code})", "zone": area.zone} for area in areas]


def _people(session: Session, actor: Actor | None, _on: date) -> list[Option]:
    query = select(Person).order_by(Person.name)
    if actor is not None:
        mine = select(Person.organisation).where(Person.code == actor.person).scalar_subquery()
        query = query.where(Person.organisation == mine)
    return [{"value": person.code, "label": f"{person.name} ({person.organisation})"} for person in session.scalars(query)]


def _lodgings(session: Session, _actor: Actor | None, on: date) -> list[Option]:
    query = select(Lodging).where(Lodging.cleared_to >= on).order_by(Lodging.area, Lodging.name)
    return [{"value": lodging.code, "label": f"{lodging.name}, {lodging.area}"} for lodging in session.scalars(query)]


def _operators(session: Session, _actor: Actor | None, _on: date) -> list[Option]:
    query = select(AirOperator).order_by(AirOperator.name)
    return [{"value": operator.code, "label": operator.name} for operator in session.scalars(query)]


def _activities(session: Session, actor: Actor | None, on: date) -> list[Option]:
    query = select(Activity).where(Activity.pc_valid_to >= on).order_by(Activity.organisation, Activity.title)
    if actor is not None:
        mine = select(Person.organisation).where(Person.code == actor.person)
        query = query.where(or_(Activity.organisation.in_(mine)))
    return [
        {"value": activity.code, "label": f"{activity.title} ({activity.organisation}, {activity.pc_level})"}
        for activity in session.scalars(query)
    ]


def _organisations(session: Session, _actor: Actor | None, _on: date) -> list[Option]:
    query = select(Organisation).order_by(Organisation.code)
    return [{"value": row.code, "label": str(row.name.get("en", row.code))} for row in session.scalars(query)]


def _residences(session: Session, actor: Actor | None, on: date) -> list[Option]:
    """Homes by code, kind and town; never by address."""
    homes = list_residences(session, on=on, person=actor.person if actor is not None else None)
    return [{"value": home.code, "label": f"{home.code} ({home.kind.capitalize()}, {home.town})"} for home in homes]


def _measures(session: Session, _actor: Actor | None, on: date) -> list[Option]:
    """The measures that some schedule pays for, and the whole catalogue."""
    return [{"value": code, "label": f"{name} ({code})"} for code, name in measure_names(session, on).items()]


def _plans(session: Session, _actor: Actor | None, _on: date) -> list[Option]:
    kept = select(Plan, DutyStation).join(DutyStation, DutyStation.code == Plan.duty_station)
    kept = kept.where(Plan.retired_on.is_(None), DutyStation.phase != "CLOSED").order_by(Plan.code)
    return [
        {"value": plan.code, "label": f"{plan.name.get('en', plan.code)}, {station.name.get('en', station.code)}"}
        for plan, station in session.execute(kept)
    ]


_REGISTERS: dict[str, Callable[[Session, Actor | None, date], list[Option]]] = {
    "areas": _areas,
    "designated_areas": _designated_areas,
    "people": _people,
    "lodgings": _lodgings,
    "air_operators": _operators,
    "operators": _operators,
    "activities": _activities,
    "organisations": _organisations,
    "plans": _plans,
    "residences": _residences,
    "measures": _measures,
}
