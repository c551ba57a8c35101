"""`safeconduct process`: check and publish process folders."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from webapp.settings import ROOT, read_settings
from workflows.errors import Problem

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
        findings = _problems_of(folder)
        problems = [problem for problem in findings if not problem.is_advice]
        click.echo(f"{folder.name}: {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}")
        for problem in findings:
            click.echo(f"  {'to look at: ' if problem.is_advice else ''}{problem}")
            for step in getattr(problem, "story", ()):
                click.echo(f"      {str(step).removeprefix(f'{step.where}: ')}")
        found += len(problems)
    sys.exit(1 if found else 0)


@command.command("compare")
@click.argument("old", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, file_okay=False, path_type=Path))
def compare_folders(old: Path, new: Path) -> None:
    """Say in sentences what differs between two folders of one process."""
    from services import definitions
    from workflows.comparing import compare

    differences = compare(definitions.read_folder(old), definitions.read_folder(new))
    for each in differences:
        click.echo(f"{each.file}  {str(each).removeprefix(f'{each.where}: ')}")
    if not differences:
        click.echo("Nothing differs that a case would notice.")


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


@command.command("migrate")
@click.argument("key")
@click.option("--from", "source", type=int, required=True, help="The version whose running cases are moved.")
@click.option("--to", "target", type=int, required=True, help="The version that they are moved to.")
@click.option("--map", "pairs", multiple=True, metavar="OLD=NEW", help="What takes the place of an element; may be repeated.")
@click.option("--renew-due", is_flag=True, help="Work out due dates anew, instead of keeping them.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of every case.")
@click.option("--by", default="system", show_default=True, help="Code of the person who asks for it.")
def migrate(key: str, source: int, target: int, pairs: tuple[str, ...], by: str, *, renew_due: bool, dry_run: bool) -> None:
    """Move the running cases of one version of a process to another.

    Each case is moved by itself; whatever keeps one where it is, is said. Interrupted, the same command or any worker goes on.
    """
    from services.database import Database
    from webapp.migrating import carry_out, preview, read_mapping

    database = Database(read_settings().database_url)
    try:
        mapping = read_mapping(pairs)
        act = preview if dry_run else carry_out
        refused = act(database, key, source, target, mapping, by=by, renew_due=renew_due)
    finally:
        database.dispose()
    sys.exit(1 if refused else 0)


def _all_folders() -> list[Path]:
    from services import definitions

    return list(definitions.process_folders(PROCESSES))


def _problems_of(folder: Path) -> list[Problem]:
    from services import definitions
    from services.operations import CATALOGUE
    from services.roles import ROLES
    from workflows.errors import Refused
    from workflows.packages import check_package

    try:
        package = definitions.read_folder(folder)
    except Refused as error:
        return error.problems
    return [*check_package(package, operations=CATALOGUE, roles=ROLES), *definitions.check_apart(package)]
