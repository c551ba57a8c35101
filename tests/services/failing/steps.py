"""Failures that several tests begin with, and repairs."""

from __future__ import annotations

from datetime import timedelta

from services import jobs
from tests.services.booking import OWNER, Booking
from tests.services.leave import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DUE = NOW + HOUR


def sweep(booking: Booking, now) -> tuple[int, int]:
    return jobs.fire_due_timers(booking.database, now)


def stop(booking: Booking) -> str:
    """A case that was put aside because its reminder failed three times."""
    booking.fail("try.remind")
    case_id = booking.start_booking()
    for moment in (DUE, DUE + 2 * MINUTE, DUE + 6 * MINUTE):
        sweep(booking, moment)
    assert booking.case(case_id).state == "INCIDENT"
    return case_id


def repair(booking: Booking, act, incident_id: str, *, by: str = OWNER, now=DUE + HOUR, **more):
    actor = booking.actor(by)
    with booking.database.transaction() as session:
        return act(session, incident_id, actor=actor, now=now, **more)


# What a person does.
