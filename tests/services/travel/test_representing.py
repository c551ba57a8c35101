"""Who makes a request for whom: oneself, one's dependants, one's unit, whom one prepares travel for."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services import authority, definitions
from services.models.authority import RoleHolding
from services.models.people import Dependant, Person
from services.operations.opening import NotRepresented
from services.registers.askers import list_representable
from tests.services.travel.journeys import NOW, PROCESSES, Journeys
from workflows.errors import AnswersInvalid

CHILD = "mia.marchetti"


def represented(journeys: Journeys, person: str) -> dict[str, str | None]:
    with journeys.database.reading() as session:
        asker = authority.asker_of(session, person, NOW)
        return {each.code: each.only for each in list_representable(session, asker, now=NOW)}


def add_person(journeys: Journeys, code: str, **values: Any) -> None:
    given = {"name": code.title(), "email": f"{code}@demo.example", "organisation": "WIPO", "contract_type": "VISITOR", **values}
    with journeys.database.transaction() as session:
        session.add(Person(code=code, **given))


def add_child(journeys: Journeys, *, born: int = 2018) -> None:
    add_person(journeys, CHILD)
    with journeys.database.transaction() as session:
        session.add(
            Dependant(sponsor="lina.marchetti", person=CHILD, relation="CHILD", birth_year=born, recognised_from=date(2020, 1, 1))
        )


def test_people_represent_themselves_their_unit_and_their_dependants(journeys: Journeys) -> None:
    add_child(journeys)

    mine = represented(journeys, "lina.marchetti")

    assert mine == dict.fromkeys(["lina.marchetti", "tomas.rehberg", "ben.starter", "odile.farrant", CHILD])
    assert represented(journeys, "iris.calder") == {"iris.calder": None}


def test_a_dependant_who_is_no_longer_recognised_is_a_stranger(embedded_journeys: Journeys) -> None:
    add_child(embedded_journeys)
    with embedded_journeys.database.transaction() as session:
        session.query(Dependant).filter_by(person=CHILD).one().recognised_to = date(2026, 11, 30)

    assert CHILD not in represented(embedded_journeys, "lina.marchetti")


def test_a_preparer_represents_the_organisation_and_area_that_the_role_is_held_for(journeys: Journeys) -> None:
    everybody = represented(journeys, "paula.reyes")
    assert everybody["traveller.01"] is None
    assert "lina.marchetti" not in everybody

    with journeys.database.transaction() as session:
        held = session.query(RoleHolding).filter_by(person="paula.reyes", role="PREP").one()
        held.area = "XA"
    some = represented(journeys, "paula.reyes")
    assert some["amadou.keita"] is None
    assert "traveller.01" not in some

    with journeys.database.transaction() as session:
        session.get_one(RoleHolding, held.id).valid_to = NOW
    assert represented(journeys, "paula.reyes") == {"paula.reyes": None}


def test_officials_represent_those_in_their_area_in_medical_evacuations_only(journeys: Journeys) -> None:
    officer = represented(journeys, "yusra.ben-halim")
    head = represented(journeys, "bakari.thorne")

    assert (officer["amadou.keita"], officer["clara.jimenez"], officer["yusra.ben-halim"]) == ("MEDEVAC", "MEDEVAC", None)
    assert "petra.strand" not in officer
    assert head["amadou.keita"] == "MEDEVAC"
    assert "clara.jimenez" not in head


def test_an_administrator_represents_nobody_else_in_another_role(embedded_journeys: Journeys) -> None:
    with embedded_journeys.database.transaction() as session:
        session.add(RoleHolding(person="mika.tarn", role="PREP", organisation="UNAH", valid_from=NOW))

    assert represented(embedded_journeys, "mika.tarn") == {"mika.tarn": None}


@pytest.mark.parametrize("named", [{"on_behalf_of": "petra.strand"}, {"travellers": [{"person": "petra.strand"}]}])
def test_nobody_asks_for_a_stranger(embedded_journeys: Journeys, named: dict[str, Any]) -> None:
    with pytest.raises(AnswersInvalid, match="Choose one of the listed options"):
        embedded_journeys.ask("lina.marchetti", "XC-CAP", **named)


def test_an_official_enters_a_medical_evacuation_and_no_other_trip(embedded_journeys: Journeys) -> None:
    with pytest.raises(AnswersInvalid, match="for a medical evacuation only"):
        embedded_journeys.ask("yusra.ben-halim", "XC-CAP", on_behalf_of="amadou.keita")

    case = embedded_journeys.ask("yusra.ben-halim", "KE-NBO", on_behalf_of="amadou.keita", travel_kind="MEDEVAC")

    assert [line.person for line in embedded_journeys.lines(case)] == ["amadou.keita"]


def test_every_traveller_of_a_group_has_to_be_ones_own(embedded_journeys: Journeys) -> None:
    together = [{"person": "tomas.rehberg"}, {"person": "ben.starter"}]
    assert embedded_journeys.lines(embedded_journeys.ask("lina.marchetti", "XC-CAP", travellers=together)) == []

    with pytest.raises(AnswersInvalid) as refused:
        embedded_journeys.ask("lina.marchetti", "XC-CAP", travellers=[*together, {"person": "petra.strand"}])
    assert [problem.where for problem in refused.value.problems] == ["travellers.2.person"]


def test_a_form_that_offers_everybody_does_not_open_the_door(embedded_journeys: Journeys, tmp_path: Path) -> None:
    folder = tmp_path / "travel_clearance"
    shutil.copytree(PROCESSES / "travel_clearance", folder)
    form = folder / "forms" / "F-TSC-01.form"
    form.write_text(form.read_text().replace('"register": "travellers"', '"register": "people"'))
    with embedded_journeys.database.transaction() as session:
        definitions.publish(session, definitions.read_folder(folder), by="system", now=NOW)

    with pytest.raises(NotRepresented, match=r"petra\.strand"):
        embedded_journeys.ask("lina.marchetti", "XC-CAP", travellers=[{"person": "lina.marchetti"}, {"person": "petra.strand"}])


@pytest.mark.parametrize(
    ("company", "said"),
    [
        ({}, "a child does not travel alone"),
        ({"accompanies": "odile.farrant"}, "must be on this request too"),
        ({"accompanies": CHILD}, "must be on this request too"),
    ],
)
def test_a_child_names_a_grown_up_on_the_same_stops(embedded_journeys: Journeys, company: dict[str, str], said: str) -> None:
    add_child(embedded_journeys)
    parent = {"person": "lina.marchetti"}

    with pytest.raises(AnswersInvalid, match=said):
        embedded_journeys.ask("lina.marchetti", "XC-CAP", travellers=[parent, {"person": CHILD, **company}])

    together = [parent, {"person": CHILD, "accompanies": "lina.marchetti"}]
    case = embedded_journeys.ask("lina.marchetti", "XC-CAP", travellers=together)
    assert sorted({line.person for line in embedded_journeys.lines(case)}) == ["lina.marchetti", CHILD]


def test_a_child_does_not_travel_with_another_child(embedded_journeys: Journeys) -> None:
    add_child(embedded_journeys)
    add_person(embedded_journeys, "leo.marchetti")
    with embedded_journeys.database.transaction() as session:
        values = {"sponsor": "lina.marchetti", "relation": "CHILD", "recognised_from": date(2020, 1, 1)}
        session.add(Dependant(person="leo.marchetti", birth_year=2012, **values))
    children = [{"person": CHILD, "accompanies": "leo.marchetti"}, {"person": "leo.marchetti", "accompanies": "lina.marchetti"}]

    with pytest.raises(AnswersInvalid, match="must travel with a grown-up"):
        embedded_journeys.ask("lina.marchetti", "XC-CAP", travellers=[{"person": "lina.marchetti"}, *children])


def test_a_grown_up_dependant_needs_no_company(embedded_journeys: Journeys) -> None:
    add_child(embedded_journeys, born=2008)

    case = embedded_journeys.ask("lina.marchetti", "XC-CAP", travellers=[{"person": "lina.marchetti"}, {"person": CHILD}])

    assert len(embedded_journeys.lines(case)) == 2
