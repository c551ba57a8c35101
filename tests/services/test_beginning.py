"""An office begins with nothing: from an empty database to a clearance, by what its people enter themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from services import beginning, cases, definitions, people, tasks
from services.beginning import BegunAlready, Founder
from services.database import Database
from services.models.areas import AreaWithin
from services.models.cases import OPEN, Case, Task
from services.models.people import Account
from services.operations import CATALOGUE
from services.registry import importing
from services.roles import ROLES
from tests.databases import NOW
from webapp.preparing import PROCESSES

FOUNDER = Founder(
    code="ada",
    name="Ada Lund",
    email="Ada@example.org",
    organisation="UNEX",
    organisation_name="UN Example",
    zone="Europe/Zurich",
)
TRAVELLER, ADVISER, OFFICIAL, OFFICER = "tom", "ceci", "olga", "dan"
STOP = {
    "stop_type": "DESTINATION",
    "area": "KE-NBO",
    "place": "KE-NBO",
    "transport_mode": "ROAD",
    "lodging_kind": "HOTEL",
    "arrive_at": "2026-12-20T09:00:00Z",
    "depart_at": "2026-12-24T18:00:00Z",
    "contact_name": "Duty officer",
    "contact_phone": "+15550100",
}
REQUEST = {
    "travel_kind": "OFFICIAL",
    "purpose_code": "MISSION",
    "purpose_text": "Work with the partners of the office",
    "stops": [STOP],
    "mobile": "+41795550100",
    "second_email": "tom@example.net",
    "declaration": True,
    "emergency_name": "Alex Doe",
    "emergency_relation": "SIBLING",
    "emergency_phone": "+41225550100",
}
RATED = {"security_level": "3", "residual_risk": "MEDIUM"}


@dataclass(frozen=True, kw_only=True)
class Office:
    """A database, and what its people do there."""

    database: Database

    def enter(self, who: str, register: str, *rows: dict[str, str]) -> None:
        lines = [importing.Line(number=number, raw=row) for number, row in enumerate(rows, start=2)]
        with self.database.transaction() as session:
            actor = people.actor_named(session, who)
            importing.add_entries(session, register, lines, reason="The beginning", actor=actor, now=NOW)

    def ask(self, who: str, answers: dict[str, Any]) -> str:
        with self.database.transaction() as session:
            actor = people.actor_named(session, who)
            return cases.start_case(session, "travel_clearance", actor=actor, answers=answers, now=NOW).id

    def do(self, who: str, case_id: str, element: str, **answers: str) -> None:
        with self.database.transaction() as session:
            wanted = select(Task.id).where(Task.case_id == case_id, Task.element == element, Task.state == OPEN)
            task_id = session.scalars(wanted).one()
            revision = session.get_one(Case, case_id).revision
            actor = people.actor_named(session, who)
            tasks.complete_task(session, task_id, actor=actor, answers=answers, revision=revision, now=NOW)


@pytest.fixture(params=("sqlite", "postgresql"))
def office(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Office]:
    database = Database(copy_database(request.param, "empty"), durable=False)
    with database.transaction() as session:
        package = definitions.read_folder(PROCESSES / "travel_clearance")
        definitions.publish(session, package, by="system", now=NOW, operations=CATALOGUE, roles=ROLES)
        beginning.begin(session, FOUNDER, now=NOW)
    yield Office(database=database)
    database.dispose()


def _person(code: str, area: str) -> dict[str, str]:
    said = {"code": code, "name": code.title(), "organisation": "UNEX", "contract_type": "INTL", "contract_from": "2026-01-01"}
    return {**said, "duty_area": area, "head_of_organisation": "no", "protected": "no", "email": f"{code}@example.org"}


def _role(person: str, role: str, area: str) -> dict[str, str]:
    return {"person": person, "role": role, "area": area, "source": "Order 1"}


def _place(code: str, name: str, kind: str, parent: str, **more: str) -> dict[str, str]:
    return {"code": code, "name.en": name, "kind": kind, "parent": parent, **more}


def _enter_world(office: Office) -> None:
    here = {TRAVELLER: "CH-GVA", ADVISER: "KE-NBO", OFFICIAL: "KE-NBO", OFFICER: "KE-NBO"}
    held = ((ADVISER, "CSA", "KE"), (OFFICIAL, "DO", "KE"), (OFFICER, "DSSO", "KE"), (ADVISER, "HSSD", ""))
    office.enter(
        "ada",
        "areas",
        _place("CH", "Switzerland", "DESIGNATED", "HQ"),
        _place("CH-GVA", "Geneva", "HQ_MAIN", "CH", security_level="1", residual_risk="LOW"),
        _place("KE", "Kenya", "DESIGNATED", "FIELD", zone="Africa/Nairobi"),
        _place("KE-NBO", "Nairobi", "FIELD_SUB", "KE", security_level="3", residual_risk="MEDIUM"),
    )
    office.enter("ada", "people", *(_person(code, area) for code, area in here.items()))
    office.enter("ada", "role-holdings", *(_role(*each) for each in held))
    office.enter("ada", "accounts", *({"person": code} for code in here))
    office.enter(ADVISER, "trainings", {"person": TRAVELLER, "course": "BSAFE", "issued_on": "2026-03-01"})


def _to_do(office: Office) -> list[str]:
    with office.database.reading() as session:
        return [step.register for step in beginning.list_first_steps(session) if not step.is_done]


def test_from_an_empty_database_to_a_certificate(office: Office) -> None:
    assert _to_do(office) == ["areas", "people", "role-holdings", "accounts"]
    _enter_world(office)
    assert _to_do(office) == []

    case_id = office.ask(TRAVELLER, REQUEST)
    office.do(ADVISER, case_id, "stop_recommend", advice="RECOMMEND")
    office.do(OFFICIAL, case_id, "stop_decide", decision="GRANT")

    with office.database.reading() as session:
        case = session.get_one(Case, case_id)
    assert (case.state, case.outcome) == ("OPEN", "CLEARED")


def test_an_installation_begins_once(office: Office) -> None:
    with pytest.raises(BegunAlready), office.database.transaction() as session:
        beginning.begin(session, FOUNDER, now=NOW)

    with office.database.reading() as session:
        (account,) = session.scalars(select(Account))
    assert (account.person, account.login, account.active) == ("ada", "ada@example.org", True)


def test_the_first_steps_are_done_one_after_the_other_and_then_nobody_is_asked_again(office: Office) -> None:
    left = ["areas", "people", "role-holdings", "accounts"]
    rows = {
        "areas": [_place("KE", "Kenya", "DESIGNATED", "FIELD"), _place("KE-NBO", "Nairobi", "FIELD_SUB", "KE", **RATED)],
        "people": [_person(ADVISER, "KE-NBO")],
        "role-holdings": [_role(ADVISER, "CSA", "KE")],
        "accounts": [{"person": ADVISER}],
    }
    for register, entries in rows.items():
        assert _to_do(office) == left
        office.enter("ada", register, *entries)
        left = left[1:]

    with office.database.reading() as session:
        assert beginning.list_first_steps(session) == []
        around = select(AreaWithin.ancestor).where(AreaWithin.area == "KE-NBO")
        assert set(session.scalars(around)) == {"KE-NBO", "KE", "FIELD"}
