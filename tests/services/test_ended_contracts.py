"""A contract that ended locks nobody out: administrators are told of the account once, and see it until they close it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services import ended_contracts, jobs, people
from services.database import Database
from services.mailers import MemoryMailer
from services.models.notices import Notice
from services.models.people import Account, Person
from services.registry import editing
from services.registry.asking import Asked
from services.registry.reading import count_asked, find_register, list_entries, read_entry
from tests.databases import NOW

ADMINISTRATOR, STAFF = "mika.tarn", "lina.marchetti"
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture(params=("sqlite", "postgresql"))
def world(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Database]:
    database = Database(copy_database(request.param, "demo"), durable=False)
    with database.transaction() as session:
        for person in session.scalars(select(Person)):
            person.contract_to = None
    yield database
    database.dispose()


def end(world: Database, last: date | None, person: str = STAFF) -> None:
    with world.transaction() as session:
        session.get_one(Person, person).contract_to = last


def told(world: Database) -> list[tuple[str, list[str]]]:
    with world.reading() as session:
        found = session.scalars(select(Notice).where(Notice.code == ended_contracts.TOLD).order_by(Notice.told_at))
        return [(notice.person, notice.variables["persons"]) for notice in found]


def count(world: Database, person: str = ADMINISTRATOR) -> int:
    with world.reading() as session:
        asked = Asked(filters=ended_contracts.ASKED)
        return count_asked(session, "accounts", asked, actor=people.actor_named(session, person), now=NOW)


@pytest.mark.parametrize(("last", "ended"), [(None, 0), (TODAY, 0), (TODAY - DAY, 1)])
def test_a_contract_has_ended_when_its_last_day_is_over(world: Database, last: date | None, ended: int) -> None:
    end(world, last)

    ended_contracts.tell_once(world, NOW)

    assert count(world) == len(told(world)) == ended
    assert count(world, STAFF) == 0, "others hear nothing of it"


def test_administrators_hear_of_each_account_once_and_nobody_is_locked_out(world: Database) -> None:
    end(world, TODAY - DAY)
    for day in range(3):
        jobs.run_once(world, MemoryMailer(), NOW + day * DAY)
        jobs.run_once(world, MemoryMailer(), NOW + day * DAY + timedelta(minutes=1))

    assert told(world) == [(ADMINISTRATOR, [STAFF])]
    with world.reading() as session:
        assert people.actor_named(session, STAFF).person == STAFF

    end(world, TODAY + 3 * DAY)
    ended_contracts.tell_once(world, NOW + 3 * DAY)
    ended_contracts.tell_once(world, NOW + 4 * DAY)
    assert told(world) == [(ADMINISTRATOR, [STAFF])] * 2, "a contract that was prolonged ends again"


def test_accounts_that_are_closed_already_are_not_told_of(world: Database) -> None:
    end(world, TODAY - DAY)
    with world.transaction() as session:
        session.scalars(select(Account).where(Account.person == STAFF)).one().active = False

    ended_contracts.tell_once(world, NOW)

    assert (told(world), count(world)) == ([], 0)


def test_the_list_is_narrowed_to_them_shows_the_day_and_is_empty_once_they_are_closed(world: Database) -> None:
    end(world, TODAY - DAY)
    with world.transaction() as session:
        actor = people.actor_named(session, ADMINISTRATOR)
        register, reader = find_register(session, "accounts", actor=actor, now=NOW)
        others = list_entries(session, register, Asked(filters={"contract_ended": "no"}), reader=reader)
        (row,) = list_entries(session, register, Asked(filters=ended_contracts.ASKED), reader=reader).rows
        entry = read_entry(session, register, row.key, reader=reader)
        said = {"active": "no", "reason": "Left"}
        editing.change_entry(session, "accounts", row.key, said, fingerprint=entry.fingerprint, actor=actor, now=NOW)

    assert (row.key, row.values["contract_to"], entry.row.values["contract_ended"]) == (STAFF, TODAY - DAY, True)
    assert others.found == others.total - 1
    assert count(world) == 0
