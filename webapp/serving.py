"""What the web server starts in each of its processes."""

from __future__ import annotations

import gc
import logging
from functools import partial

from flask import Flask

from services import account_links, jobs
from services.mailers import mailer_for
from services.outbox import Mailer
from webapp.app import create_app
from webapp.context import context_of
from webapp.settings import Settings


def create_served_app() -> Flask:
    """Make the application of one server process; on the embedded database the jobs run beside it in a thread."""
    start_logging()
    app = create_app()
    made = context_of(app)
    if made.settings.is_embedded:
        settings = made.settings
        mailer = make_mailer(settings)
        jobs.start_thread(made.database, mailer, made.clock)
    spare_collector()
    return app


def make_mailer(settings: Settings) -> Mailer:
    """Make what sends the letters of an installation."""
    return mailer_for(
        settings.mail,
        sender=settings.mail_from,
        address=settings.address,
        gateway=settings.sms,
        seal=partial(account_links.seal, settings.secret_key),
    )


def spare_collector() -> None:
    """Let the garbage collector look less often, and never again at what is there now and stays: code, models, mappings.

    An act makes some ten thousand objects and leaves hardly a circle behind. As Python sets it, the collector looks at them a
    dozen times, which is a tenth of the act's processor time, and now and then goes through everything, which takes ten times as
    long as the act.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def start_logging() -> None:
    """Write what happens to the standard error, one line each."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("spiff").setLevel(logging.WARNING)  # it would tell of every move of every token
