"""`safeconduct demo`: invented areas, people and cases, to try things out."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.settings import Settings, read_settings


@click.command("demo")
@click.option("--reset", is_flag=True, help="Throw the embedded database away first, with everything in it.")
def command(*, reset: bool) -> None:
    """Fill the database with demo data, if it has none."""
    from dataclasses import replace

    from webapp.preparing import prepare_database

    settings = replace(read_settings(), demo=True)
    if reset:
        _throw_away(settings)
    for line in prepare_database(settings):
        click.echo(line)


def _throw_away(settings: Settings) -> None:
    if not settings.is_embedded:
        raise click.UsageError("Only the embedded database can be reset from here; drop and create a PostgreSQL one.")
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        part.unlink(missing_ok=True)
    click.echo(f"Threw away {path}.")
