"""`safeconduct account`: ways in for those who cannot be reached by mail."""

from __future__ import annotations

import click

from webapp.settings import read_settings


@click.group("account")
def command() -> None:
    """Look after accounts. Administrators open and close them on the page of the register."""


@command.command("link")
@click.argument("login")
def link(login: str) -> None:
    """Print a link by which LOGIN (an e-mail address or a person's code) chooses a password, once and within the hour.

    For an installation without mail, or an administrator who is locked out. Hand it over in person.
    """
    from services.account_links import make_link
    from services.accounts import find_by_login
    from services.database import Database
    from services.models.account_links import FORGOTTEN
    from webapp.account_links import say_link
    from webapp.context import system_clock

    settings = read_settings()
    database = Database(settings.database_url)
    with database.transaction() as session:
        made = make_link(session, find_by_login(session, login), FORGOTTEN, now=system_clock(), is_mailed=False)
        said = say_link(settings, made)
    database.dispose()
    click.echo(said)
