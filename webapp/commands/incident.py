"""`safeconduct incident`: what failed, and trying it again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from webapp.settings import read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from services.cases.caretaking import Listed
    from services.people import Actor


@click.group("incident")
def command() -> None:
    """List and repair steps of cases that failed."""


@command.command("list")
@click.option("--closed", is_flag=True, help="Those that are over, instead of those that are open.")
@click.option("--process", "process_key", default=None, help="Only of this process.")
def list_incidents(process_key: str | None, *, closed: bool) -> None:
    """List what failed: the code to speak of it, the case, the step, and why."""
    from services.cases import caretaking
    from services.database import Database
    from services.people import SYSTEM
    from webapp.context import system_clock

    database = Database(read_settings().database_url)
    with database.reading() as session:
        found = caretaking.list_incidents(session, actor=SYSTEM, now=system_clock(), closed=closed, process_key=process_key)
        for listed in found:
            click.echo(_line(listed))
    database.dispose()
    click.echo(f"{len(found)} failed steps.")


@command.command("retry")
@click.argument("reference")
@click.option("--by", default="system", show_default=True, help="Code of the person who repairs.")
def retry(reference: str, by: str) -> None:
    """Let what failed happen again now."""
    from services.cases import caretaking, incidents, repairing
    from services.database import Database
    from services.errors import OperationFailed
    from webapp.context import system_clock

    database, now = Database(read_settings().database_url), system_clock()
    with database.reading() as session:
        actor = _actor(session, by)
        incident_id = caretaking.read_incident(session, reference, actor=actor, now=now).incident.id
    try:
        with database.transaction() as session:
            repairing.retry_step(session, incident_id, actor=actor, now=now)
    except OperationFailed as error:
        with database.transaction() as session:
            cause = incidents.note_again(session, incident_id, error, now=now).cause
        click.echo(f"It failed again: {cause}", err=True)
        sys.exit(1)
    finally:
        database.dispose()
    click.echo("The case goes on.")


def _actor(session: Session, by: str) -> Actor:
    from services import people

    return people.SYSTEM if by == people.SYSTEM.person else people.actor_named(session, by)


def _line(listed: Listed) -> str:
    from services import cases

    incident = listed.incident
    where = f"{listed.number or '-':<18} {listed.version.key} {listed.version.version:<4}"
    what = f"{incident.element or '-'} {f'({incident.operation}) ' if incident.operation else ''}x{incident.attempts}"
    again = f" again at {incident.retry_at:%Y-%m-%d %H:%M}" if incident.retry_at else ""
    moment = f"{incident.failed_at:%Y-%m-%d %H:%M}"
    return f"{cases.reference_of(incident)} {incident.state:<9} {moment} {where} {what}{again}: {incident.cause}"
