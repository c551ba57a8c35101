"""What has to be there before the first page: folder, tables, published processes, and demo data where that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from services import definitions, demo, people
from services.database import Database, upgrade
from services.errors import NotFound
from webapp.context import system_clock
from webapp.demo import ACCOUNTS
from webapp.settings import ROOT, Settings

PROCESSES = ROOT / "bpmn"


def make_folder(settings: Settings) -> None:
    """Make the folder of the embedded database."""
    if settings.is_embedded:
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def prepare_database(settings: Settings) -> Iterator[str]:
    """Bring the database to where pages can be served, and say in lines what was done."""
    make_folder(settings)
    upgrade(settings.database_url)
    yield "The tables are up to date."
    database = Database(settings.database_url)
    try:
        now = system_clock()
        for key in publish_processes(database, now=now):
            yield f"Published the process {key}."
        if settings.demo and not has_demo(database):
            yield "Loading the demo data ..."
            demo.load(database, now=now)
    finally:
        database.dispose()
    if settings.demo:
        yield f"Demo accounts, all with the password {demo.PASSWORD}:"
        yield from (f"  {account.login:<34} {account.role}" for account in ACCOUNTS)


def publish_processes(database: Database, *, now: datetime) -> list[str]:
    """Publish the process folders that the database does not know yet, and name them."""
    with database.transaction() as session:
        return [version.key for version in definitions.publish_folders(session, PROCESSES, now=now)]


def has_demo(database: Database) -> bool:
    """Tell whether the demo data are there already."""
    with database.reading() as session:
        try:
            people.actor_named(session, ACCOUNTS[0].person)
        except NotFound:
            return False
    return True
