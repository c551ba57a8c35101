"""`safeconduct db`: the tables of the database."""

from __future__ import annotations

import click

from webapp.settings import read_settings


@click.group("db")
def command() -> None:
    """Look after the database."""


@command.command("upgrade")
def upgrade() -> None:
    """Bring the tables to the newest shape; does nothing where they have it."""
    from services.database import upgrade as upgrade_database
    from webapp.preparing import make_folder

    settings = read_settings()
    make_folder(settings)
    upgrade_database(settings.database_url)
    click.echo("The tables are up to date.")


@command.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the tables back to an older shape; rows that have no place there are lost."""
    from services.database import downgrade as downgrade_database

    downgrade_database(read_settings().database_url, revision)
    click.echo(f"The tables are as of {revision}.")
