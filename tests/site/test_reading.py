"""Opening an address changes nothing, whoever opens it: scanners of mails follow every link."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from services import absences, authority, jobs
from services.absences import Instead, Wish
from services.database import Database
from services.mailers import MemoryMailer
from services.models import Base, Case, Task
from services.models.notices import Notice
from services.people import actor_named
from tests.accounts import sign_in
from tests.databases import NOW

PERSON = "naledi.vanter"
#: What a reader has seen is noted, so that the next page can say what is new; nothing else follows from it.
NOTED = {"seen_cards"}


@pytest.fixture
def database(copy_database):
    opened = Database(copy_database("sqlite", "demo"), durable=False)
    jobs.deliver(opened, MemoryMailer(), NOW)
    yield opened
    opened.dispose()


def prints_of(database: Database) -> dict[str, str]:
    """Take a fingerprint of every table."""
    with database.reading() as session:
        return {
            table.name: hashlib.sha256(repr(sorted(map(repr, session.execute(select(table))))).encode()).hexdigest()
            for table in Base.metadata.sorted_tables
        }


def names_of(database: Database) -> dict[str, str]:
    """What is behind the arguments of addresses, all of it within the reach of the person."""
    with database.transaction() as session:
        me = actor_named(session, PERSON)
        wish = Wish(begins_at=NOW, ends_at=NOW + timedelta(days=2), instead=(Instead(person="kofi.drummond"),))
        absence = absences.declare_absence(session, wish, actor=me, now=NOW)
        task = session.scalars(authority.visible_tasks(me, NOW).order_by(Task.id).limit(1)).one()
        notice = session.scalars(select(Notice.id).where(Notice.person == PERSON).limit(1)).one()
        number = session.get_one(Case, task.case_id).number
    return {"task_id": task.id, "number": number, "notice_id": notice, "absence_id": absence, "register": "absences"}


def test_no_address_changes_anything_by_being_opened(database, make_app):
    app, names = make_app(database, demo=True), names_of(database)
    client = sign_in(app.test_client(), f"{PERSON}@demo.example")
    before, opened = prints_of(database), set()

    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.arguments <= names.keys()]
        addresses = {
            rule.endpoint: app.url_for(rule.endpoint, **{name: names[name] for name in rule.arguments}) for rule in rules
        }
    for endpoint, address in addresses.items():
        if client.get(address).status_code == 200:
            opened.add(endpoint)

    after = prints_of(database)
    assert {table for table, kept in before.items() if after[table] != kept} <= NOTED
    assert {"tasks.show", "cases.show", "notices.index", "absences.index", "absences.report", "registers.index_of"} <= opened
    for endpoint in ("tasks.complete", "notices.open_notice", "absences.end", "absences.decline"):
        assert all("GET" not in rule.methods for rule in app.url_map.iter_rules(endpoint)), endpoint
