"""What forms offer to choose from registers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from services.models.areas import Area, Lodging
from services.models.cases import Case
from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.models.plans import DutyStation, Plan
from services.models.policies import Policy, PolicyVersion
from services.models.premises import Premises
from services.models.trainings import TrainingCourse
from services.models.travel import Activity, AirOperator
from services.registers.activities import areas_of
from services.registers.areas import list_active, list_advisories, name_of, worst_risks
from services.registers.askers import PREPARER, Asker, list_exempting, list_representable, may_count_in
from services.registers.deployments import list_deployable, list_incidents
from services.registers.officials import list_officials
from services.registers.residences import list_residences
from services.registers.schedules import measure_names
from services.registers.whereabouts import is_recognised
from services.waiting import is_open
from workflows.errors import SafeconductError
from workflows.forms import Field, Form

Option = dict[str, Any]

_NAMED = re.compile(r"\boptions\.(\w+)")


class RegisterUnknown(SafeconductError):
    """There is no register {register} to choose from."""


def options(session: Session, names: Iterable[str], *, asker: Asker | None = None, now: datetime) -> dict[str, list[Option]]:
    """Return the options of registers by the names that forms use: `value`, `label`, and what rules of forms look at.

    Where the register has names in several languages, `names` holds the labels by language.

    Args:
        asker: Who fills in the form; some registers offer only what is theirs to choose. None offers everything, to name answers.

    Raises:
        RegisterUnknown: A form names a register that is not one.
    """
    found = {}
    for name in names:
        if name not in _REGISTERS:
            raise RegisterUnknown(register=name)
        found[name] = _REGISTERS[name](session, asker, now)
    return found


def options_for(
    session: Session, form: Form, *, asker: Asker | None = None, now: datetime, answers: Mapping[str, Any] | None = None
) -> dict[str, list[Option]]:
    """Return the options of every register that the fields of a form, their clocks and their rules refer to.

    Args:
        asker: As for `options`.
        answers: With answers, only of fields that are answered.
    """
    fields = [field for field in form.fields if answers is None or not field.key or answers.get(field.key)]
    return options(session, dict.fromkeys(_registers_of(fields)), asker=asker, now=now)


def _registers_of(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if field.register:
            yield field.register
        chosen = field.choices.expression.text if field.choices and field.choices.expression else ""
        for text in (chosen, *field.properties.values()):  # such as the clock of a place that another answer or the case names
            yield from _NAMED.findall(text)
        yield from _registers_of(field.fields)


def _areas(session: Session, _asker: Asker | None, now: datetime) -> list[Option]:
    return [_area(area) for area in list_active(session, now.date())]


def _countable_areas(session: Session, asker: Asker | None, now: datetime) -> list[Option]:
    """The areas in which one may call a head count."""
    reached = set(session.scalars(select(Area.code).where(true() if asker is None else may_count_in(asker))))
    return [_area(area) for area in list_active(session, now.date()) if area.code in reached]


def _designated_areas(session: Session, _asker: Asker | None, _now: datetime) -> list[Option]:
    areas = session.scalars(select(Area).where(Area.kind == "DESIGNATED").order_by(Area.code))
    return [_area(area) for area in areas]


def _area(area: Area) -> Option:
    names = {language: f"{name} ({area.code})" for language, name in area.name.items()}
    return {"value": area.code, "label": f"{name_of(area)} ({area.code})", "names": names, "zone": area.zone}


def _advisories(session: Session, _asker: Asker | None, now: datetime) -> list[Option]:
    """The travel advisories in force by area, to be read where they are confirmed; the text by language."""
    found = list_advisories(session, now)
    return [{**_area(area), "version": advisory.version, "text": advisory.text} for advisory, area in found]


def _risks(session: Session, _asker: Asker | None, now: datetime) -> list[Option]:
    """The residual risk of areas, the worst from now on: what is announced for later counts already."""
    return [{"value": area, "label": risk} for area, risk in worst_risks(session, now).items()]


def _people(session: Session, _asker: Asker | None, _now: datetime) -> list[Option]:
    query = select(Person).order_by(Person.name)
    return [{"value": person.code, "label": f"{person.name} ({person.organisation})"} for person in session.scalars(query)]


def _travellers(session: Session, asker: Asker | None, now: datetime) -> list[Option]:
    """For whom one may make a request."""
    return [
        {
            "value": person.code,
            "label": f"{person.name} ({person.organisation})",
            "organisation": person.organisation,
            "only": person.only,
            "is_minor": person.is_minor,
        }
        for person in list_representable(session, asker, now=now)
    ]


def _officials(session: Session, asker: Asker | None, now: datetime) -> list[Option]:
    """Of whose travel one may give notice to the protection unit."""
    found = list_officials(session, asker, now=now)
    return [{"value": person.code, "label": f"{person.name} ({person.organisation})"} for person in found]


def _host_requests(session: Session, _asker: Asker | None, now: datetime) -> list[Option]:
    """Requests to host countries that are open or were settled in the last half year, by number."""
    recent = or_(is_open(), Case.ended_at >= now - timedelta(days=183))
    query = select(Case.number, Case.area).where(Case.process_key == "host_request", recent).order_by(Case.number.desc())
    return [{"value": number, "label": number, "area": area} for number, area in session.execute(query)]


def _deployable(session: Session, _asker: Asker | None, now: datetime) -> list[Option]:
    """Whom a supervisor can release to support a team elsewhere."""
    return [
        {
            "value": one.code,
            "label": ", ".join(part for part in (f"{one.name} ({one.organisation})", one.post) if part),
            "within": list(one.within),
        }
        for one in list_deployable(session, now)
    ]


def _incidents(session: Session, asker: Asker | None, _now: datetime) -> list[Option]:
    """Open incidents in the areas for which one may ask for support, by number."""
    found = list_incidents(session, asker)
    return [{"value": number, "label": f"{number} ({area})", "within": around} for number, area, around in found]


def _exceptions(session: Session, asker: Asker | None, _now: datetime) -> list[Option]:
    """Where one may ask for an exception from a suspension, and for people of which organisation."""
    found = list_exempting(session, asker) if asker is not None else []
    return [
        {"value": one.area, "label": one.role, "organisation": one.organisation, "person": asker.person if asker else None}
        for one in found
    ]


def _lodgings(session: Session, _asker: Asker | None, now: datetime) -> list[Option]:
    query = select(Lodging).where(Lodging.cleared_to >= now.date()).order_by(Lodging.area, Lodging.name)
    return [{"value": lodging.code, "label": f"{lodging.name}, {lodging.area}"} for lodging in session.scalars(query)]


def _operators(session: Session, _asker: Asker | None, _now: datetime) -> list[Option]:
    query = select(AirOperator).order_by(AirOperator.name)
    return [{"value": operator.code, "label": operator.name} for operator in session.scalars(query)]


def _activities(session: Session, asker: Asker | None, now: datetime) -> list[Option]:
    """The activities whose rating counts today or later, of the own organisation and of those whose people one prepares for."""
    query = select(Activity).where(Activity.pc_valid_to >= now.date()).order_by(Activity.organisation, Activity.title)
    if asker is not None:
        mine = select(Person.organisation).where(Person.code == asker.person)
        prepared = {held.organisation for held in asker.holdings(PREPARER)}
        if None not in prepared:
            query = query.where(or_(Activity.organisation.in_(mine), Activity.organisation.in_(prepared)))
    found = list(session.scalars(query))
    inside = areas_of(session, found)
    return [
        {
            "value": activity.code,
            "label": f"{activity.title} ({activity.organisation}, {activity.pc_level})",
            "title": activity.title,
            "organisation": activity.organisation,
            "areas": inside[activity.code],
            "valid_from": activity.pc_valid_from.isoformat() if activity.pc_valid_from else None,
            "valid_to": activity.pc_valid_to.isoformat(),
        }
        for activity in found
    ]


def _organisations(session: Session, _asker: Asker | None, _now: datetime) -> list[Option]:
    query = select(Organisation).order_by(Organisation.code)
    return [{"value": row.code, "label": str(row.name.get("en", row.code)), "names": row.name} for row in session.scalars(query)]


def _courses(session: Session, _asker: Asker | None, _now: datetime) -> list[Option]:
    query = select(TrainingCourse).order_by(TrainingCourse.code)
    return [
        {"value": row.code, "label": row.name if row.name == row.code else f"{row.name} ({row.code})"}
        for row in session.scalars(query)
    ]


def _family(session: Session, asker: Asker | None, now: datetime) -> list[Option]:
    """Oneself and one's recognised dependants."""
    query = select(Person.code, Person.name).order_by(Person.name)
    if asker is not None:
        own = select(Dependant.person).where(Dependant.sponsor == asker.person, is_recognised(now.date()))
        query = query.where(or_(Person.code == asker.person, Person.code.in_(own)))
    return [{"value": code, "label": name} for code, name in session.execute(query)]


def _residences(session: Session, asker: Asker | None, now: datetime) -> list[Option]:
    """Homes by code, kind and town; never by address."""
    homes = list_residences(session, on=now.date(), person=asker.person if asker is not None else None)
    return [{"value": home.code, "label": f"{home.code} ({home.kind.capitalize()}, {home.town})"} for home in homes]


def _measures(session: Session, _asker: Asker | None, now: datetime) -> list[Option]:
    """The measures that some schedule pays for, and the whole catalogue."""
    return [{"value": code, "label": f"{name} ({code})"} for code, name in measure_names(session, now.date()).items()]


def _plans(session: Session, _asker: Asker | None, _now: datetime) -> list[Option]:
    kept = select(Plan, DutyStation).join(DutyStation, DutyStation.code == Plan.duty_station)
    kept = kept.where(Plan.retired_on.is_(None), DutyStation.phase != "CLOSED").order_by(Plan.code)
    return [
        {"value": plan.code, "label": f"{plan.name.get('en', plan.code)}, {station.name.get('en', station.code)}"}
        for plan, station in session.execute(kept)
    ]


def _premises(session: Session, _asker: Asker | None, now: datetime) -> list[Option]:
    """The premises in use, and whether they are being surveyed now."""
    today = now.date()
    at_work = select(Case.id).where(Case.id == Premises.case_id, is_open()).correlate(Premises).exists()
    in_use = select(Premises, at_work).where(
        Premises.valid_from <= today, or_(Premises.valid_to.is_(None), Premises.valid_to >= today)
    )
    return [
        {
            "value": row.code,
            "label": f"{row.name.get('en', row.code)} ({row.code})",
            "names": {language: f"{name} ({row.code})" for language, name in row.name.items()},
            "at_work": is_at_work,
        }
        for row, is_at_work in session.execute(in_use.order_by(Premises.code))
    ]


def _policies(session: Session, asker: Asker | None, _now: datetime) -> list[Option]:
    """The policies in force of the whole system and of the own organisation, and in which case the next version is prepared."""
    at_work = select(Case.number).where(Case.id == Policy.case_id, is_open()).correlate(Policy).scalar_subquery()
    query = select(PolicyVersion, Policy.organisation, at_work).join(Policy, Policy.code == PolicyVersion.policy)
    query = query.where(PolicyVersion.superseded_at.is_(None)).order_by(PolicyVersion.title, PolicyVersion.policy)
    if asker is not None:
        mine = select(Person.organisation).where(Person.code == asker.person).scalar_subquery()
        query = query.where(or_(Policy.organisation.is_(None), Policy.organisation == mine))
    return [
        {"value": version.policy, "label": f"{version.title} ({version.policy}, {organisation or 'UN'})", "at_work": number}
        for version, organisation, number in session.execute(query)
    ]


_REGISTERS: dict[str, Callable[[Session, Asker | None, datetime], list[Option]]] = {
    "areas": _areas,
    "advisories": _advisories,
    "countable_areas": _countable_areas,
    "designated_areas": _designated_areas,
    "risks": _risks,
    "people": _people,
    "travellers": _travellers,
    "exceptions": _exceptions,
    "officials": _officials,
    "host_requests": _host_requests,
    "deployable": _deployable,
    "incidents": _incidents,
    "lodgings": _lodgings,
    "air_operators": _operators,
    "operators": _operators,
    "activities": _activities,
    "organisations": _organisations,
    "courses": _courses,
    "family": _family,
    "plans": _plans,
    "policies": _policies,
    "premises": _premises,
    "residences": _residences,
    "measures": _measures,
}
