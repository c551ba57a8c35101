"""The demo world: invented areas, organisations and people, read from services/demo_world.

Codes XA to XL can never be real countries. Everybody has an account with the same password, so it is no place for anything true.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from services.database import Database
from services.demo.areas import load_areas, load_orders
from services.demo.assessments import load_assessments
from services.demo.cases import load_cases
from services.demo.incidents import load_security_plans
from services.demo.indicators import freeze_last_quarter, load_contacts, load_indicators
from services.demo.organisations import load_organisations, load_trainings, load_travel
from services.demo.people import PASSWORD, group_of, holding_of, load_absences, load_delegation, load_people
from services.demo.plans import load_plans
from services.demo.reading import DAY, add_rows, read_world, start_of_world
from services.demo.registers import extend_lodging, load_dependants
from services.demo.residences import load_residences
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.people import FamilyLink
from services.models.trainings import TrainingRecord

__all__ = ["DAY", "PASSWORD", "load", "load_alternates", "load_cases", "load_world"]


def load(database: Database, *, now: datetime) -> None:
    """Fill an empty database with the world, its alternates and, where their process is published, some cases around now."""
    days_later = (now.date() - DAY).days
    with database.transaction() as session:
        load_world(session, now, days_later=days_later)
        load_alternates(session, now, days_later=days_later)
        load_security_plans(session, now, days_later=days_later)
        load_indicators(session, now, days_later=days_later)
    load_cases(database, now)
    with database.transaction() as session:
        load_contacts(session)
        freeze_last_quarter(session, now)


def load_world(session: Session, now: datetime, *, days_later: int = 0) -> None:
    """Fill the registers of an empty database.

    Args:
        days_later: How far every date of the world is moved, so that a demo on another day than `DAY` looks the same.
    """
    world = read_world(("areas", "organisations", "people", "assessments", "plans"), days_later)
    beginning = start_of_world(days_later)
    load_areas(session, world, beginning, now)
    load_organisations(session, world, beginning)
    people = world["people"] | group_of(world["group"])
    load_people(session, people, beginning=beginning, now=now)
    add_rows(session, FamilyLink, ({"person_a": one, "person_b": other, "kind": kind} for one, other, kind in world["family"]))
    load_orders(session, world, beginning)
    load_trainings(session, world, people, beginning)
    load_travel(session, world, beginning)
    load_plans(session, world, beginning)
    load_residences(session, days_later, beginning)
    load_assessments(session, world, now, days_later=days_later)


def load_alternates(session: Session, now: datetime, *, days_later: int = 0) -> None:
    """Add alternates in every area, an absence and delegations in every state, for a demo that people click through."""
    world = read_world(("alternates",), days_later)
    beginning = start_of_world(days_later)
    load_people(session, world["people"], beginning=beginning, now=now)
    add_rows(session, RoleHolding, (holding_of(person, held, beginning) for person, *held in world["holdings"]))
    trained = ({"id": new_id(), "person": code, "course": "BSAFE", "issued_on": beginning.date()} for code in world["people"])
    add_rows(session, TrainingRecord, trained)
    load_absences(session, world["absences"])
    load_dependants(session, world["dependants"], beginning)
    extend_lodging(session, **world["lodging"], now=now)
    for number, row in enumerate(world["delegations"], start=101):
        load_delegation(session, f"DOA-{DAY.year}-{number:04}", row)
