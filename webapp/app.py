"""One application, made from its settings; tests give it their own database and clock."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from services import people
from services.database import Database
from webapp import context
from webapp.context import EXTENSION, Clock, Context, SignedIn, system_clock
from webapp.errors import init_errors
from webapp.i18n import init_languages
from webapp.navigation import has_page, here, navigation, report_address, unread
from webapp.presenters.away import away_notice
from webapp.presenters.itineraries import init_itineraries
from webapp.questions import init_questions
from webapp.security import init_security
from webapp.settings import Settings, read_settings
from webapp.statics import init_statics
from webapp.views import find_blueprints


def create_app(
    given: Settings | None = None,
    *,
    database: Database | None = None,
    clock: Clock = system_clock,
) -> Flask:
    """Make the application.

    Args:
        given: How it runs; by default as the environment says.
        database: An open database, for tests; by default the one of the settings.
        clock: Tells the moment, aware; tests give one that they move themselves.
    """
    chosen = given or read_settings()
    app = Flask(__name__, static_folder=None)
    app.extensions[EXTENSION] = Context(settings=chosen, database=database or Database(chosen.database_url), clock=clock)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    init_security(app, chosen)
    init_languages(app)
    init_statics(app)
    init_errors(app)
    init_questions(app)
    init_itineraries(app)
    _init_sign_in(app)
    for blueprint in find_blueprints():
        app.register_blueprint(blueprint)
    app.context_processor(lambda: {"site": chosen, "navigation": navigation(), "report_address": report_address()})
    app.jinja_env.globals.update(has_page=has_page, here=here, unread=unread, away_notice=away_notice)
    if chosen.https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _init_sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load_account)


def _load_account(named: str) -> SignedIn | None:
    """Look the account of a session up anew on each request, so that a disabled one is out at once."""
    account_id, _, _ = named.partition(".")
    with context.database().reading() as session:
        account = people.find_account(session, account_id)
        person = SignedIn.from_account(account) if account else None
    return person if person and person.get_id() == named else None
