"""What the web server starts in each of its processes."""

from __future__ import annotations

import logging

from flask import Flask

from services import jobs
from services.mailers import mailer_for
from webapp.app import create_app
from webapp.context import context_of


def create_served_app() -> Flask:
    """Make the application of one server process; on the embedded database the jobs run beside it in a thread."""
    start_logging()
    app = create_app()
    made = context_of(app)
    if made.settings.is_embedded:
        settings = made.settings
        mailer = mailer_for(settings.mail, sender=settings.mail_from, address=settings.address)
        jobs.start_thread(made.database, mailer, made.clock)
    return app


def start_logging() -> None:
    """Write what happens to the standard error, one line each."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("spiff").setLevel(logging.WARNING)  # it would tell of every move of every token
