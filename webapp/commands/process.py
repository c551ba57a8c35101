"""`safeconduct process`: check and publish process folders."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from webapp.settings import ROOT, read_settings

PROCESSES = ROOT / "bpmn"


@click.group("process")
def command() -> None:
    """Check and publish processes."""


@command.command("check")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folders: tuple[Path, ...]) -> None:
    """Say everything that keeps process folders from being published; by default all of bpmn/."""
    found = 0
    for folder in folders or _all_folders():
        problems = _problems_of(folder)
        click.echo(f"{folder.name}: {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}")
        for problem in problems:
            click.echo(f"  {problem}")
        found += len(problems)
    sys.exit(1 if found else 0)


@command.command("publish")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--by", default="system", show_default=True, help="Code of the person who publishes.")
@click.option("--note", default="", help="What has changed.")
def publish(folder: Path, by: str, note: str) -> None:
    """Publish a process folder as the next version; running cases keep theirs."""
    from services import definitions
    from services.database import Database
    from services.operations import CATALOGUE
    from services.roles import ROLES
    from webapp.context import system_clock

    package = definitions.read_folder(folder)
    database = Database(read_settings().database_url)
    with database.transaction() as session:
        version = definitions.publish(session, package, by=by, now=system_clock(), note=note, operations=CATALOGUE, roles=ROLES)
        said = f"{version.key} is version {version.version}."
    database.dispose()
    click.echo(said)


@command.command("list")
def list_versions() -> None:
    """List the processes with their newest versions."""
    from services import definitions
    from services.database import Database

    database = Database(read_settings().database_url)
    with database.reading() as session:
        for version in definitions.list_current_versions(session):
            click.echo(f"{version.key:<32} {version.version:>4}  {version.published_at:%Y-%m-%d}  {version.title}")
    database.dispose()


def _all_folders() -> list[Path]:
    from services import definitions

    return list(definitions.process_folders(PROCESSES))


def _problems_of(folder: Path) -> list[str]:
    from services import definitions
    from services.operations import CATALOGUE
    from services.roles import ROLES
    from workflows.errors import Refused
    from workflows.packages import check_package

    try:
        package = definitions.read_folder(folder)
    except Refused as error:
        return [str(problem) for problem in error.problems]
    return [str(problem) for problem in check_package(package, operations=CATALOGUE, roles=ROLES)]
