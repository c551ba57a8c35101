"""The links that every page carries, as far as their pages exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext

from services import definitions, locator, notices, oversight
from services.cases import caretaking
from services.indicators import reach as indicators
from webapp.context import actor, database, find_signed_in, now


@dataclass(frozen=True, kw_only=True)
class Link:
    """One place of the main navigation.

    Attributes:
        keys: What a person types to go there, as "g i".
        count: How much waits there, where that is shown.
    """

    text: Any
    address: str
    keys: str
    is_current: bool
    count: int | None = None


FAILED_STEPS, INDICATORS, OVERSIGHT, SUPPORT = "incidents.index", "indicators.index", "oversight.index", "support.index"
STUDIO, BOARDS = "studio.index", "areas.index"
PLACES: tuple[tuple[str, Any, str], ...] = (
    ("home.index", lazy_gettext("My requests"), "g h"),
    ("tasks.inbox", lazy_gettext("Inbox"), "g i"),
    ("cases.index", lazy_gettext("Cases"), "g c"),
    (BOARDS, lazy_gettext("Boards of areas"), "g a"),
    ("registers.index", lazy_gettext("Registers"), "g r"),
    (INDICATORS, lazy_gettext("Indicators"), "g k"),
    (OVERSIGHT, lazy_gettext("Oversight"), "g o"),
    (SUPPORT, lazy_gettext("Support after incidents"), "g p"),
    (FAILED_STEPS, lazy_gettext("Failed steps"), "g f"),
    (STUDIO, lazy_gettext("Studio"), "g u"),
)


def navigation() -> list[Link]:
    """List the places of the main navigation that are there for the reader."""
    closed, failed = _ask_what_is_closed()
    return [
        Link(
            text=text,
            address=url_for(endpoint),
            keys=keys,
            is_current=request.endpoint == endpoint,
            count=failed if endpoint == FAILED_STEPS else None,
        )
        for endpoint, text, keys in PLACES
        if has_page(endpoint) and endpoint not in closed
    ]


def _ask_what_is_closed() -> tuple[set[str], int | None]:
    """Return the places that show the reader nothing, and how much waits for repair. One query each."""
    if find_signed_in() is None:
        return {FAILED_STEPS, INDICATORS, OVERSIGHT, SUPPORT, STUDIO, BOARDS}, None
    with database().reading() as session:
        g.unread = notices.count_unread(session, actor=actor(), now=now())
        failed = caretaking.count_waiting(session, actor=actor(), now=now())  # None for those who look after no process
        reach = indicators.reach_of(session, actor(), now())
        opened = {
            FAILED_STEPS: failed is not None,
            STUDIO: failed is not None,
            INDICATORS: reach.is_any,
            SUPPORT: reach.is_counsellor,
            OVERSIGHT: oversight.reach_of(session, actor(), now()).is_any,
            BOARDS: locator.sight_of(session, actor(), now()).is_any,
        }
    return {endpoint for endpoint, is_open in opened.items() if not is_open}, failed


def unread() -> int:
    """Tell how many notifications the reader has not read; counted together with what the navigation asks."""
    return int(g.get("unread", 0))


def has_page(endpoint: str) -> bool:
    """Tell whether a page exists, so that the frame links only to what is there."""
    return endpoint in current_app.view_functions


def here() -> str:
    """Give the address of this page, for a form that comes back to it. After a refused form that is the home page."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


REPORTING = "incident"


def report_address() -> str | None:
    """Give the address at which a security incident is reported; None where that process is not published."""
    if find_signed_in() is None:
        return None
    with database().reading() as session:
        known = definitions.is_published(session, REPORTING)
    return url_for("requests.start", process=REPORTING) if known else None
