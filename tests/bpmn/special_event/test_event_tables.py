"""The tables of special events: what is only registered, and which level an event held by others may have."""

from __future__ import annotations

import pytest

from tests.bpmn.tables import Tables

NEEDS, PERMISSION = "D17.1", "D17.2"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables(
        "special_event", {NEEDS: {"participants": 10, "level": 1, "vip": False}, PERMISSION: {"kind": "INTERNAL", "level": 1}}
    )


@pytest.mark.parametrize(
    ("participants", "level", "vip", "review"),
    [
        (50, 2, False, False),
        (51, 2, False, True),
        (10, 3, False, True),
        (10, 1, True, True),
        (10, None, False, True),
        (None, 1, False, True),
        (10, 1, None, True),
    ],
)
def test_only_what_is_small_and_calm_and_without_protected_guests_is_registered(
    tables: Tables, participants: int | None, level: int | None, *, vip: bool | None, review: bool
) -> None:
    assert tables.outputs(NEEDS, participants=participants, level=level, vip=vip)["review"] is review


@pytest.mark.parametrize(
    ("kind", "level", "who"),
    [
        ("EXTERNAL", 2, "OFFICE"),
        ("EXTERNAL", 3, "DO"),
        ("EXTERNAL", 4, "NOBODY"),
        ("EXTERNAL", 6, "NOBODY"),
        ("INTERNAL", 2, "OFFICE"),
        ("INTERNAL", 3, "DO"),
        ("INTERNAL", 6, "DO"),
        ("EXTERNAL", None, "NOBODY"),
        ("INTERNAL", None, "NOBODY"),
    ],
)
def test_external_events_end_at_level_four_and_only_the_official_authorises_at_level_three(
    tables: Tables, kind: str, level: int | None, who: str
) -> None:
    assert tables.outputs(PERMISSION, kind=kind, level=level)["who"] == who


@pytest.mark.parametrize("table", [NEEDS, PERMISSION])
def test_the_tables_are_built_as_all_are(tables: Tables, table: str) -> None:
    assert list(tables.faults()) == [], table
