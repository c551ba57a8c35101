"""A real browser on a real server: for what only a browser can tell."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from services.database import Database
from tests import accounts
from tests.apps import make_application
from tests.clocks import FakeClock
from tests.databases import NOW
from webapp.settings import Settings
from webapp.setup.browser import WAY_OUT, find_chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
#: Nobody waits so long, unless the machine has much else to do.
WAIT_MS = 30_000


class Quiet(WSGIRequestHandler):
    """A handler that writes no line per request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  the name is werkzeug's
        """Say nothing."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A served application."""

    address: str
    app: Flask
    database: Database
    clock: FakeClock


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once per worker; a machine without it fails."""
    chromium = find_chromium()
    if chromium is None:
        pytest.fail(f"These tests need Chromium. {WAY_OUT}", pytrace=False)
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


def read_whole(app: WSGIApplication) -> WSGIApplication:
    """Read each answer before it is sent: when a browser hangs up, this server may leave the file that it sends open."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        answer = app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            if close := getattr(answer, "close", None):
                close()

    return serve


@pytest.fixture
def site(copy_database: Callable[[str, str], str]) -> Iterator[Site]:
    """Serve the demo data on a free port of this machine."""
    url = copy_database("sqlite", "demo")
    database, clock = Database(url, durable=False), FakeClock(NOW)
    app = make_application(
        Settings(secret_key="of no use outside this test", database_url=url, demo=True), database=database, clock=clock
    )
    server = make_server("127.0.0.1", 0, read_whole(app), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield Site(address=f"http://127.0.0.1:{server.server_port}", app=app, database=database, clock=clock)
    server.shutdown()
    thread.join()
    server.server_close()
    database.dispose()


@pytest.fixture
def complaints() -> list[str]:
    """Collect what the browser complains about; a test may take away what it expects."""
    return []


def note_message(message: ConsoleMessage, complaints: list[str]) -> None:
    """Note an error of the console. What was not delivered is noted with its address instead."""
    if message.type == "error" and "Failed to load resource" not in message.text:
        complaints.append(message.text)


def note_response(response: Response, complaints: list[str]) -> None:
    """Note what a page needs and does not get; a page itself may well be refused."""
    if response.status >= 400 and response.request.resource_type != "document":
        complaints.append(f"{response.status} {response.url}")


@pytest.fixture
def new_context(browser: Browser, site: Site, complaints: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Give a function that opens a browser for one person: `new_context(java_script_enabled=False)`.

    At the end nothing may be left in the console: an error there is a script or a content policy that does not hold.
    """
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        chosen = {"base_url": site.address, "locale": "en-GB", "viewport": {"width": 1280, "height": 900}} | options
        # A browser with windows lets whoever presses a button copy; one without has to be told.
        context = browser.new_context(**chosen, permissions=["clipboard-write"])
        context.set_default_timeout(WAIT_MS)
        context.on("console", lambda message: note_message(message, complaints))
        context.on("response", lambda response: note_response(response, complaints))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
    assert not complaints


@pytest.fixture
def sign_in(new_context: Callable[..., BrowserContext], site: Site) -> Callable[..., Page]:
    """Give a function that opens a browser with somebody signed in: `sign_in("lina.marchetti")`."""

    def enter(person: str, **options: object) -> Page:
        context = new_context(**options)
        # Those who sign in by the form are in test_frame.py.
        client = accounts.sign_in(site.app.test_client(), f"{person}@demo.example")
        name = site.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": client.get_cookie(name).value, "url": site.address, "httpOnly": True}])
        page = context.new_page()
        page.goto("/")
        return page

    return enter
