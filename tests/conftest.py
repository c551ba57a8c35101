"""What tests of every floor may ask for: databases, a clock that stands still, an application and its clients."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.database import Database
from services.scenarios import Worlds
from tests.accounts import add_account, sign_in
from tests.apps import make_application
from tests.clocks import FakeClock
from tests.databases import NOW, RUN_VARIABLE, Databases, Missing, begin_run
from webapp.settings import Settings

NO_POSTGRESQL = "no PostgreSQL: "
#: So many new objects before Python looks for circles: looking after every 700, as it does, takes a fifth of all time here.
OBJECTS = 10_000


def pytest_configure(config: pytest.Config) -> None:
    """Let the process that starts the workers own what they share."""
    gc.set_threshold(OBJECTS)
    if RUN_VARIABLE not in os.environ and not hasattr(config, "workerinput"):
        folder = begin_run()
        config.add_cleanup(lambda: _end_run(folder))


def _end_run(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(RUN_VARIABLE, None)


def pytest_report_header() -> str:
    """Say where the databases are: in memory, unless there is no room."""
    return f"databases: {os.environ[RUN_VARIABLE].rpartition(':')[0]}"


def pytest_collection_finish() -> None:
    """Leave what is there for good, modules and tests, out of every later look for circles."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly how many tests could not be tried on PostgreSQL."""
    left_out = [report for report in terminalreporter.stats.get("skipped", []) if NO_POSTGRESQL in str(report.longrepr)]
    if left_out:
        terminalreporter.section("NOT TRIED ON POSTGRESQL", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(left_out)} tests need PostgreSQL, which this machine does not have.")


@pytest.fixture(scope="session")
def databases(worker_id: str) -> Iterator[Databases]:
    """Give copies of databases that are made once per test run."""
    made = Databases(worker_id)
    yield made
    made.close()


@pytest.fixture(scope="session")
def worlds(databases: Databases) -> Worlds:
    """Give the worlds that scenarios play in; the workers of a run share them."""
    folder = databases.folder / "worlds"
    folder.mkdir(exist_ok=True)
    return Worlds(folder)


@pytest.fixture
def copy_database(databases: Databases, tmp_path: Path) -> Iterator[Callable[[str, str], str]]:
    """Give a function that makes a database: `copy_database("sqlite", "demo")`; contents are those of tests/databases.py."""
    opened, numbers = [], itertools.count()

    def copy(kind: str, content: str = "empty") -> str:
        if kind == "sqlite":
            return databases.copy_sqlite(content, tmp_path / f"{content}-{next(numbers)}.db")
        try:
            context = databases.copy_postgresql(content)
            url = context.__enter__()
        except Missing as missing:
            if os.environ.get("CI"):
                pytest.fail(str(missing), pytrace=False)
            pytest.skip(NO_POSTGRESQL + str(missing))
        opened.append(context)
        return url

    yield copy
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> str:
    """Give an empty, migrated database; a test that asks for it runs on both kinds."""
    return copy_database(request.param, "empty")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open an empty, migrated database; a test that asks for it runs on both kinds."""
    opened = Database(database_url, durable=False)
    yield opened
    opened.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def demo_database(request: pytest.FixtureRequest, copy_database: Callable[[str, str], str]) -> Iterator[Database]:
    """Open a database with the demo data; a test that asks for it runs on both kinds."""
    opened = Database(copy_database(request.param, "demo"), durable=False)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> FakeClock:
    """Give a clock that stands at the moment on which all demo data are built."""
    return FakeClock(NOW)


@pytest.fixture
def sqlite_database(copy_database: Callable[[str, str], str]) -> Iterator[Database]:
    """Open an empty, migrated database in a file: for tests to which the kind makes no difference."""
    opened = Database(copy_database("sqlite", "empty"), durable=False)
    yield opened
    opened.dispose()


@pytest.fixture
def make_app(clock: FakeClock) -> Callable[..., Flask]:
    """Give a function that makes an application on a database, with settings as named: `make_app(database, https=True)`."""

    def make(database: Database, **settings: object) -> Flask:
        chosen = Settings(secret_key="of no use outside this test", database_url=database.url, **settings)
        app = make_application(chosen, database=database, clock=clock)
        app.testing = True
        return app

    return make


@pytest.fixture
def app(make_app: Callable[..., Flask], sqlite_database: Database) -> Flask:
    """Give an application on an empty database."""
    return make_app(sqlite_database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser that nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def reader(app: Flask, sqlite_database: Database) -> FlaskClient:
    """Give a browser in which somebody without any role is signed in."""
    add_account(sqlite_database, now=NOW)
    return sign_in(app.test_client())
