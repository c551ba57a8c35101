"""Lists: search, filters, days, order, pages; as fast with many rows as with few."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from services.models.areas import Lodging
from services.registry.queries import ENTRY
from tests.services.registry.records import ADVISER_NORTH, AUDITOR, TRAVELLER, Records
from tests.statements import watch_statements


def test_a_search_looks_into_texts_names_and_people_and_takes_wildcards_for_letters(records: Records) -> None:
    with records.database.transaction() as session:
        session.execute(
            insert(Lodging),
            [
                {"code": code, "area": "XA-NOR", "name": name, "address": "-", "cleared_to": records_day()}
                for code, name in (("L-1", "Fifty % off"), ("L-2", "Snake_case inn"), ("L-3", "Back\\slash"))
            ],
        )

    assert records.keys(TRAVELLER, "lodgings", search="%") == ["L-1"]
    assert records.keys(TRAVELLER, "lodgings", search="snake_") == ["L-2"]
    assert records.keys(TRAVELLER, "lodgings", search="k\\s") == ["L-3"]
    assert records.keys(TRAVELLER, "areas", search="hAlDeN") == ["XA-NOR"]
    assert records.keys(AUDITOR, "people", search="marchet") == [TRAVELLER]
    assert set(records.values(AUDITOR, "trainings", "person", search="Lina March")) == {TRAVELLER}
    assert records.list(AUDITOR, "people", search="nobody is called so").found == 0


def records_day():
    from datetime import date

    return date(2027, 1, 1)


def test_filters_narrow_by_choice_number_truth_person_and_areas_with_those_inside(records: Records) -> None:
    assert records.keys(TRAVELLER, "areas", status="EVACUATED") == ["XE-CAP"]
    assert set(records.keys(TRAVELLER, "areas", security_level="6")) == {"XC-SOU", "XJ-DEL"}
    assert records.keys(TRAVELLER, "areas", security_level="six") == []
    assert records.keys(TRAVELLER, "areas", kind="SITE", status="OPEN") == ["XJ-DEL"]
    assert set(records.keys(AUDITOR, "residences", area="XB")) == {"RES-XB-CAP-01", "RES-XB-CAP-02"}
    assert records.keys(AUDITOR, "residences", area="no-such-area") == []
    assert records.list(AUDITOR, "trainings", revoked="no").found == records.list(AUDITOR, "trainings").total
    assert records.list(AUDITOR, "trainings", revoked="yes").found == 0
    assert set(records.values(AUDITOR, "trainings", "course", person=TRAVELLER)) == {"BSAFE", "SSAFE"}
    assert records.list(AUDITOR, "people", organisation="WIPO").total == records.list(AUDITOR, "people").total


def test_a_day_shows_what_holds_on_it_its_last_day_included(records: Records) -> None:
    def valid(day: str) -> list[str]:
        return records.keys(AUDITOR, "trainings", person="joao.almeida", course="SSAFE", valid_on=day)

    assert len(valid("2026-11-15")) == 1
    assert valid("2026-11-16") == []
    assert records.keys(AUDITOR, "standing-orders", valid_on="2025-12-31") == []
    assert len(records.keys(AUDITOR, "standing-orders", valid_on="2026-01-01")) == 8
    broken = records.list(AUDITOR, "trainings", valid_on="tomorrow")
    assert (broken.found, [problem.where for problem in broken.asked.problems]) == (0, ["valid_on"])


def test_columns_sort_both_ways_and_unknown_ones_not_at_all(records: Records) -> None:
    rising = records.values(AUDITOR, "people", "name", sort="name")
    falling = records.values(AUDITOR, "people", "name", sort="-name")

    assert rising == sorted(rising) != falling
    assert falling[0] > rising[0]
    ends = records.values(AUDITOR, "people", "contract_to", sort="-contract_to")
    assert ends[0] is not None
    assert ends[-1] is None
    assert records.keys(AUDITOR, "areas", sort="password") == records.keys(AUDITOR, "areas")
    assert records.values(AUDITOR, "areas", "security_level", sort="-security_level")[:2] == [6, 6]


def test_pages_follow_each_other_without_gap_or_repetition(records: Records) -> None:
    pages = [records.list(AUDITOR, "role-holdings", page=str(number), sort="role") for number in (1, 2, 3, 4, 5, 6)]
    keys = [row.key for page in pages for row in page.rows]

    assert len(keys) == len(set(keys)) == pages[0].found
    assert [len(page.rows) for page in pages[:2]] == [50, 50]
    assert records.list(AUDITOR, "role-holdings", page="99999999").asked.page == 1


@pytest.mark.parametrize(("person", "key"), [(AUDITOR, "people"), (ADVISER_NORTH, "clearances"), (AUDITOR, "role-holdings")])
def test_the_database_is_asked_as_often_for_many_rows_as_for_few(embedded_records: Records, person: str, key: str) -> None:
    asked: list[str] = []
    watch_statements(embedded_records.database.reading_engine, asked.append)

    rows = embedded_records.list(person, key).rows
    of_list = len(asked)
    embedded_records.entry(person, key, rows[0].key)

    assert of_list <= 10
    assert len(asked) - of_list <= 16
    assert sum("LIMIT" in statement for statement in asked[:of_list]) == 1


def test_who_may_see_what_is_asked_once_for_a_page_and_its_number(records: Records) -> None:
    for asked, times in (({}, 1), ({"search": "TRY"}, 2), ({"page": "9"}, 2)):
        statements: list[str] = []
        stop = watch_statements(records.database.reading_engine, statements.append)
        records.list(AUDITOR, "clearances", **asked)
        stop()
        assert sum(ENTRY in said or "count(*)" in said for said in statements) == times, asked


def test_how_many_there_are_is_known_on_a_page_behind_the_last_and_where_nothing_is_found(records: Records) -> None:
    whole, behind, nothing, unread = (
        records.list(AUDITOR, "clearances", **asked)
        for asked in ({}, {"page": "9"}, {"search": "no such"}, {"valid_on": "never"})
    )

    assert len(whole.rows) == whole.total == whole.found
    assert (behind.rows, behind.total, behind.found) == ([], whole.total, whole.total)
    assert (nothing.rows, nothing.total, nothing.found) == ([], whole.total, 0)
    assert (unread.rows, unread.total, unread.found) == ([], whole.total, 0)
