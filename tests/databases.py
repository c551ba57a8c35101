"""Databases for tests: each is a copy of a template that is made once per test run and shared by its workers."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from services.database import Database, upgrade
from tests.postgresql_server import lives, start_guarded
from webapp.setup.postgresql import WAY_OUT, find_programs

RUN_VARIABLE = "SAFECONDUCT_TEST_RUN"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
START_S = 60
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 3 * 1024**3
"""What a run may fill: a few copies at a time for each worker, and the server with its templates."""


class Missing(Exception):
    """PostgreSQL cannot be had here."""


def fill_nothing(url: str) -> None:
    """Make the tables and leave them empty."""
    upgrade(url)


def fill_demo(url: str) -> None:
    """Make the tables and load the demo data, as of the day on which all tests play."""
    from services import demo
    from webapp.preparing import publish_processes

    upgrade(url)
    database = Database(url, durable=False)
    try:
        publish_processes(database, now=NOW)
        demo.load(database, now=NOW)
    finally:
        database.dispose()


EMPTY = "empty"
FILLS: dict[str, Callable[[str], None]] = {EMPTY: fill_nothing, "demo": fill_demo}


def begin_run() -> Path:
    """Make the folder that the workers of one test run share, in memory where there is room, and name it to them."""
    place = _place()
    for left in place.glob("sc-*-*-*"):
        # A run that was killed could not clear up behind itself.
        if not lives(int(left.name.split("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"sc-run-{os.getpid()}-", dir=place))
    os.environ[RUN_VARIABLE] = f"{folder}:{os.getpid()}"
    # Whatever a test puts into a temporary folder lies there too, and is gone with the run.
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def _place() -> Path:
    """Choose memory: copying a database on a disk costs ten times as much."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
        return MEMORY
    return Path(tempfile.gettempdir())


class Databases:
    """Copies of templates, made for one worker."""

    def __init__(self, worker: str) -> None:
        """Find the folder of this test run."""
        folder, _, run = os.environ[RUN_VARIABLE].rpartition(":")
        self.folder = Path(folder)
        self.run = int(run)
        self.worker = worker
        self._count = itertools.count(1)
        self._door: psycopg.Connection | None = None

    def close(self) -> None:
        """Leave the server."""
        if self._door is not None:
            self._door.close()

    def copy_sqlite(self, content: str, target: Path) -> str:
        """Copy a template into a file and give its address."""
        shutil.copyfile(self._sqlite_template(content), target)
        return f"sqlite:///{target}"

    def _sqlite_template(self, content: str) -> Path:
        template = self.folder / f"{content}.db"
        with self._lock(f"sqlite-{content}"):
            if not template.exists():
                making = template.with_suffix(".making")
                if content != EMPTY:  # its tables are made already
                    shutil.copyfile(self._sqlite_template(EMPTY), making)
                FILLS[content](f"sqlite:///{making}")
                making.rename(template)
        return template

    @contextmanager
    def copy_postgresql(self, content: str) -> Iterator[str]:
        """Copy a template into a database of its own, drop it afterwards.

        Raises:
            Missing: There is no PostgreSQL on this machine.
        """
        server = self._server()
        template = self._postgresql_template(server, content)
        name = f"test_{self.worker}_{next(self._count)}"
        self._execute(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield _address(server, name)
        finally:
            self._execute(server, f"DROP DATABASE {name} WITH (FORCE)")

    def _postgresql_template(self, server: Path, content: str) -> str:
        template = f"template_{content}"
        with self._lock(f"postgresql-{content}"):
            made = self.folder / template
            if not made.exists():
                # Its tables are made already, but for those of the empty one.
                source = "template1" if content == EMPTY else self._postgresql_template(server, EMPTY)
                self._execute(server, f"DROP DATABASE IF EXISTS {template}")
                self._execute(server, f"CREATE DATABASE {template} TEMPLATE {source} STRATEGY FILE_COPY")
                FILLS[content](_address(server, template))
                made.touch()
        return template

    def _server(self) -> Path:
        """Give the socket folder of this run's server; the first worker that asks starts it."""
        with self._lock("server"):
            note = self.folder / "server"
            if not note.exists():
                note.write_text(str(self._start()), encoding="utf-8")
            return Path(note.read_text(encoding="utf-8"))

    def _start(self) -> Path:
        programs = find_programs()
        if programs is None:
            raise Missing(f"PostgreSQL is missing on this machine. {WAY_OUT}")
        server = Path(tempfile.mkdtemp(prefix=f"sc-pg-{self.run}-", dir=self.folder.parent))
        start_guarded(programs, server, run=self.run)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and not (server / "failed").exists():
            try:
                self._execute(server, "SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return server
        log = (server / "log").read_text(encoding="utf-8", errors="replace")
        raise Missing(f"PostgreSQL does not start here:\n{log}")

    def _execute(self, server: Path, statement: str) -> None:
        """Tell the server, through one connection that stays: one for each statement would be a fifth of what a copy costs."""
        if self._door is None:
            self._door = psycopg.connect(host=str(server), user="postgres", dbname="postgres", autocommit=True, connect_timeout=5)
        self._door.execute(statement.encode())

    @contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        with (self.folder / f"{name}.lock").open("w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _address(server: Path, name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={server}"
