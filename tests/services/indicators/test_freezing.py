"""A period that was reported stays as it was reported."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services import indicators
from services.indicators import freezing
from services.indicators.freezing import CorrectionUnexplained, NobodyFreezes, PeriodNotOver
from services.models.premises import AccessBreach
from tests.services.indicators.world import BEFORE, NOW, QUARTER, at


def freeze(world, period=BEFORE, person="usg.office", **how):
    with world.database.transaction() as session:
        return freezing.freeze(session, period, actor=world.actor(person), now=NOW, **how)


def values(world, version, period=BEFORE):
    with world.database.reading() as session:
        return freezing.frozen_values(session, period, version)


def test_a_frozen_period_keeps_its_values_whatever_the_registers_say_later(world):
    frozen = freeze(world)
    first = values(world, 1)
    row = {"premises": "GVA-1", "kind": "UNAUTHORISED_ENTRY", "status": "CONFIRMED", "what": "Found out later."}
    world.add(AccessBreach(number="AB-7", happened_at=at("2026-08-01 00:00"), **row))

    assert (frozen.version, frozen.frozen_by, frozen.frozen_as, frozen.reason) == (1, "usg.office", "USG_OFFICE", None)
    assert {key for key, part in first if not part} == {*indicators.INDICATORS, *indicators.FIGURES}
    assert (first["K2", ""].value, first["K2", ""].entries, world.compute("K2", period=BEFORE).value) == ("1", 1, 2)
    assert (first["K12", ""].value, first["K12", ""].denominator) == (None, 0)
    assert first["K9", "emerging"].value == "100.0"

    corrected = freeze(world, reason="A breach was found out in October.")

    assert (corrected.version, corrected.reason) == (2, "A breach was found out in October.")
    second = values(world, 2)
    assert (values(world, 1)["K2", ""].value, second["K2", ""].value) == ("1", "2")
    assert first["K2", ""].list_hash != second["K2", ""].list_hash
    assert first["K3", ""].list_hash == second["K3", ""].list_hash
    with world.database.reading() as session:
        versions = freezing.list_frozen(session, BEFORE)
        assert [one.version for one in versions] == [2, 1]
        assert freezing.is_intact(versions[0], second.values())
        assert not freezing.is_intact(versions[0], first.values())
        latest = freezing.latest_values(session, [BEFORE, QUARTER], ["K2", "K3"])
    assert {place: row.value for place, row in latest.items()} == {(BEFORE, "K2"): "2", (BEFORE, "K3"): "100.0"}


@pytest.mark.parametrize("table", ["frozen_periods", "frozen_values"])
def test_the_database_refuses_to_change_or_remove_what_was_frozen(world, table):
    freeze(world)

    for statement in (f"UPDATE {table} SET version = 3", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"), world.database.transaction() as session:
            session.execute(text(statement))
    assert values(world, 1)


def test_only_the_office_freezes_and_only_what_is_over(embedded_world):
    for person in ("auditor", "official.xa", "stranger"):
        with pytest.raises(NobodyFreezes):
            freeze(embedded_world, person=person)
    with pytest.raises(PeriodNotOver):
        freeze(embedded_world, QUARTER)
    freeze(embedded_world)
    with pytest.raises(CorrectionUnexplained):
        freeze(embedded_world, reason="  ")
    assert not values(embedded_world, 2)
