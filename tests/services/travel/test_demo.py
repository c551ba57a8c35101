"""The demo: its world on any day, and requests in every state."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from services import audit, demo, people
from services.authority import people_in_role
from services.database import Database
from services.demo.cases import read_stories
from services.models.areas import Area, AreaWithin
from services.models.authority import Delegation
from services.models.cases import OPEN, Case, Task
from services.models.clearances import ClearanceLine
from services.models.people import Account, Dependant, Person
from services.registers import areas
from tests.services.case_rows import NOW

PLACES = ["CH-GVA", "US-NYC", "KE-NBO", "XA-CAP", "XA-NOR", "XA-EST", "XB-CAP", "XB-HIG", "XC-CAP", "XC-SOU", "XD-ISL"]
PLACES += ["XE-CAP", "XF-CAP", "XG-CAP", "XH-CAP", "XJ-DEL", "XK-NEW", "XL-OLD"]


def test_everybody_but_families_has_an_account(demo_database: Database) -> None:
    with demo_database.reading() as session:
        without = set(session.scalars(select(Person.code).where(Person.code.not_in(select(Account.person)))))
        assert without <= set(session.scalars(select(Dependant.person)))


@pytest.mark.parametrize("role", ["DO", "DOAI", "CSA", "DSSO", "DRO_DESK"])
def test_every_area_has_somebody_in_each_deciding_role(demo_database: Database, role: str) -> None:
    with demo_database.reading() as session:
        empty = [area for area in PLACES if not people_in_role(session, role=role, area=area, now=NOW)]

    assert empty == []


def test_the_tree_of_areas_has_no_gaps(demo_database: Database) -> None:
    with demo_database.reading() as session:
        above = session.scalars(select(AreaWithin.ancestor).where(AreaWithin.area == "XA-NOR"))
        assert set(above) == {"XA-NOR", "XA", "FIELD"}
        assert {area.code for area in areas.list_active(session, NOW.date())} == set(PLACES)
        inside = select(func.count()).select_from(AreaWithin).where(AreaWithin.area == AreaWithin.ancestor)
        assert session.scalar(inside) == session.scalar(select(func.count()).select_from(Area))


def test_every_automatic_area_has_a_standing_order_and_each_delegation_a_delegator_in_post(demo_database: Database) -> None:
    with demo_database.reading() as session:
        for delegation in session.scalars(select(Delegation).where(Delegation.delegate_role.is_not(None))):
            assert delegation.delegator in people_in_role(session, role="DO", area=delegation.area, now=NOW)


def test_people_of_the_demo_name_the_place_they_go_to_and_not_its_code(demo_database: Database) -> None:
    with demo_database.reading() as session:
        places = set(session.scalars(select(ClearanceLine.place)))

    assert places.isdisjoint(PLACES)
    assert "Tesh" in places


def test_every_story_of_the_demo_is_told_to_its_end(demo_database: Database) -> None:
    stories = read_stories()

    with demo_database.reading() as session:
        cases = session.scalars(select(Case)).all()
        assert len(cases) == len(stories)
        assert {case.state for case in cases} <= {"OPEN", "COMPLETED"}
        assert all(audit.verify_case(session, case) == [] for case in cases)


def test_the_demo_shows_every_kind_of_request(demo_database: Database) -> None:
    with demo_database.reading() as session:
        statuses = Counter(session.scalars(select(Case.status)))

    assert set(statuses) >= {
        "AWAITING_TRAVELLER",
        "BLOCKED",
        "AWAITING_ORG",
        "IN_DECISION",
        "ON_HOLD",
        "CLEARED",
        "CLEARED_WITH_CONDITIONS",
        "REGISTERED",
        "REFUSED_BY_ORG",
        "NOT_CLEARED_NO_DECISION",
        "WITHDRAWN",
        "LAPSED",
        "REVOKED",
        "STOPPED_EVACUATION",
        "BREACH",
        "NOT_REQUIRED",
        "NOT_COVERED",
        "COMPLETED",
    }


def test_some_decisions_are_due_today_and_some_are_overdue(demo_database: Database) -> None:
    with demo_database.reading() as session:
        due = [at for at in session.scalars(select(Task.due_at).where(Task.state == OPEN, Task.element == "stop_decide")) if at]

    assert sum(at < NOW for at in due) >= 3
    assert sum(NOW <= at < NOW + timedelta(hours=15) for at in due) >= 5


def test_on_another_day_every_date_has_moved_along(copy_database) -> None:
    database = Database(copy_database("sqlite", "empty"))
    later = datetime(2027, 3, 11, 14, tzinfo=UTC)

    demo.load(database, now=later)

    with database.reading() as session:
        assert areas.get_state(session, "XF-CAP", later).status == "SUSPENDED"
        assert session.get_one(Person, "tomas.rehberg").contract_to == datetime(2026, 12, 22, tzinfo=UTC).date() + timedelta(
            days=100
        )
        assert people.actor_named(session, "lina.marchetti").name == "Lina Marchetti"
    database.dispose()
