"""`safeconduct scenario`: try processes by their stories."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from services.scenarios import Worlds
    from workflows.packages import Package


@click.group("scenario")
def command() -> None:
    """Try processes by their stories."""


@command.command("run")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def run(files: tuple[Path, ...]) -> None:
    """Run scenario files, or all of a process folder, each in a world of its own; nothing of the real database is touched."""
    from services import definitions
    from services.scenarios import open_world

    failed = 0
    read = cache(definitions.read_folder)
    with open_world() as worlds:
        for file in _scenario_files(files):
            failed += _run_file(worlds, file, read)
    if failed:
        click.echo(f"{failed} failed.", err=True)
        sys.exit(1)


def _scenario_files(files: tuple[Path, ...]) -> list[Path]:
    """Unfold folders: a process folder, or one that holds process folders."""
    found: list[Path] = []
    for file in files:
        found += sorted(file.rglob("scenarios/*.yaml")) if file.is_dir() else [file]
    return found


def _run_file(worlds: Worlds, file: Path, read: Callable[[Path], Package]) -> int:
    """Run one file and say how it went; answers how many failed."""
    from services.scenarios import read_others, run_scenario
    from workflows.errors import SafeconductError
    from workflows.scenarios import load_yaml, read_scenario

    try:
        scenario = read_scenario(load_yaml(file.read_bytes(), name=file.name), name=file.name)
        folder = file.resolve().parents[1]
        package, others = read(folder), read_others(scenario, folder.parent)
        with worlds.open(scenario, package, others) as database:
            failures = run_scenario(database, scenario).failures
    except SafeconductError as error:
        failures = [str(error)]
    click.echo(f"{'failed' if failures else 'passed'}  {file}")
    for failure in failures:
        click.echo(f"        {failure}")
    return 1 if failures else 0
