"""`safeconduct serve`: the web server."""

from __future__ import annotations

import os
import socket

import click

from webapp.settings import Settings, read_settings

DEFAULT_PORT = 8460


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, envvar="PORT", default=DEFAULT_PORT, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes; PostgreSQL only.")
@click.option("--prepare", is_flag=True, help="First bring the tables up to date and, where there is nobody yet, load demo data.")
def command(host: str, port: int, workers: int, *, prepare: bool) -> None:
    """Serve the pages."""
    if prepare:
        os.environ.setdefault("SAFECONDUCT_DEMO", "yes")
    settings = read_settings()
    if settings.is_embedded and workers > 1:
        raise click.UsageError("The embedded database serves one process. For more workers set SAFECONDUCT_DATABASE_URL.")
    _ensure_free(host, port)
    if prepare:
        _prepare(settings)
    _serve(host, port, workers)


def _ensure_free(host: str, port: int) -> None:
    # The server itself would share a port that another one has, and each would get some of the requests.
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sentence = f"Port {port} of {host} cannot be used ({error.strerror}). Choose another one: PORT={port + 1} make run"
            raise click.ClickException(sentence) from error


def _prepare(settings: Settings) -> None:
    from webapp.preparing import prepare_database

    for line in prepare_database(settings):
        click.echo(line)


def _serve(host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    click.echo(f"Serving http://{host}:{port} - stop with Ctrl+C")
    server = Granian(
        "webapp.serving:create_served_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=max(2, os.cpu_count() or 2),
        backpressure=64,
        websockets=False,
        respawn_failed_workers=True,
        log_dictconfig={"loggers": {"_granian": {"level": "WARNING"}}},
    )
    server.serve()
