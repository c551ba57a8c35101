"""The measurement of every night."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from services import jobs
from services.indicators import nightly
from services.mailers import MemoryMailer
from services.models.indicators import WhereaboutsNight
from tests.services.indicators.world import NOW, TODAY


def measured(world, night=TODAY):
    with world.database.reading() as session:
        rows = session.scalars(select(WhereaboutsNight).where(WhereaboutsNight.night == night))
        return {row.duty_station: (row.listed, row.located, row.signs) for row in rows}


def test_tonight_is_measured_once_from_what_is_known(world):
    assert nightly.measure_once(world.database, NOW)

    assert measured(world) == {
        "CH-GVA": (0, 0, 0),  # otto is posted here and travels
        # gus has moved out, so that nobody knows; otto arrived on his stay; eve is cleared but has not arrived
        "XA-CAP": (3, 1, 0),
        # anna is at home and her child with her; ben gave a sign 23 hours ago; dan has left; former family and partners are out
        "XA-NOR": (3, 3, 1),
        "XB-CAP": (2, 0, 0),  # cleo and her spouse: her sign is 24 hours old
        "XC-CAP": (0, 0, 0),  # eve travels; what is closed is not measured
    }
    assert not nightly.measure_once(world.database, NOW + timedelta(hours=14))
    assert nightly.measure_once(world.database, NOW + timedelta(days=1))
    assert len(measured(world, TODAY + timedelta(days=1))) == 5


def test_the_round_of_jobs_measures(embedded_world):
    jobs.run_once(embedded_world.database, MemoryMailer(), NOW)

    assert len(measured(embedded_world)) == 5
