"""`safeconduct audit`: whether what is stored still holds together."""

from __future__ import annotations

import sys

import click

from webapp.settings import read_settings


@click.group("audit")
def command() -> None:
    """Verify the history of cases."""


@command.command("verify")
@click.argument("numbers", nargs=-1)
def verify(numbers: tuple[str, ...]) -> None:
    """Verify hash chains and invariants of all cases, or of those with the given numbers."""
    from services import invariants
    from services.database import Database
    from webapp.context import system_clock

    database = Database(read_settings().database_url)
    cases = broken = 0
    with database.reading() as session:
        for case, problems in invariants.check_cases(session, numbers=numbers, now=system_clock()):
            cases += 1
            broken += bool(problems)
            for problem in problems:
                click.echo(f"{case.number}: {problem}")
    database.dispose()
    click.echo(f"{cases} cases verified, {broken} with problems.")
    sys.exit(1 if broken else 0)
