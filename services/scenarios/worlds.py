"""The worlds that scenarios play in: a database with tables, people and the published processes that a story needs."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from services import definitions, demo
from services.database import Database, upgrade
from services.operations import CATALOGUE
from services.roles import ROLES
from workflows.errors import SafeconductError
from workflows.packages import Package, read_package
from workflows.scenarios import Scenario, load_yaml, read_scenario

DEMO = "demo"


class ProcessMissing(SafeconductError):
    """There is no folder of a process called {process} beside this one."""


class Worlds:
    """Keeps one world per set of processes and moment as a file, and gives copies: making one takes longer than a story in it."""

    def __init__(self, folder: Path) -> None:
        """Keep the files in this folder."""
        self.folder = folder

    @contextmanager
    def open(self, scenario: Scenario, package: Package, others: Sequence[Package] = ()) -> Iterator[Database]:
        """Give a database of one's own for a scenario.

        Args:
            others: The further processes that it plays in; see `read_others`.
        """
        packages = (package, *others)
        published = hashlib.sha256("".join(each.digest for each in packages).encode()).hexdigest()
        made = self.folder / f"{scenario.world}-{published[:16]}-{scenario.now:%Y%m%dT%H%M%S}.db"
        if not made.exists():
            self._make(made, scenario, packages)
        with tempfile.TemporaryDirectory(prefix="story-", dir=self.folder) as own:
            copy = Path(own) / "world.db"
            shutil.copyfile(made, copy)
            database = Database(f"sqlite:///{copy}", durable=False)
            try:
                yield database
            finally:
                database.dispose()

    def _make(self, made: Path, scenario: Scenario, packages: Sequence[Package]) -> None:
        """Publish the processes in a copy of the world without any, which is the same for all of them."""
        bare = self.folder / f"{scenario.world}-{scenario.now:%Y%m%dT%H%M%S}.db"
        with tempfile.TemporaryDirectory(prefix="making-", dir=self.folder) as own:
            making = Path(own) / "world.db"
            if bare.exists():
                shutil.copyfile(bare, making)
            else:
                _fill(f"sqlite:///{making}", scenario)
                shutil.copyfile(making, Path(own) / "bare.db")
                (Path(own) / "bare.db").rename(bare)
            _publish(f"sqlite:///{making}", scenario, packages)
            making.rename(made)


@cache
def kept_worlds() -> Worlds:
    """Give the worlds of this program; they are gone with it."""
    folder = tempfile.mkdtemp(prefix="safeconduct-worlds-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Worlds(Path(folder))


@contextmanager
def open_world() -> Iterator[Worlds]:
    """Give worlds that are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="safeconduct-worlds-") as folder:
        yield Worlds(Path(folder))


def find_scenarios(folder: Path) -> list[Scenario]:
    """Read all scenarios of a process folder.

    Raises:
        ScenarioRefused: One of them is not written as it should be.
    """
    files = sorted((folder / "scenarios").glob("*.yaml"))
    return [read_scenario(load_yaml(file.read_bytes(), name=file.name), name=file.name) for file in files]


def read_others(scenario: Scenario, root: Path) -> list[Package]:
    """Read the further processes that a scenario plays in, from the folders beside its own.

    Raises:
        ProcessMissing: There is no such folder.
        PackageRefused: It cannot be read.
    """
    found = []
    for key in scenario.also:
        if not (root / key / "process.toml").is_file():
            raise ProcessMissing(process=key)
        found.append(definitions.read_folder(root / key))
    return found


def published_others(session: Session, scenario: Scenario) -> list[Package]:
    """Read the further processes that a scenario plays in, as they are published.

    Raises:
        NotPublished: There is no such process.
    """
    found = []
    for key in scenario.also:
        version = definitions.current_version(session, key)
        session.refresh(version, ["bundle"])
        found.append(read_package(key, definitions.unpack(version.bundle)))
    return found


def publish_for(database: Database, package: Package, *, now: datetime) -> None:
    """Publish the process that is tried."""
    with database.transaction() as session:
        definitions.publish(session, package, by="system", now=now, operations=CATALOGUE, roles=ROLES)


def _fill(url: str, scenario: Scenario) -> None:
    upgrade(url)
    if scenario.world != DEMO:
        return
    database = Database(url, durable=False)
    try:
        with database.transaction() as session:
            demo.load_world(session, scenario.now)
    finally:
        database.dispose()


def _publish(url: str, scenario: Scenario, packages: Sequence[Package]) -> None:
    database = Database(url, durable=False)
    try:
        for package in packages:
            publish_for(database, package, now=scenario.now)
    finally:
        database.dispose()
