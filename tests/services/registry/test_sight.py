"""Who sees which rows: in no list, no count, no export and under no address is what is out of somebody's reach."""

from __future__ import annotations

import pytest

from services.errors import NotFound
from services.registry.asking import read_asked
from services.registry.exporting import list_for_export
from services.registry.reading import find_register
from tests.services.leave import NOW
from tests.services.registry.records import (
    ADMINISTRATOR,
    ADVISER_BELMORA,
    ADVISER_NORTH,
    AUDITOR,
    COLLEAGUE,
    HEADQUARTERS,
    OFFICIAL,
    OWNER,
    PERSONNEL,
    TRAVELLER,
    Records,
)


def test_a_journey_is_the_business_of_those_who_may_see_its_stops(records: Records) -> None:
    north, first, second = "TRY-2026-000001-S1", "TRY-2026-000001-S2", "TRY-2026-000002-S1"
    everything = [first, north, second]

    seen = {
        person: sorted(records.values(person, "clearances", "stop_key"))
        for person in (TRAVELLER, ADVISER_NORTH, ADVISER_BELMORA, AUDITOR, "jonas.keel", ADMINISTRATOR, OWNER, PERSONNEL)
    }

    assert seen[TRAVELLER] == sorted([north, first])
    assert seen[ADVISER_NORTH] == [north]
    assert seen[ADVISER_BELMORA] == [first, second]
    assert seen[AUDITOR] == seen["jonas.keel"] == sorted(everything)
    assert seen[ADMINISTRATOR] == seen[OWNER] == seen[PERSONNEL] == []


def test_what_is_not_seen_is_not_counted_nor_exported_nor_under_its_address(records: Records) -> None:
    listing = records.list(ADVISER_NORTH, "clearances")
    hidden = records.keys(COLLEAGUE, "clearances")[0]

    assert (listing.found, listing.total) == (1, 1)
    with records.database.reading() as session:
        register, reader = find_register(session, "clearances", actor=records.actor(ADVISER_NORTH), now=NOW)
        exported = list_for_export(session, register, read_asked(register, {}), reader=reader)
    assert [row.values["stop_key"] for row in exported.rows] == ["TRY-2026-000001-S1"]
    for entry in (hidden, "no-such-entry", "a~b"):
        with pytest.raises(NotFound):
            records.entry(ADVISER_NORTH, "clearances", entry)


def test_waivers_follow_the_stop_and_certificates_the_whole_journey(embedded_records: Records) -> None:
    assert len(embedded_records.keys(ADVISER_NORTH, "waivers")) == 1
    assert embedded_records.keys(ADVISER_BELMORA, "waivers") == []
    assert embedded_records.keys(ADVISER_NORTH, "certificates") == []
    assert embedded_records.keys(TRAVELLER, "certificates") == ["TRY-2026-000001-V1"]


def test_incidents_in_confidence_and_confined_ones_are_there_for_few(records: Records) -> None:
    seen = {
        person: sorted(records.values(person, "incidents", "number"))
        for person in (ADVISER_NORTH, TRAVELLER, COLLEAGUE, OFFICIAL, AUDITOR, ADMINISTRATOR, ADVISER_BELMORA)
    }

    assert seen[ADVISER_NORTH] == ["INC-1"]
    assert seen[TRAVELLER] == ["INC-1"]
    assert seen[COLLEAGUE] == ["INC-2"]
    assert seen[OFFICIAL] == ["INC-1", "INC-3"]
    assert seen[AUDITOR] == ["INC-1", "INC-2"]
    assert seen[ADMINISTRATOR] == seen[ADVISER_BELMORA] == []


def test_areas_and_organisations_are_the_reach_of_roles(records: Records) -> None:
    residences = records.list(ADVISER_NORTH, "residences")
    people = records.list(PERSONNEL, "people")

    assert {row.values["area"] for row in residences.rows} == {"XA-CAP", "XA-NOR"}
    assert {row.values["organisation"] for row in people.rows} == {"WIPO"}
    assert records.keys(TRAVELLER, "people") == [TRAVELLER]
    assert records.values(TRAVELLER, "trainings", "person") == [TRAVELLER, TRAVELLER]
    assert records.keys("petra.strand", "residences") == ["RES-XB-CAP-01"]
    assert records.list(HEADQUARTERS, "assessments").total == records.list(AUDITOR, "assessments").total > 5


def test_a_register_without_any_right_is_not_there(embedded_records: Records) -> None:
    assert "register-changes" in embedded_records.opened(AUDITOR)
    assert "assessments" not in embedded_records.opened(TRAVELLER) | embedded_records.opened(ADMINISTRATOR)
    for key in ("assessments", "register-changes", "no-such-register"):
        with pytest.raises(NotFound):
            embedded_records.list(TRAVELLER, key)


def test_a_part_of_an_entry_shows_only_what_its_register_would(embedded_records: Records) -> None:
    def parts_of(person: str) -> set[str]:
        return {part.register.key for part in embedded_records.entry(person, "areas", "XA-NOR").parts}

    assert "area-states" in parts_of(ADVISER_NORTH)
    assert "area-states" not in parts_of(TRAVELLER)
