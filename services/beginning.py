"""The first steps of an installation: what has to be there before somebody can enter anything else."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from services import accounts
from services.models.areas import Area, AreaWithin, Calendar
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.organisations import Organisation
from services.models.people import Account, Person
from services.models.trainings import TrainingCourse
from workflows.errors import SafeconductError

_FIRST = Path(__file__).with_name("beginning.toml")
SOURCE = "The beginning of this installation"


class BegunAlready(SafeconductError):
    """There are people in this database already. Whoever is an administrator adds others on the pages of the registers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Founder:
    """The first administrator, and the organisation of the installation."""

    code: str
    name: str
    email: str
    organisation: str
    organisation_name: str
    zone: str = "UTC"
    locale: str = "en"


def begin(session: Session, founder: Founder, *, now: datetime) -> Account:
    """Enter calendar, groups of areas, courses, the organisation, and an administrator whose account waits for a password.

    Everything else is entered on pages: areas, people, who holds which role, and who may sign in.

    Raises:
        BegunAlready: Somebody is there.
    """
    if session.scalar(select(Person.code).limit(1)) is not None:
        raise BegunAlready
    first = _read_first()
    session.add_all([Calendar(code=code, holidays=[], **row) for code, row in first["calendars"].items()])
    session.add_all([TrainingCourse(code=code, **row) for code, row in first["courses"].items()])
    calendar = next(iter(first["calendars"]))
    for code, name in first["groups"].items():
        session.add(_group(code, name, zone=founder.zone, calendar=calendar, now=now))
        session.add(AreaWithin(area=code, ancestor=code))
    session.add(_organisation(founder))
    person = _person(founder, now)
    session.add(person)
    session.flush()  # the account and the role refer to the person
    session.add(RoleHolding(id=new_id(), person=person.code, role="ADM", valid_from=now, capacity="OWN", source=SOURCE))
    return accounts.open_account(session, person, now=now, locale=founder.locale, is_mailed=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstStep:
    """A register in which something has to be entered before anybody can ask for anything, and whether it was."""

    register: str
    is_done: bool


def list_first_steps(session: Session) -> list[FirstStep]:
    """Return what is entered first, in its order; nothing once all of it is there. One query."""
    places = select(Area.code).where(Area.kind.notin_(("GROUP", "DESIGNATED")))
    others = select(RoleHolding.id).where(RoleHolding.role != "ADM")
    people, opened = (select(func.count()).select_from(model).scalar_subquery() for model in (Person, Account))
    done = {
        "areas": exists(places),
        "people": people > 1,
        "role-holdings": exists(others),
        "accounts": opened > 1,
    }
    found = session.execute(select(*done.values())).one()
    return [] if all(found) else [FirstStep(register=key, is_done=bool(one)) for key, one in zip(done, found, strict=True)]


@cache
def _read_first() -> dict[str, Any]:
    return tomllib.loads(_FIRST.read_text(encoding="utf-8"))


def _group(code: str, name: dict[str, str], *, zone: str, calendar: str, now: datetime) -> Area:
    return Area(
        code=code, parent=None, name=name, kind="GROUP", location_class=code, zone=zone, calendar=calendar, active_from=now.date()
    )


def _organisation(founder: Founder) -> Organisation:
    return Organisation(
        code=founder.organisation,
        name={"en": founder.organisation_name},
        kind="AGENCY",
        unsms_member=True,
        flight_cap=30,
        supervisor_step=False,
    )


def _person(founder: Founder, now: datetime) -> Person:
    return Person(
        code=founder.code,
        name=founder.name,
        email=founder.email.strip().lower(),
        organisation=founder.organisation,
        contract_type="INTL",
        contract_from=now.date(),
        head_of_organisation=False,
        protected=False,
    )
