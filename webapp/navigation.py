"""The links that every page carries, as far as their pages exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext

from services.cases import caretaking
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


FAILED_STEPS = "incidents.index"
PLACES: tuple[tuple[str, Any, str], ...] = (
    ("home.index", lazy_gettext("My requests"), "g h"),
    ("tasks.inbox", lazy_gettext("Inbox"), "g i"),
    ("cases.index", lazy_gettext("Cases"), "g c"),
    (FAILED_STEPS, lazy_gettext("Failed steps"), "g f"),
)


def navigation() -> list[Link]:
    """List the places of the main navigation."""
    failed = _count_failed_steps()
    return [
        Link(
            text=text,
            address=url_for(endpoint),
            keys=keys,
            is_current=request.endpoint == endpoint,
            count=failed if endpoint == FAILED_STEPS else None,
        )
        for endpoint, text, keys in PLACES
        if has_page(endpoint) and (endpoint != FAILED_STEPS or failed is not None)
    ]


def _count_failed_steps() -> int | None:
    """Count what waits for repair; None for those who look after no process."""
    if find_signed_in() is None:
        return None
    with database().reading() as session:
        return caretaking.count_waiting(session, actor=actor(), now=now())


def has_page(endpoint: str) -> bool:
    """Tell whether a page exists, so that the frame links only to what is there."""
    return endpoint in current_app.view_functions


def here() -> str:
    """Give the address of this page, for a form that comes back to it. After a refused form that is the home page."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
