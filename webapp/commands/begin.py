"""`safeconduct begin`: from an empty database to the first administrator."""

from __future__ import annotations

import click

from webapp.settings import read_settings


@click.command("begin")
@click.option("--name", prompt="Your name", help="Name of the first administrator.")
@click.option("--email", prompt="Your e-mail address", help="With this address the administrator signs in.")
@click.option("--organisation", prompt="Code of your organisation (such as WIPO)", help="Code of the organisation.")
@click.option("--organisation-name", prompt="Name of your organisation", help="Name of the organisation.")
@click.option("--code", help="Code of the administrator; by default what stands before the @ of the address.")
@click.option("--zone", default="UTC", show_default=True, help="Time zone of the headquarters, such as Europe/Zurich.")
@click.option("--locale", default="en", show_default=True, help="Language of the administrator: en, fr, es, ru, zh or ar.")
def command(
    *, name: str, email: str, organisation: str, organisation_name: str, code: str | None, zone: str, locale: str
) -> None:
    """Prepare an empty database and open the account of its first administrator.

    Brings the tables up to date, publishes the processes, enters what every installation needs, and prints the link by which the
    administrator chooses a password. Everything else is entered on pages. A database with people in it is left as it is.
    """
    from zoneinfo import available_timezones

    from services.beginning import Founder, begin
    from services.database import Database, upgrade
    from services.models.account_links import AccountLink
    from services.people import LOCALES
    from webapp.account_links import say_link
    from webapp.context import system_clock
    from webapp.preparing import make_folder, publish_processes

    if "@" not in email.strip("@"):
        raise click.BadParameter("This is no e-mail address.", param_hint="--email")
    if zone not in available_timezones():
        raise click.BadParameter("There is no such time zone. Write it like Africa/Nairobi.", param_hint="--zone")
    if locale not in LOCALES:
        raise click.BadParameter(f"Choose one of {', '.join(LOCALES)}.", param_hint="--locale")
    settings, now = read_settings(), system_clock()
    make_folder(settings)
    upgrade(settings.database_url)
    database = Database(settings.database_url)
    founder = Founder(
        code=(code or email.partition("@")[0]).strip().lower(),
        name=name.strip(),
        email=email,
        organisation=organisation.strip().upper(),
        organisation_name=organisation_name.strip(),
        zone=zone,
        locale=locale,
    )
    published = publish_processes(database, now=now)
    with database.transaction() as session:
        account = begin(session, founder, now=now)
        session.flush()
        said = say_link(settings, session.get_one(AccountLink, account.id))
    database.dispose()
    click.echo(f"{len(published)} processes were published, and {founder.name} is administrator.")
    click.echo(f"Choose your password here, within seven days and once:\n  {said}")
    click.echo("Then enter in the registers: areas, people, who holds which role, and the accounts of those who sign in.")
