"""`safeconduct retention`: what is forgotten soon, what is held, and what cannot go."""

from __future__ import annotations

import click

from webapp.settings import read_settings


@click.command("retention")
@click.option("--days", default=30, show_default=True, type=click.IntRange(0, 3650), help="How many days ahead.")
def command(days: int) -> None:
    """Say how many cases are emptied and removed soon, and which stay and why. Changes nothing."""
    from services import retention
    from services.database import Database
    from services.people import SYSTEM
    from webapp.context import system_clock

    database = Database(read_settings().database_url)
    with database.reading() as session:
        found = retention.preview(session, days=days, actor=SYSTEM, now=system_clock())
    database.dispose()
    click.echo(f"By {found.until:%Y-%m-%d}:")
    for row in found.rows:
        kept = f"content {row.days} days, record {row.record_days} days"
        soon = f"{row.to_empty} to be emptied, {row.to_remove} to be removed, {row.held} held, {row.removed} removed so far"
        click.echo(f"{row.process_key:<24} {kept}: {soon}")
    for each in found.staying:
        ended = f"ended {each.ended_at:%Y-%m-%d}" if each.ended_at is not None else "not ended"
        click.echo(f"{each.number} {each.process_key}, {ended}, stays: {retention.say_why(each.why)}")
