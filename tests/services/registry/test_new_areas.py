"""A new area is entered in the register before anything begins there: where it lies, and what counts there at first."""

from __future__ import annotations

import pytest

from services.models.areas import Area
from services.registers.areas import facts_for_stay, list_active
from services.registry.errors import NotKept
from tests.services.leave import NOW
from tests.services.registry.records import ADMINISTRATOR, ADVISER_NORTH, AUDITOR, HEADQUARTERS, OFFICIAL, TRAVELLER, Records
from workflows.errors import AnswersInvalid

NEW = {
    "code": "XA-LAK",
    "name.en": "Lake district",
    "kind": "FIELD_SUB",
    "parent": "XA",
    "security_level": "3",
    "residual_risk": "HIGH",
}


def problems_of(records: Records, **typed: str) -> dict[str, str]:
    with pytest.raises(AnswersInvalid) as refused:
        records.add(HEADQUARTERS, "areas", NEW | typed)
    return {problem.where: problem.sentence for problem in refused.value.problems}


def test_a_new_area_lies_where_it_was_said_and_takes_clock_and_calendar_from_there(records: Records) -> None:
    entry = records.add(HEADQUARTERS, "areas", NEW)

    with records.database.reading() as session:
        area, above = session.get_one(Area, "XA-LAK"), session.get_one(Area, "XA")
        facts = facts_for_stay(session, "XA-LAK", arrive_at=NOW, now=NOW)
        assert "XA-LAK" in [one.code for one in list_active(session, NOW.date())]
    assert (entry, area.designated_area, area.country_code) == ("XA-LAK", "XA", "XA")
    assert (area.zone, area.calendar, area.location_class) == (above.zone, above.calendar, "FIELD")
    assert (facts.level, facts.risk, facts.mode, facts.srm_valid, facts.status) == (3, "HIGH", "MANUAL", False, "OPEN")
    assert "XA-LAK" in records.keys(TRAVELLER, "areas", area="XA")
    assert records.keys(ADVISER_NORTH, "area-states", area="XA-LAK")  # roles of the country reach it
    (added,) = records.entry(AUDITOR, "areas", "XA-LAK").changes
    assert (added.act, added.by, added.reason) == ("ADDED", HEADQUARTERS, "On order")


def test_a_designated_area_lies_in_a_group_and_has_no_state_itself(embedded_records: Records) -> None:
    country = {"code": "XM", "name.en": "Mirren", "kind": "DESIGNATED", "parent": "FIELD", "zone": "Africa/Nairobi"}

    embedded_records.add(ADMINISTRATOR, "areas", country)
    embedded_records.add(ADMINISTRATOR, "areas", NEW | {"code": "XM-CAP", "parent": "XM"})

    values = embedded_records.entry(TRAVELLER, "areas", "XM-CAP").row.values
    assert (values["designated_area"], values["zone"], values["security_level"]) == ("XM", "Africa/Nairobi", 3)
    assert embedded_records.entry(TRAVELLER, "areas", "XM").row.values["security_level"] is None


def test_what_does_not_fit_is_said_beside_it_and_nothing_is_entered(embedded_records: Records) -> None:
    before = embedded_records.keys(TRAVELLER, "areas")

    typed = {"zone": "Mars/Olympus", "calendar": "NEVER", "security_level": "7", "residual_risk": ""}
    assert set(problems_of(embedded_records, code="lake 1", **typed)) == {"code", *typed}
    assert set(problems_of(embedded_records, code="XA-NOR", parent="FIELD", security_level="")) == {
        "code",
        "parent",
        "security_level",
    }
    assert set(problems_of(embedded_records, kind="DESIGNATED")) == {"parent"}
    assert set(problems_of(embedded_records, kind="GROUP", parent="FIELD")) == {"kind"}
    assert embedded_records.keys(TRAVELLER, "areas") == before


@pytest.mark.parametrize("person", [TRAVELLER, ADVISER_NORTH, OFFICIAL, AUDITOR])
def test_only_directors_and_administrators_add_areas(embedded_records: Records, person: str) -> None:
    with pytest.raises(NotKept):
        embedded_records.add(person, "areas", NEW)


def test_the_director_of_headquarters_adds_none_in_the_field(embedded_records: Records) -> None:
    with pytest.raises(NotKept):
        embedded_records.add("thandi.roswell", "areas", NEW)


def test_names_and_contact_may_be_changed_and_the_level_may_not(embedded_records: Records) -> None:
    assert embedded_records.change(
        HEADQUARTERS, "areas", "XA-NOR", **{"name.en": "Arvenia North", "contact": "Post 4", "security_level": "1"}
    )

    values = embedded_records.entry(TRAVELLER, "areas", "XA-NOR").row.values
    assert (values["name"]["en"], values["contact"]) == ("Arvenia North", "Post 4")
    assert values["security_level"] != 1
