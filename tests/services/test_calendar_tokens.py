"""Secret addresses of calendars: made, renewed, taken back, and never stored as they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services import calendar_tokens
from services.errors import NotFound
from services.models.calendar_tokens import CalendarToken
from tests.services.leave import NOW, REQUESTER, Leave, fill_leave
from tests.worlds import EMBEDDED, world_fixture

leave = world_fixture("leave", fill_leave, Leave, kinds=EMBEDDED)


def make(leave, now=NOW):
    actor = leave.actor(REQUESTER)
    with leave.database.transaction() as session:
        return calendar_tokens.create_calendar_token(session, actor=actor, now=now)


def read(leave, secret, now=NOW):
    with leave.database.transaction() as session:
        return calendar_tokens.open_calendar(session, secret, now=now).person


def test_a_secret_opens_the_calendar_of_its_person_and_is_not_stored(leave):
    secret = make(leave)

    assert read(leave, secret) == REQUESTER
    with leave.database.reading() as session:
        (row,) = session.scalars(select(CalendarToken)).all()
    assert secret not in {row.token_hash, row.person}
    assert len(secret) > 40


def test_a_renewed_or_revoked_secret_opens_nothing(leave):
    first = make(leave)
    second = make(leave)

    with pytest.raises(NotFound):
        read(leave, first)
    assert read(leave, second) == REQUESTER
    with leave.database.transaction() as session:
        calendar_tokens.revoke_calendar_token(session, actor=leave.actor(REQUESTER))
    with pytest.raises(NotFound):
        read(leave, second)


def test_whoever_reads_too_often_waits_an_hour(leave):
    secret = make(leave)
    for _ in range(calendar_tokens.MOST_READS):
        read(leave, secret)

    with pytest.raises(calendar_tokens.ReadTooOften):
        read(leave, secret, NOW + timedelta(minutes=59))
    assert read(leave, secret, NOW + timedelta(minutes=60)) == REQUESTER
