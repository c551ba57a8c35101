"""`safeconduct worker`: timers, area events and outgoing notices, beside the web server."""

from __future__ import annotations

import signal
import threading

import click

from webapp.settings import read_settings


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, say how much it was, and end.")
@click.option("--pause", "pause_s", type=click.FloatRange(min=0.1), default=60.0, show_default=True, help="Seconds between.")
def command(pause_s: float, *, once: bool) -> None:
    """Do what is due: fire timers, handle area events, send notices. Any number of workers may run."""
    from services import jobs
    from services.database import Database
    from webapp.context import system_clock
    from webapp.serving import make_mailer, start_logging

    settings = read_settings()
    start_logging()
    database = Database(settings.database_url)
    mailer = make_mailer(settings)
    if once:
        done = jobs.run_once(database, mailer, system_clock())
        click.echo(f"{done.timers} timers, {done.incidents} incidents, {done.events} events, {done.letters} notices.")
    else:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        jobs.run_forever(database, mailer, system_clock, stop=stop, pause_s=pause_s)
    database.dispose()
